package dev.concordance.ingest;

import dev.concordance.embedding.Embedded;
import dev.concordance.embedding.Embedder;
import dev.concordance.ingest.EmbeddingRequests.Wanted;
import dev.concordance.manifest.RemoteModel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/**
 * Finds the vector of each text: in what this run has seen lately, in what is stored, or else from the model, which runs on the
 * threads of a pool. Safe for many threads.
 */
final class Embedding {
    private static final int REMEMBERED = 4_096;
    private static final int KEPT_AT_ONCE = 250;

    private final Embedder embedder;
    private final Known known;
    private final EmbeddingRequests requests;
    private final Progress progress;
    private final Map<String, CompletableFuture<Embedded>> recent = new LinkedHashMap<>(REMEMBERED, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, CompletableFuture<Embedded>> eldest) {
            return size() > REMEMBERED;
        }
    };
    private final Map<String, float[]> unkept = new HashMap<>();

    /** Where vectors are that needn't be computed, by the hashes of their texts. */
    interface Known {
        /** Those that there are. */
        Map<String, float[]> find(Collection<String> hashes);

        /** Takes vectors of which the model has just told. */
        void keep(Map<String, float[]> vectors);
    }

    /** What is to be embedded, and the hash by which its vector is known. */
    record Text(String hash, String text) {}

    Embedding(Embedder embedder, ExecutorService pool, Known known, Progress progress) {
        this.embedder = embedder;
        this.known = known;
        this.progress = progress;
        this.requests = new EmbeddingRequests(embedder, pool, progress, this::keep);
    }

    /** What there is of texts by their hashes; what comes from the model is on its way. */
    Map<String, Future<Embedded>> vectors(List<Text> texts) {
        var vectors = new LinkedHashMap<String, Future<Embedded>>();
        var unseen = new LinkedHashMap<String, Wanted>();
        synchronized (recent) {
            for (var text : texts) {
                var seen = recent.get(text.hash());
                if (seen == null) {
                    seen = new CompletableFuture<>();
                    unseen.put(text.hash(), new Wanted(text.hash(), text.text(), seen));
                    recent.put(text.hash(), seen);
                } else {
                    progress.reused();
                }
                vectors.put(text.hash(), seen);
            }
        }
        find(unseen);
        return vectors;
    }

    private void find(Map<String, Wanted> unseen) {
        if (unseen.isEmpty()) {
            return;
        }
        try {
            var found = known.find(unseen.keySet());
            var missing = new ArrayList<Wanted>();
            for (var wanted : unseen.values()) {
                var floats = found.get(wanted.textHash());
                if (floats == null) {
                    missing.add(wanted);
                } else {
                    progress.reused();
                    wanted.answer().complete(new Embedded.Vector(floats));
                }
            }
            requests.send(missing);
        } catch (RuntimeException | Error e) {
            // Somebody else may be waiting for one of them.
            unseen.values().forEach(wanted -> wanted.answer().completeExceptionally(e));
            throw e;
        }
    }

    /** What was paid for is kept before anything else can happen; what was computed, some at a time. */
    private void keep(Map<String, float[]> vectors) {
        if (embedder.manifest() instanceof RemoteModel) {
            known.keep(vectors);
            return;
        }
        Map<String, float[]> enough;
        synchronized (unkept) {
            unkept.putAll(vectors);
            if (unkept.size() < KEPT_AT_ONCE) {
                return;
            }
            enough = Map.copyOf(unkept);
            unkept.clear();
        }
        known.keep(enough);
    }

    /** Keeps what is left. */
    void end() {
        synchronized (unkept) {
            known.keep(unkept);
            unkept.clear();
        }
    }
}
