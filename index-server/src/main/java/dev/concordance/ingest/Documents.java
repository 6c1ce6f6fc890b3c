package dev.concordance.ingest;

import dev.concordance.parse.UnreadableDocument;
import dev.concordance.source.Content;
import java.io.IOException;

/** Where the documents of a run are read. */
interface Documents {
    /** Has the source give one; an IOException is its failure, which says nothing of the document. */
    Content.Held fetch(Work work) throws UnreadableDocument, IOException;

    /** Reads one by what it holds; an IOException is as before. */
    SourceDocument read(Work work, byte[] bytes) throws UnreadableDocument, IOException;

    /**
     * Has the content of one that an Erasure covers go, if its source keeps it for the corpus alone.
     *
     * @param erasure its UID
     */
    void erase(Work work, String erasure);

    /**
     * Whether a document is listed time and again though nothing has changed, and only its change key tells that it needn't be read
     * again.
     */
    boolean isListedAgain(Work work);

    /** About how many bytes the reading takes; 0 if nobody knows. */
    long size(Work work);
}
