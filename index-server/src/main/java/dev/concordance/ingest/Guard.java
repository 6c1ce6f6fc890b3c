package dev.concordance.ingest;

import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.index.DocumentChange;
import dev.concordance.index.GenerationReader;
import dev.concordance.index.GenerationWriter;
import dev.concordance.index.Ledger;
import dev.concordance.index.ManifestRecord;
import dev.concordance.index.ManifestRecord.State;
import dev.concordance.index.RecordCodec;
import dev.concordance.manifest.GenerationState;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.manifest.Withheld;
import dev.concordance.spool.Cursor;
import dev.concordance.spool.Sequence;
import dev.concordance.spool.Spools;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Keeps documents searchable that disappear in too great a number. What counts is what searches are answered from: a
 * generation that is being built never held what has disappeared before, so it is held against the live one.
 */
final class Guard {
    private static final RecordCodec RECORDS = new RecordCodec();

    private final RunSpecification specification;
    private final ElasticsearchConnection elasticsearch;
    private final Ledger ledger;
    private long lately;
    private @Nullable Withheld last;

    Guard(RunSpecification specification, ElasticsearchConnection elasticsearch, Ledger ledger) {
        this.specification = specification;
        this.elasticsearch = elasticsearch;
        this.ledger = ledger;
    }

    /** What went lately counts as at once, and tokens that were shown before approve what they were shown for. */
    void goOnFrom(Course course, Instant now) {
        lately = course.goneLately(now);
        last = course.last().map(GenerationState::withheld).orElse(null);
    }

    /** Whether searches are answered from the generation that is synced. */
    boolean isServed() {
        var live = specification.deletionGuard().live();
        return live != null && live == specification.manifest().generation();
    }

    /**
     * What becomes of what has disappeared, and of what can't be indexed any more; only the marks of the generation that is
     * synced are still to be written.
     *
     * @param losses of the generation that is synced, where it is served
     * @param written reads that generation
     * @param whole whether nothing was left unread
     */
    Verdict judge(
            Difference difference,
            Sequence<Loss> losses,
            Survey survey,
            GenerationReader written,
            boolean whole,
            Spools spools) {
        var live = specification.deletionGuard().live();
        if (live == null) {
            return all(difference, null, nothing(spools));
        }
        if (isServed()) {
            var gone = Losses.among(difference.gone(), losses, spools);
            return verdict(
                    gone,
                    difference.waiting(),
                    Guard::isSearchable,
                    difference.before().indexed(),
                    spools);
        }
        return judgeBuild(live, difference, survey, written, whole, spools);
    }

    /**
     * What a generation lacks that is to replace the live one. It is remembered in the new one, since what the live one knows is
     * written by the runs that sync it, perhaps at this moment; what they have withheld before is withheld under their token.
     */
    private Verdict judgeBuild(
            int live, Difference difference, Survey survey, GenerationReader written, boolean whole, Spools spools) {
        var reader = new GenerationReader(elasticsearch, specification.names(), live);
        // Whoever followed its sources may have died before anybody could find its last records.
        reader.refreshRecords();
        var served = reader.records(spools);
        var lost = survey.compare(served);
        written.refresh();
        var built = written.records(spools);
        var lacking = spools.sorter(RECORDS, ManifestRecord.ORDER);
        var vanished = lacking(served, built, lost.gone(), lacking::add);
        if (whole
                && !specification.deletionGuard().allows(vanished, lost.before().indexed())) {
            throw RunException.vanished(vanished);
        }
        var stake = lacking.end();
        var verdict =
                verdict(stake, nothing(spools), record -> true, lost.before().indexed(), spools);
        var removed = spools.sorter(RECORDS, ManifestRecord.ORDER);
        only(difference.gone(), record -> record.state() != State.Missing, removed::add);
        try (var kept = stake.open()) {
            only(built, record -> record.state() == State.Missing && find(record, kept) == null, removed::add);
        }
        return new Verdict(removed.end(), verdict.marked(), 0, verdict.withheld());
    }

    /**
     * Gives what is known of documents that the live generation has and the other one lacks, because it can't index them or because
     * their sources don't hold them any more; and how many more the other one doesn't even know, though they were listed. What
     * was written to the live generation since this run began may be newer than what was listed, so the next run judges that.
     */
    private long lacking(
            Sequence<ManifestRecord> served,
            Sequence<ManifestRecord> built,
            Sequence<ManifestRecord> unlisted,
            Consumer<ManifestRecord> each) {
        var unknown = 0L;
        try (var live = served.open();
                var others = built.open();
                var gone = unlisted.open()) {
            while (live.hasNext()) {
                var record = live.next();
                var other = find(record, others);
                if (other != null && Losses.isLoss(record, other)) {
                    each.accept(other);
                } else if (isSearchable(record) && record.version() <= ledger.epoch()) {
                    if (find(record, gone) != null) {
                        each.accept(record.missing());
                    } else if (other == null) {
                        unknown++;
                    }
                }
            }
        }
        return unknown;
    }

    private static @Nullable ManifestRecord find(ManifestRecord record, Cursor<ManifestRecord> records) {
        return records.seek(one -> ManifestRecord.ORDER.compare(one, record));
    }

    private static void only(
            Sequence<ManifestRecord> records, Predicate<ManifestRecord> which, Consumer<ManifestRecord> each) {
        try (var all = records.open()) {
            all.forEachRemaining(record -> {
                if (which.test(record)) {
                    each.accept(record);
                }
            });
        }
    }

    private static boolean isSearchable(ManifestRecord record) {
        return record.state() == State.Indexed;
    }

    private static Sequence<ManifestRecord> nothing(Spools spools) {
        return spools.spool(RECORDS).end();
    }

    /** Searches miss nothing that goes from a generation which they don't read. */
    private static Verdict all(Difference difference, @Nullable Withheld withheld, Sequence<ManifestRecord> marked) {
        return new Verdict(difference.gone(), marked, 0, withheld);
    }

    /** Writes down what is withheld, and what isn't any more because its source holds it again; gives how many records. */
    static long mark(Verdict verdict, Difference difference, GenerationWriter writer) {
        var token = verdict.withheld() == null ? null : verdict.withheld().token();
        writer.apply(verdict.marked(), record -> DocumentChange.of(record, record.withheldUnder(token)), change -> {});
        writer.apply(
                difference.returned(), record -> DocumentChange.of(record, record.withheldUnder(null)), change -> {});
        return verdict.marked().size() + difference.returned().size();
    }

    private Verdict verdict(
            Sequence<ManifestRecord> gone,
            Sequence<ManifestRecord> waiting,
            Predicate<ManifestRecord> loss,
            long documents,
            Spools spools) {
        var allowance = new Allowance(specification.deletionGuard(), documents, lately, last);
        return Verdict.of(gone, waiting, loss, allowance, ledger.epoch(), spools);
    }
}
