package dev.concordance.ingest;

import dev.concordance.index.DocumentChange;
import dev.concordance.index.ManifestRecord;
import dev.concordance.index.ManifestRecord.State;
import dev.concordance.manifest.RunReport.Counts;
import dev.concordance.manifest.RunReport.Quarantined;
import java.util.ArrayList;
import java.util.List;

/** What a run has done so far; safe for many threads. */
final class Progress {
    private static final int SAMPLE = 20;

    private long listed;
    private long unchanged;
    private long added;
    private long updated;
    private long deleted;
    private long quarantined;
    private long skipped;
    private long pending;
    private long chunksWritten;
    private long embedded;
    private long reused;
    private final List<Quarantined> sample = new ArrayList<>();

    synchronized void planned(Difference difference) {
        pending = difference.work().size();
        skipped = difference.passedOver();
        listed = pending + skipped + difference.unchanged().size();
        for (var record : difference.unchanged()) {
            count(record);
            unchanged += record.state() == State.Indexed ? 1 : 0;
        }
    }

    synchronized void embedded() {
        embedded++;
    }

    synchronized void reused() {
        reused++;
    }

    synchronized void written(DocumentChange change) {
        var after = change.after();
        if (after == null) {
            deleted += change.before() != null && change.before().state() == State.Indexed ? 1 : 0;
            return;
        }
        pending--;
        count(after);
        chunksWritten += change.chunks().size();
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

    synchronized Counts counts() {
        return new Counts(
                listed,
                unchanged,
                added,
                updated,
                deleted,
                quarantined,
                skipped,
                pending,
                chunksWritten,
                embedded,
                reused);
    }

    synchronized List<Quarantined> quarantineSample() {
        return List.copyOf(sample);
    }

    private void count(ManifestRecord record) {
        skipped += record.state() == State.Skipped ? 1 : 0;
        if (record.state() == State.Quarantined && record.reason() != null) {
            quarantined++;
            if (sample.size() < SAMPLE) {
                sample.add(new Quarantined(
                        record.source(), record.documentId(), record.reason(), String.valueOf(record.message())));
            }
        }
    }
}
