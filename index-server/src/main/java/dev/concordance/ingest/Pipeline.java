package dev.concordance.ingest;

import dev.concordance.embedding.Embedded;
import dev.concordance.embedding.ModelException;
import dev.concordance.index.DocumentChange;
import dev.concordance.index.GenerationWriter;
import dev.concordance.ingest.Embedding.Text;
import dev.concordance.manifest.FailureReason;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Moves batches of documents through reading, embedding and writing, a few at a time, so that the model, which costs most,
 * never waits for the others. Batches are written in the order in which they came.
 */
final class Pipeline<T> {
    private static final int AHEAD = 4;
    private static final Runnable NOTHING = () -> {};

    private final Function<List<T>, List<? extends Unembedded>> reading;
    private final Function<List<Text>, Map<String, Future<Embedded>>> embedding;
    private final GenerationWriter writer;
    private final ExecutorService preparing;
    private final StopSignal stop;
    private @Nullable ModelException unpaid;

    private record Prepared(List<? extends Unembedded> drafts, Map<String, Future<Embedded>> vectors) {}

    /**
     * @param reading of the documents of a batch
     * @param embedding gives what there is of texts by their hashes, or will be
     * @param preparing a single thread
     */
    Pipeline(
            Function<List<T>, List<? extends Unembedded>> reading,
            Function<List<Text>, Map<String, Future<Embedded>>> embedding,
            GenerationWriter writer,
            ExecutorService preparing,
            StopSignal stop) {
        this.reading = reading;
        this.embedding = embedding;
        this.writer = writer;
        this.preparing = preparing;
        this.stop = stop;
    }

    /**
     * Moves all of them.
     *
     * @param admitted gives those of a batch's changes that are made
     * @param chunksWritten told when only records are left to be written, if anything is
     * @param written told of each change that was made
     */
    void run(
            Iterator<List<T>> batches,
            UnaryOperator<List<DocumentChange>> admitted,
            Runnable chunksWritten,
            Consumer<DocumentChange> written) {
        var underway = new ArrayDeque<Future<Prepared>>();
        while (batches.hasNext()) {
            var batch = batches.next();
            underway.add(preparing.submit(() -> prepare(batch)));
            if (underway.size() == AHEAD) {
                write(underway.remove(), admitted, NOTHING).forEach(written);
            }
        }
        while (!underway.isEmpty()) {
            var batch = underway.remove();
            write(batch, admitted, underway.isEmpty() ? chunksWritten : NOTHING).forEach(written);
        }
    }

    /** What the run fails with because of documents that could not be paid for. */
    Optional<RuntimeException> failure() {
        return Optional.ofNullable(unpaid);
    }

    private Prepared prepare(List<T> batch) {
        var drafts = reading.apply(batch);
        var texts = drafts.stream().flatMap(draft -> draft.texts().stream()).toList();
        return new Prepared(drafts, embedding.apply(texts));
    }

    private List<DocumentChange> write(
            Future<Prepared> future, UnaryOperator<List<DocumentChange>> admitted, Runnable chunksWritten) {
        var prepared = stop.await(future);
        var changes = prepared.drafts().stream()
                .flatMap(draft -> change(draft, prepared.vectors()).stream())
                .toList();
        return writer.apply(admitted.apply(changes), chunksWritten);
    }

    /** None for a document with texts that the budget doesn't pay for: it stays as it is. */
    private Optional<DocumentChange> change(Unembedded draft, Map<String, Future<Embedded>> vectors) {
        try {
            return Optional.of(draft.change(hash -> stop.await(Objects.requireNonNull(vectors.get(hash)))));
        } catch (ModelException e) {
            if (e.reason() != FailureReason.BudgetExhausted) {
                throw e;
            }
            unpaid = e;
            return Optional.empty();
        }
    }
}
