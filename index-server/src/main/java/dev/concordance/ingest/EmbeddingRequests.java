package dev.concordance.ingest;

import dev.concordance.embedding.Embedded;
import dev.concordance.embedding.Embedder;
import dev.concordance.embedding.ModelException;
import dev.concordance.embedding.RefusedText;
import dev.concordance.embedding.Role;
import dev.concordance.manifest.FailureReason;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Has the model embed texts, as many at a time as it takes, on the threads of a pool. A model that refuses everything, or that there
 * is no money for, is not asked on and on. Safe for many threads.
 */
final class EmbeddingRequests {
    private static final int MOST_REFUSED_IN_A_ROW = 20;
    private static final String PROBE = "probe";

    private final Embedder embedder;
    private final ExecutorService pool;
    private final Progress progress;
    private final Consumer<Map<String, float[]>> kept;
    private volatile @Nullable ModelException unpaid;
    private int refusedInARow;

    /** A text that only the model knows. */
    record Wanted(String textHash, String text, CompletableFuture<Embedded> answer) {}

    /** @param kept takes vectors by the hashes of their texts before anybody has them */
    EmbeddingRequests(Embedder embedder, ExecutorService pool, Progress progress, Consumer<Map<String, float[]>> kept) {
        this.embedder = embedder;
        this.pool = pool;
        this.progress = progress;
        this.kept = kept;
    }

    /** Each of them is answered in time, or fails. */
    void send(List<Wanted> wanted) {
        var from = 0;
        for (var texts : embedder.divided(wanted.stream().map(Wanted::text).toList())) {
            var batch = wanted.subList(from, from + texts.size());
            from += texts.size();
            var broke = unpaid;
            if (broke == null) {
                pool.execute(() -> embed(batch, texts));
            } else {
                batch.forEach(one -> one.answer().completeExceptionally(broke));
            }
        }
    }

    private void embed(List<Wanted> batch, List<String> texts) {
        try {
            var embedded = embedder.embed(Role.PASSAGE, texts);
            var vectors = new HashMap<String, float[]>();
            for (var i = 0; i < embedded.size(); i++) {
                if (embedded.get(i) instanceof Embedded.Vector(var floats)) {
                    vectors.put(batch.get(i).textHash(), floats);
                }
                note(embedded.get(i));
            }
            kept.accept(vectors);
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
