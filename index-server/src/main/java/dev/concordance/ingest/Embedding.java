package dev.concordance.ingest;

import dev.concordance.embedding.Embedder;
import dev.concordance.embedding.Role;
import dev.concordance.index.GenerationReader;
import dev.concordance.ingest.Draft.Passage;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/**
 * Finds the vector of each passage: in what this run has seen lately, in the generations that are there, or else from the
 * model. One thread asks; the model runs on the threads of a pool.
 */
final class Embedding {
    private static final int REMEMBERED = 4_096;

    private final Embedder embedder;
    private final ExecutorService pool;
    private final GenerationReader known;
    private final List<Integer> otherGenerations;
    private final boolean looksUp;
    private final Progress progress;
    private final Map<String, Future<float[]>> recent = new LinkedHashMap<>(REMEMBERED, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Future<float[]>> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** @param looksUp false: the generations are known to hold nothing, so nobody asks them */
    Embedding(
            Embedder embedder,
            ExecutorService pool,
            GenerationReader known,
            List<Integer> otherGenerations,
            boolean looksUp,
            Progress progress) {
        this.embedder = embedder;
        this.pool = pool;
        this.known = known;
        this.otherGenerations = otherGenerations;
        this.looksUp = looksUp;
        this.progress = progress;
    }

    /** The vectors of passages by their text hashes; those from the model are on their way. */
    Map<String, Future<float[]>> vectors(Collection<Passage> passages) {
        var vectors = new LinkedHashMap<String, Future<float[]>>();
        var found = lookUp(passages);
        for (var passage : passages) {
            var hash = passage.textHash();
            var vector = recent.get(hash);
            var stored = found.get(hash);
            if (vector != null || stored != null) {
                progress.reused();
            } else {
                var text = passage.chunk().embeddedText();
                vector = pool.submit(() -> embed(text));
            }
            vector = vector == null ? CompletableFuture.completedFuture(stored) : vector;
            recent.put(hash, vector);
            vectors.put(hash, vector);
        }
        return vectors;
    }

    private Map<String, float[]> lookUp(Collection<Passage> passages) {
        if (!looksUp) {
            return Map.of();
        }
        var unknown = new HashSet<String>();
        for (var passage : passages) {
            if (!recent.containsKey(passage.textHash())) {
                unknown.add(passage.textHash());
            }
        }
        return known.vectors(unknown, otherGenerations);
    }

    private float[] embed(String text) {
        var vector = embedder.embed(Role.PASSAGE, text);
        progress.embedded();
        return vector;
    }
}
