package dev.concordance.testing;

import dev.concordance.embedding.Embedder;
import dev.concordance.embedding.ModelFiles;
import dev.concordance.embedding.OnnxEmbedder;
import dev.concordance.manifest.BundledModel;

/** The smaller of the bundled models, loaded once for all suites of this JVM; nobody can close it. */
public final class SmallModel {
    private static final class Holder {
        private static final Embedder MODEL =
                new Borrowed(OnnxEmbedder.open(BundledModel.ALL_MINILM_L6_V2_Q.manifest(), ModelFiles.bundledOnly()));
    }

    private SmallModel() {}

    /** The model; loaded when it is first asked for. */
    public static Embedder get() {
        return Holder.MODEL;
    }
}
