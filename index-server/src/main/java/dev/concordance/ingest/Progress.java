package dev.concordance.ingest;

import dev.concordance.index.Audit;
import dev.concordance.index.DocumentChange;
import dev.concordance.index.ManifestRecord.State;
import dev.concordance.manifest.GenerationState.HiddenDocument;
import dev.concordance.manifest.Privacy.Kind;
import dev.concordance.manifest.RunReport.Counts;
import dev.concordance.manifest.RunReport.Drift;
import dev.concordance.manifest.RunReport.Quarantined;
import dev.concordance.manifest.Throughput;
import dev.concordance.privacy.Screened;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a run has done so far; safe for many threads. */
final class Progress {
    private long listed;
    private long passedOver;
    private long unchanged;
    private long added;
    private long updated;
    private long deleted;
    private long pending;
    private long chunksWritten;
    private long tokensWritten;
    private long embedded;
    private long reused;
    private boolean written;
    private @Nullable DriftCount drift;
    private final Map<Kind, Long> findings = new EnumMap<>(Kind.class);
    private final Tally seen = new Tally();

    synchronized void planned(Difference difference) {
        passedOver = difference.passedOver();
        planned(difference.work().size(), difference.unchanged());
    }

    /**
     * What there is to do.
     *
     * @param documents that are to be written
     * @param standing those that stand as they are
     */
    synchronized void planned(long documents, Tally standing) {
        pending = documents;
        unchanged = standing.indexed();
        listed = pending + passedOver + standing.documents();
        seen.addAll(standing);
    }

    synchronized void audited(Audit found) {
        drift = new DriftCount(found);
    }

    synchronized void embedded() {
        embedded++;
    }

    synchronized void reused() {
        reused++;
    }

    /** So many vectors were taken as they are. */
    synchronized void reused(long vectors) {
        reused += vectors;
    }

    synchronized void screened(Screened document) {
        document.findings().forEach((kind, count) -> findings.merge(kind, count, Long::sum));
    }

    synchronized void written(DocumentChange change) {
        var after = change.after();
        if (after == null) {
            deleted += change.before() != null && change.before().state() == State.Indexed ? 1 : 0;
            return;
        }
        pending--;
        seen.add(after);
        written |= !after.equals(change.before());
        if (drift != null) {
            drift.add(change.before(), after);
        }
        chunksWritten += change.chunks().size();
        tokensWritten += change.chunks().isEmpty() ? 0 : after.tokens();
        if (after.state() == State.Indexed) {
            var before = change.before();
            if (before == null || before.state() != State.Indexed) {
                added++;
            } else if (before.version() == after.version()) {
                unchanged++;
            } else {
                updated++;
            }
        }
    }

    /** Documents were taken out that an Erasure covers. */
    synchronized void erased(long documents) {
        deleted += documents;
    }

    /** A document stays as it is, since what would become of it is a loss that the guard doesn't allow. */
    synchronized void withheld(Loss loss) {
        pending--;
        unchanged++;
        seen.add(loss.before());
        seen.sample(loss.after());
    }

    /** Whether anything of a document was written. */
    synchronized boolean hasWritten() {
        return written;
    }

    /** What differed from the manifest; null: nobody has looked. */
    synchronized @Nullable Drift drift() {
        return drift == null ? null : drift.count();
    }

    synchronized Counts counts() {
        return new Counts(
                listed,
                unchanged,
                added,
                updated,
                deleted,
                seen.quarantined(),
                seen.skipped() + passedOver,
                pending,
                chunksWritten,
                embedded,
                reused,
                seen.pendingEmbeddings(),
                findings);
    }

    /** What is known of the speed of builds when all this was done by one of so many workers within this time. */
    synchronized Throughput throughput(Throughput before, String model, int workers, Duration took) {
        return before.after(model, chunksWritten, embedded, tokensWritten, took.toMillis() / workers);
    }

    synchronized List<HiddenDocument> hiddenSample() {
        return seen.hiddenSample();
    }

    synchronized List<Quarantined> quarantineSample() {
        return seen.sample();
    }
}
