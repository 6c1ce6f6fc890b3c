package dev.concordance.ingest;

import dev.concordance.parse.UnreadableDocument;
import java.io.IOException;

/** Where the documents of a run are read. */
interface Documents {
    /** Reads one; an IOException is the source's failure, which says nothing of the document. */
    SourceDocument read(Work work) throws UnreadableDocument, IOException;

    /** About how many bytes the reading takes; 0 if nobody knows. */
    long size(Work work);
}
