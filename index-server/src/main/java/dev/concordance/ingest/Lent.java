package dev.concordance.ingest;

import dev.concordance.embedding.Embedded;
import dev.concordance.embedding.Embedder;
import dev.concordance.embedding.Role;
import dev.concordance.embedding.Tokenizer;
import dev.concordance.manifest.EmbeddingModelManifest;
import java.util.List;

/** A model that stays loaded when its user is done with it. */
record Lent(Embedder owned) implements Embedder {
    @Override
    public float[] embed(Role role, String text) {
        return owned.embed(role, text);
    }

    @Override
    public List<Embedded> embed(Role role, List<String> texts) {
        return owned.embed(role, texts);
    }

    @Override
    public List<List<String>> divided(List<String> texts) {
        return owned.divided(texts);
    }

    @Override
    public int callers() {
        return owned.callers();
    }

    @Override
    public Tokenizer tokenizer() {
        return owned.tokenizer();
    }

    @Override
    public EmbeddingModelManifest manifest() {
        return owned.manifest();
    }

    @Override
    public void close() {}
}
