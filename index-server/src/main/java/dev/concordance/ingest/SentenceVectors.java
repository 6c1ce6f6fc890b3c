package dev.concordance.ingest;

import dev.concordance.chunking.Vectors;
import dev.concordance.embedding.Embedded;
import dev.concordance.index.TextHash;
import dev.concordance.ingest.Embedding.Text;
import dev.concordance.manifest.EmbeddingModelManifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Embeds the sentences that one document is cut between, and remembers by what hashes they are known. For one thread. */
final class SentenceVectors implements Vectors {
    private final Embedding embedding;
    private final String modelDigest;
    private final float[] noMeaning;
    private final StopSignal stop;
    private final List<String> hashes = new ArrayList<>();

    SentenceVectors(Embedding embedding, EmbeddingModelManifest model, StopSignal stop) {
        this.embedding = embedding;
        this.modelDigest = model.digest();
        this.noMeaning = new float[model.dimensions()];
        this.stop = stop;
    }

    /** What the model refuses has no direction, so it is as far as can be from what is beside it. */
    @Override
    public List<float[]> of(List<String> texts) {
        var wanted = texts.stream()
                .map(text -> new Text(TextHash.of(modelDigest, text), text))
                .toList();
        wanted.forEach(text -> hashes.add(text.hash()));
        var vectors = embedding.vectors(wanted);
        return wanted.stream()
                .map(text -> stop.await(Objects.requireNonNull(vectors.get(text.hash()))))
                .map(embedded -> embedded instanceof Embedded.Vector(var floats) ? floats : noMeaning)
                .toList();
    }

    /** {@link TextHash} of each text that was asked for, each once, in this order. */
    List<String> hashes() {
        return hashes.stream().distinct().toList();
    }
}
