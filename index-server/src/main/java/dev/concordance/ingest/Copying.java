package dev.concordance.ingest;

import dev.concordance.embedding.Embedded;
import dev.concordance.index.DocumentChange;
import dev.concordance.index.GenerationReader;
import dev.concordance.index.ManifestRecord;
import dev.concordance.index.RecordCodec;
import dev.concordance.ingest.Embedding.Text;
import dev.concordance.spool.Cursor;
import dev.concordance.spool.Sequence;
import dev.concordance.spool.Spools;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes a generation hold what another one holds, from the chunks of that one: what is known of documents is compared as sources and
 * records are elsewhere, so that it goes on from wherever a former attempt has ended. A document of the one that isn't stored as its
 * record says, and isn't soon, is left out, and the run fails for it. For one thread.
 */
final class Copying {
    /** About what a chunk with its vector takes in memory. */
    private static final long CHUNK_BYTES = 4_096;

    /** So often a document is read again that isn't stored as its record says: writing one takes a moment. */
    private static final int LOOKS_AGAIN = 5;

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

    private final Worker worker;
    private final int from;
    private final GenerationReader original;
    private final Spools spools;
    private final StopSignal stop;
    private final Progress progress;
    private final Tally total = new Tally();
    private final Set<String> again = new HashSet<>();
    private long broken;
    private @Nullable String firstBroken;

    Copying(Worker worker, int from, Spools spools, StopSignal stop, Progress progress) {
        this.worker = worker;
        this.from = from;
        this.original = worker.reader(from);
        this.spools = spools;
        this.stop = stop;
        this.progress = progress;
    }

    /** What there is to do. */
    private record Plan(Sequence<Copy> work, Sequence<ManifestRecord> gone, Tally unchanged) {}

    /** How the documents of the generation stand. */
    Tally total() {
        return total;
    }

    /** Copies what isn't copied yet, and makes it searchable. */
    void copy(Inventory found) {
        var specification = worker.specification();
        var transfer = new Transfer(
                original.manifest(),
                specification.manifest(),
                specification.tombstones(),
                worker.ledger().epoch());
        if (!transfer.isPossible()) {
            throw RunException.nothingToCopy(from);
        }
        original.refresh();
        var plan = plan(transfer, found);
        progress.planned(plan.work().size(), plan.unchanged());
        var publication = worker.publication();
        var failure = plan.work().isEmpty() ? Optional.<RuntimeException>empty() : write(plan.work(), transfer);
        worker.writer().apply(plan.gone(), DocumentChange::removal, change -> keep(change, transfer));
        worker.writer().remove(found.strays());
        publication.end(true);
        failure.or(this::failure).ifPresent(cause -> {
            throw cause;
        });
    }

    /** Names of sources that have to tell again of what was copied of them: it lacks vectors, or may be let in now. */
    Set<String> again() {
        return again;
    }

    private Plan plan(Transfer transfer, Inventory found) {
        var work = spools.spool(Copy.CODEC);
        var gone = spools.spool(new RecordCodec());
        var unchanged = new Tally();
        var redone = found.redone();
        try (var originals = original.records(spools).open();
                var copies = found.records().open()) {
            while (originals.hasNext()) {
                var one = originals.next();
                var known = copyOf(one, copies, gone::add);
                if (known == null
                        || redone.contains(known.key())
                        || !transfer.record(one).wasCopiedTo(known)) {
                    work.add(new Copy(one, known));
                } else {
                    unchanged.add(known);
                    note(known, transfer);
                }
                if (transfer.mayBeLetIn(one)) {
                    again.add(one.source());
                }
            }
            copies.forEachRemaining(copy -> {
                total.add(copy);
                gone.add(copy);
            });
        }
        return new Plan(work.end(), gone.end(), unchanged);
    }

    /** What is known of the document as it was copied before; null: nothing. Moves past those that come before it, which have gone. */
    private @Nullable ManifestRecord copyOf(
            ManifestRecord one, Cursor<ManifestRecord> copies, Consumer<ManifestRecord> gone) {
        for (var next = copies.peek(); next != null; next = copies.peek()) {
            var order = ManifestRecord.ORDER.compare(next, one);
            if (order > 0) {
                return null;
            }
            total.add(copies.next());
            if (order == 0) {
                return next;
            }
            gone.accept(next);
        }
        return null;
    }

    private Optional<RuntimeException> write(Sequence<Copy> work, Transfer transfer) {
        if (!transfer.embeds()) {
            return write(work, transfer, texts -> Map.of());
        }
        var specification = worker.specification();
        try (var embedder = worker.embedder();
                var pool = Threads.embedding(specification, embedder)) {
            try {
                var vectors =
                        new StoredVectors(worker.reader(), specification.reuseGenerations(), true, worker.shared());
                var embedding = new Embedding(embedder, pool, vectors, progress);
                var failure = write(work, transfer, embedding::vectors);
                embedding.end();
                return failure;
            } catch (RuntimeException e) {
                pool.shutdownNow();
                throw e;
            }
        }
    }

    private Optional<RuntimeException> write(
            Sequence<Copy> work, Transfer transfer, Function<List<Text>, Map<String, Future<Embedded>>> embedding) {
        try (var preparing = Threads.of(1, "prepare");
                var copies = work.open()) {
            try {
                var pipeline =
                        new Pipeline<Copy>(batch -> read(batch, transfer), embedding, worker.writer(), preparing, stop);
                var batches = new Batches<>(copies, copy -> copy.original().chunks() * CHUNK_BYTES);
                pipeline.run(batches, changes -> changes, () -> {}, change -> keep(change, transfer));
                return pipeline.failure();
            } catch (RuntimeException e) {
                preparing.shutdownNow();
                throw e;
            }
        }
    }

    private List<Unembedded> read(List<Copy> batch, Transfer transfer) {
        var read = new ArrayList<Unembedded>();
        var others = read(batch, transfer, read);
        for (var look = 0; !others.isEmpty() && look < LOOKS_AGAIN; look++) {
            stop.pause(BETWEEN_LOOKS);
            others = read(asTheyAreNow(others), transfer, read);
        }
        others.forEach(copy -> leaveOut(copy.original()));
        return read;
    }

    /** Gives those that are not stored as their records say. */
    private List<Copy> read(List<Copy> batch, Transfer transfer, List<Unembedded> read) {
        stop.check();
        var others = new ArrayList<Copy>();
        var stored =
                original.documents(batch.stream().map(Copy::original).toList()).iterator();
        for (var copy : batch) {
            var document = stored.next();
            if (document.isWhole()) {
                read.add(transfer.document(copy, document));
            } else {
                others.add(copy);
            }
        }
        return others;
    }

    /** Somebody may be writing them. One that has gone is left to the run that reads of it that it has. */
    private List<Copy> asTheyAreNow(List<Copy> copies) {
        original.refresh();
        var records = original
                .records(copies.stream().map(copy -> copy.original().key()).toList())
                .stream()
                .collect(Collectors.toMap(ManifestRecord::key, Function.identity()));
        return copies.stream()
                .flatMap(copy -> Optional.ofNullable(records.get(copy.original().key())).stream()
                        .map(record -> new Copy(record, copy.before())))
                .toList();
    }

    private synchronized void leaveOut(ManifestRecord record) {
        broken++;
        firstBroken = firstBroken == null ? record.source() + ":" + record.documentId() : firstBroken;
    }

    private synchronized Optional<RuntimeException> failure() {
        return firstBroken == null ? Optional.empty() : Optional.of(RunException.notWhole(broken, from, firstBroken));
    }

    private void keep(DocumentChange change, Transfer transfer) {
        progress.written(change);
        if (!transfer.embeds()) {
            progress.reused(change.chunks().stream()
                    .filter(chunk -> chunk.vector() != null)
                    .count());
        }
        if (change.before() != null) {
            total.remove(change.before());
        }
        if (change.after() != null) {
            total.add(change.after());
            note(change.after(), transfer);
        }
    }

    private void note(ManifestRecord copy, Transfer transfer) {
        if (transfer.embeds() && copy.pendingEmbeddings() > 0) {
            again.add(copy.source());
        }
    }
}
