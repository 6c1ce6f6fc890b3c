package dev.concordance.ingest;

import dev.concordance.embedding.Embedded;
import dev.concordance.embedding.Embedder;
import dev.concordance.embedding.ModelException;
import dev.concordance.embedding.RefusedText;
import dev.concordance.embedding.Role;
import dev.concordance.index.GenerationReader;
import dev.concordance.ingest.Draft.Passage;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.RemoteModel;
import dev.concordance.shared.SharedVectors;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Finds the vector of each passage: in what this run has seen lately, in the generations that are there, in what the
 * corpora of the namespace share, or else from the model. One thread asks; the model runs on the threads of a pool.
 */
final class Embedding {
    private static final int REMEMBERED = 4_096;
    private static final int MOST_REFUSED_IN_A_ROW = 20;
    private static final int KEPT_AT_ONCE = 250;
    private static final String PROBE = "probe";

    private final Embedder embedder;
    private final ExecutorService pool;
    private final Known known;
    private final Progress progress;
    private final Map<String, Future<Embedded>> recent = new LinkedHashMap<>(REMEMBERED, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Future<Embedded>> eldest) {
            return size() > REMEMBERED;
        }
    };
    private final Map<String, float[]> unkept = new HashMap<>();
    private volatile @Nullable ModelException unpaid;
    private int refusedInARow;

    /**
     * Where vectors are that needn't be computed.
     *
     * @param looksUp false: the generations are known to hold nothing, so nobody asks them
     */
    record Known(GenerationReader reader, List<Integer> otherGenerations, boolean looksUp, SharedVectors shared) {
        Known {
            otherGenerations = List.copyOf(otherGenerations);
        }

        private Map<String, float[]> vectors(Collection<String> hashes) {
            var found = new HashMap<String, float[]>();
            if (looksUp) {
                found.putAll(reader.vectors(hashes, otherGenerations));
            }
            var missing = new HashSet<>(hashes);
            missing.removeAll(found.keySet());
            found.putAll(shared.find(missing));
            return found;
        }
    }

    Embedding(Embedder embedder, ExecutorService pool, Known known, Progress progress) {
        this.embedder = embedder;
        this.pool = pool;
        this.known = known;
        this.progress = progress;
    }

    /** What there is of passages by their text hashes; what comes from the model is on its way. */
    Map<String, Future<Embedded>> vectors(Collection<Passage> passages) {
        var vectors = new LinkedHashMap<String, Future<Embedded>>();
        var found = lookUp(passages);
        var asked = new ArrayList<Asked>();
        for (var passage : passages) {
            var hash = passage.textHash();
            var vector = recent.get(hash);
            var stored = found.get(hash);
            if (vector != null) {
                progress.reused();
            } else if (stored != null) {
                progress.reused();
                vector = CompletableFuture.completedFuture(new Embedded.Vector(stored));
            } else {
                var one = new Asked(passage, new CompletableFuture<>());
                asked.add(one);
                vector = one.answer();
            }
            recent.put(hash, vector);
            vectors.put(hash, vector);
        }
        ask(asked);
        return vectors;
    }

    /** A passage that only the model knows. */
    private record Asked(Passage passage, CompletableFuture<Embedded> answer) {
        String text() {
            return passage.chunk().embeddedText();
        }
    }

    private Map<String, float[]> lookUp(Collection<Passage> passages) {
        var unknown = new HashSet<String>();
        for (var passage : passages) {
            if (!recent.containsKey(passage.textHash())) {
                unknown.add(passage.textHash());
            }
        }
        return unknown.isEmpty() ? Map.of() : known.vectors(unknown);
    }

    private void ask(List<Asked> asked) {
        var from = 0;
        for (var texts : embedder.divided(asked.stream().map(Asked::text).toList())) {
            var batch = asked.subList(from, from + texts.size());
            from += texts.size();
            var broke = unpaid;
            if (broke == null) {
                pool.execute(() -> embed(batch, texts));
            } else {
                batch.forEach(one -> one.answer().completeExceptionally(broke));
            }
        }
    }

    private void embed(List<Asked> batch, List<String> texts) {
        try {
            var embedded = embedder.embed(Role.PASSAGE, texts);
            var vectors = new HashMap<String, float[]>();
            for (var i = 0; i < embedded.size(); i++) {
                if (embedded.get(i) instanceof Embedded.Vector(var floats)) {
                    vectors.put(batch.get(i).passage().textHash(), floats);
                }
                note(embedded.get(i));
            }
            keep(vectors);
            for (var i = 0; i < embedded.size(); i++) {
                batch.get(i).answer().complete(embedded.get(i));
            }
        } catch (RuntimeException | Error e) {
            if (e instanceof ModelException model && model.reason() == FailureReason.BudgetExhausted) {
                unpaid = model;
            }
            batch.forEach(one -> one.answer().completeExceptionally(e));
        }
    }

    /** What was paid for is kept before anything else can happen; what was computed, some at a time. */
    private void keep(Map<String, float[]> vectors) {
        if (embedder.manifest() instanceof RemoteModel) {
            known.shared().keep(vectors);
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
        known.shared().keep(enough);
    }

    /** Keeps what is left. */
    void end() {
        synchronized (unkept) {
            known.shared().keep(unkept);
            unkept.clear();
        }
    }

    /** A model that refuses everything is not to fill an index with chunks that have no vector. */
    private synchronized void note(Embedded embedded) {
        if (embedded instanceof Embedded.Vector) {
            refusedInARow = 0;
            progress.embedded();
            return;
        }
        refusedInARow++;
        if (refusedInARow == MOST_REFUSED_IN_A_ROW) {
            refusedInARow = 0;
            try {
                var unused = embedder.embed(Role.PASSAGE, PROBE);
            } catch (RefusedText e) {
                throw new ModelException(
                        FailureReason.ModelInvalid,
                        "the model refused %d texts in a row, and would refuse any: %s; correct the EmbeddingModel"
                                .formatted(MOST_REFUSED_IN_A_ROW, e.getMessage()),
                        e);
            }
        }
    }
}
