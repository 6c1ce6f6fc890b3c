package dev.concordance.ingest;

import dev.concordance.index.DocumentChange;
import dev.concordance.index.GenerationWriter;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Moves batches of documents through reading, embedding and writing, a few at a time, so that the model, which costs most,
 * never waits for the others. Batches are written in the order in which they came.
 */
final class Pipeline {
    private static final int AHEAD = 4;

    private final Drafting drafting;
    private final Embedding embedding;
    private final GenerationWriter writer;
    private final ExecutorService preparing;
    private final StopSignal stop;

    private record Prepared(List<Draft> drafts, Map<String, Future<float[]>> vectors) {}

    /** @param preparing a single thread */
    Pipeline(
            Drafting drafting,
            Embedding embedding,
            GenerationWriter writer,
            ExecutorService preparing,
            StopSignal stop) {
        this.drafting = drafting;
        this.embedding = embedding;
        this.writer = writer;
        this.preparing = preparing;
        this.stop = stop;
    }

    /**
     * Moves all of them.
     *
     * @param admitted gives those of a batch's changes that are made
     * @param written told of each change that was made
     */
    void run(
            Iterator<List<Work>> batches,
            UnaryOperator<List<DocumentChange>> admitted,
            Consumer<DocumentChange> written) {
        var underway = new ArrayDeque<Future<Prepared>>();
        while (batches.hasNext()) {
            var batch = batches.next();
            underway.add(preparing.submit(() -> prepare(batch)));
            if (underway.size() == AHEAD) {
                write(underway.remove(), admitted, written);
            }
        }
        while (!underway.isEmpty()) {
            write(underway.remove(), admitted, written);
        }
    }

    private Prepared prepare(List<Work> batch) {
        var drafts = batch.stream()
                .peek(work -> stop.check())
                .flatMap(work -> drafting.draft(work).stream())
                .toList();
        var passages =
                drafts.stream().flatMap(draft -> draft.passages().stream()).toList();
        return new Prepared(drafts, embedding.vectors(passages));
    }

    private void write(
            Future<Prepared> future, UnaryOperator<List<DocumentChange>> admitted, Consumer<DocumentChange> written) {
        var prepared = stop.await(future);
        var changes = prepared.drafts().stream()
                .map(draft -> draft.change(passage ->
                        stop.await(Objects.requireNonNull(prepared.vectors().get(passage.textHash())))))
                .toList();
        writer.apply(admitted.apply(changes)).forEach(written);
    }
}
