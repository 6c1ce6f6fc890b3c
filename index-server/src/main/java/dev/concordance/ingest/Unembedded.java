package dev.concordance.ingest;

import dev.concordance.embedding.Embedded;
import dev.concordance.index.DocumentChange;
import dev.concordance.ingest.Embedding.Text;
import java.util.List;
import java.util.function.Function;

/** What becomes of a document, before its vectors are known. */
interface Unembedded {
    /** What is to be embedded for it. */
    List<Text> texts();

    /** The change, now that they are known by the hashes of their texts. */
    DocumentChange change(Function<String, Embedded> vectors);
}
