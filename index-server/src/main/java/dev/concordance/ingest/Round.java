package dev.concordance.ingest;

import dev.concordance.embedding.Embedder;
import dev.concordance.index.DocumentChange;
import dev.concordance.index.ManifestRecord;
import dev.concordance.manifest.GenerationState;
import dev.concordance.spool.Sequence;
import dev.concordance.spool.Spools;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** One time that a generation becomes what its sources hold. */
final class Round {
    private static final System.Logger LOG = System.getLogger(Round.class.getName());

    private final Worker worker;
    private final Supplier<Embedder> model;
    private final Spools spools;
    private final StopSignal stop;
    private final Progress progress;
    private final Tally total = new Tally();

    /** @param model what embeds, which is closed after its use */
    Round(Worker worker, Supplier<Embedder> model, Spools spools, StopSignal stop, Progress progress) {
        this.worker = worker;
        this.model = model;
        this.spools = spools;
        this.stop = stop;
        this.progress = progress;
    }

    /**
     * What has been done.
     *
     * @param changed whether searches find something else than before
     * @param unread why documents could not be read
     * @param left of documents that were to be written anew and could not be read, the sources by their keys
     */
    record Done(Verdict verdict, boolean changed, Optional<RuntimeException> unread, Map<String, String> left) {}

    /** How the documents of the generation stand. */
    Tally total() {
        return total;
    }

    /**
     * Makes the generation what the sources hold, as far as the guard allows, and searchable.
     *
     * @param before the state of the generation
     */
    Done apply(Difference difference, Survey survey, Inventory found, Optional<GenerationState> before) {
        total.addAll(difference.before());
        progress.planned(difference);
        log(difference, found.strays().size());
        forget(survey, before);
        var publication = worker.publication();
        changeAccess(difference, survey, publication);
        var losses = new Losses(spools);
        var timed = worker.latencies().counts(before);
        var times = new ChangeTimes(
                timed ? difference.work() : spools.spool(Work.CODEC).end(), spools);
        var again = new HashSet<>(found.redone());
        var unread = index(difference, survey, found, withholding(losses, again), publication, times);
        var left = unread.isEmpty() ? Map.<String, String>of() : left(difference, again);
        var lost = losses.end();
        var whole = survey.isWhole() && unread.isEmpty();
        var verdict = worker.guard().judge(difference, lost, survey, worker.reader(), whole, spools);
        remove(verdict, lost, publication);
        // Until their document is read again they tell that it has to be, and may be all that is left of it.
        var strays = found.strays().stream()
                .filter(chunk -> survey.hasRead(chunk) && !left.containsKey(chunk.key()))
                .toList();
        worker.writer().remove(strays);
        var changed = found.resumes() || !strays.isEmpty() || hasChanged(difference, verdict);
        if (Guard.mark(verdict, difference, worker.writer()) > 0 || changed) {
            publication.end(!strays.isEmpty() || !verdict.removed().isEmpty());
        }
        worker.latencies().add(times.end(), worker.clock().instant());
        return new Done(verdict, changed, unread, left);
    }

    /**
     * From now on the generation isn't what sources held at their positions: those that tell all from the beginning, and those that are
     * not declared any more, of which documents go.
     */
    private void forget(Survey survey, Optional<GenerationState> before) {
        var undone = new HashSet<>(survey.startedOver());
        before.ifPresent(state -> state.positions().keySet().stream()
                .filter(source -> !survey.names().contains(source))
                .forEach(undone::add));
        worker.forget(undone);
    }

    private Optional<RuntimeException> index(
            Difference difference,
            Survey survey,
            Inventory found,
            UnaryOperator<List<DocumentChange>> admitted,
            Publication publication,
            ChangeTimes times) {
        try (times) {
            return indexing()
                    .index(difference.work(), survey, found.isFilled(), admitted, publication::begin, change -> {
                        keep(change);
                        times.add(change);
                        publication.written();
                    });
        }
    }

    /** Writes what is new and what has changed, and judges nothing; gives why documents could not be read. */
    Optional<RuntimeException> prepare(Difference difference, Survey survey, boolean known) {
        progress.planned(difference);
        var publication = worker.publication();
        return indexing()
                .index(
                        difference.work(),
                        survey,
                        known,
                        withholding(new Losses(spools), new HashSet<>()),
                        () -> {},
                        change -> {
                            progress.written(change);
                            publication.written();
                        });
    }

    private Indexing indexing() {
        return new Indexing(
                worker.specification(),
                model,
                worker.reader(),
                worker.writer(),
                worker.shared(),
                worker.ledger().epoch(),
                progress,
                stop);
    }

    /**
     * Where searches are answered from this generation, what they would miss is not written but taken aside.
     *
     * @param again keys of documents that are to be written anew; those that were read go from it
     */
    private UnaryOperator<List<DocumentChange>> withholding(Losses losses, Set<String> again) {
        return changes -> {
            changes.forEach(change -> again.remove(change.key()));
            return worker.guard().isServed() ? losses.withhold(changes) : changes;
        };
    }

    /** What is listed of those that were not read again; the others have gone. */
    private static Map<String, String> left(Difference difference, Set<String> again) {
        var left = new HashMap<String, String>();
        try (var all = difference.work().open()) {
            all.forEachRemaining(work -> {
                if (again.contains(work.key())) {
                    left.put(work.key(), work.source());
                }
            });
        }
        return left;
    }

    private boolean hasChanged(Difference difference, Verdict verdict) {
        return progress.hasWritten()
                || !difference.others().isEmpty()
                || !verdict.removed().isEmpty();
    }

    /** Before anything else: nobody goes on seeing a document because another one has to be embedded. */
    private void changeAccess(Difference difference, Survey survey, Publication publication) {
        if (difference.others().isEmpty()) {
            return;
        }
        worker.writer()
                .apply(
                        difference.others(),
                        file -> {
                            stop.check();
                            var acl = survey.acl(file);
                            var after = file.with(ManifestRecord.Access.of(acl));
                            return DocumentChange.ofAccess(file, after, acl.principals());
                        },
                        change -> {
                            count(change);
                            publication.written();
                        });
        publication.end(true);
    }

    private void log(Difference difference, int strays) {
        LOG.log(
                System.Logger.Level.INFO,
                "listed run=%s work=%d gone=%d unchanged=%d others=%d strays=%d"
                        .formatted(
                                worker.specification().run(),
                                difference.work().size(),
                                difference.gone().size(),
                                difference.unchanged().documents(),
                                difference.others().size(),
                                strays));
    }

    private void remove(Verdict verdict, Sequence<Loss> lost, Publication publication) {
        try (var losses = lost.open()) {
            worker.writer()
                    .apply(
                            verdict.removed(),
                            record -> {
                                stop.check();
                                return Losses.change(record, losses);
                            },
                            change -> {
                                keep(change);
                                publication.written();
                            });
        }
        Losses.withheld(lost, verdict.removed(), progress::withheld);
    }

    private void keep(DocumentChange change) {
        progress.written(change);
        count(change);
    }

    private void count(DocumentChange change) {
        if (change.before() != null) {
            total.remove(change.before());
        }
        if (change.after() != null) {
            total.add(change.after());
        }
    }
}
