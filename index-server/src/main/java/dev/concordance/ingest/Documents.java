package dev.concordance.ingest;

import dev.concordance.parse.UnreadableDocument;
import java.io.IOException;

/** Where the documents of a run are read. */
interface Documents {
    /** Reads one; an IOException is the source's failure, which says nothing of the document. */
    SourceDocument read(Work work) throws UnreadableDocument, IOException;

    /**
     * Has the content of one that an Erasure covers go, if its source keeps it for the corpus alone.
     *
     * @param erasure its UID
     */
    void erase(Work work, String erasure);

    /** About how many bytes the reading takes; 0 if nobody knows. */
    long size(Work work);
}
