package dev.concordance.embedding;

import dev.concordance.manifest.EmbeddingModelManifest;
import java.util.List;

/** Gives the vectors of one model. Safe for use by many threads; as many callers as cores use the machine fully. */
public interface Embedder extends AutoCloseable {
    /**
     * The vector of a text, {@code manifest().dimensions()} long; the same text always gives the same bits. Throws {@link
     * RefusedText} where the model has none for this text, {@link ModelException} where it has none for any.
     */
    float[] embed(Role role, String text);

    /** What becomes of each of some texts that {@link #divided} put together; throws {@link ModelException}. */
    default List<Embedded> embed(Role role, List<String> texts) {
        return texts.stream().map(text -> embedded(role, text)).toList();
    }

    /** Divides texts into what is embedded at once. A model that computes takes each for itself. */
    default List<List<String>> divided(List<String> texts) {
        return texts.stream().map(List::of).toList();
    }

    /** How many callers at a time use it fully; 0: as many as there are cores. */
    default int callers() {
        return 0;
    }

    /** The model's own tokenizer, by which chunk sizes are counted. */
    Tokenizer tokenizer();

    /** Which model this is. */
    EmbeddingModelManifest manifest();

    @Override
    void close();

    private Embedded embedded(Role role, String text) {
        try {
            return new Embedded.Vector(embed(role, text));
        } catch (RefusedText e) {
            return new Embedded.Refused();
        }
    }
}
