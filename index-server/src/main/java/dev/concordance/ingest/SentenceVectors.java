package dev.concordance.ingest;

import dev.concordance.chunking.Vectors;
import dev.concordance.embedding.Embedder;
import dev.concordance.embedding.Role;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/** Embeds the sentences that documents are cut between; those of lately are known. Safe for many threads. */
final class SentenceVectors implements Vectors {
    private static final int REMEMBERED = 4_096;

    private final Embedder embedder;
    private final ExecutorService pool;
    private final Progress progress;
    private final StopSignal stop;
    private final Map<String, Future<float[]>> recent = new LinkedHashMap<>(REMEMBERED, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Future<float[]>> eldest) {
            return size() > REMEMBERED;
        }
    };

    SentenceVectors(Embedder embedder, ExecutorService pool, Progress progress, StopSignal stop) {
        this.embedder = embedder;
        this.pool = pool;
        this.progress = progress;
        this.stop = stop;
    }

    @Override
    public List<float[]> of(List<String> texts) {
        return known(texts).stream().map(stop::await).toList();
    }

    private synchronized List<Future<float[]>> known(List<String> texts) {
        return texts.stream()
                .map(text -> recent.computeIfAbsent(text, unknown -> pool.submit(() -> embed(unknown))))
                .toList();
    }

    private float[] embed(String text) {
        var vector = embedder.embed(Role.PASSAGE, text);
        progress.embedded();
        return vector;
    }
}
