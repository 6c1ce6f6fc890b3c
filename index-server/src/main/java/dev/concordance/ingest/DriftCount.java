package dev.concordance.ingest;

import dev.concordance.index.Audit;
import dev.concordance.index.ManifestRecord;
import dev.concordance.manifest.RunReport.Drift;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Counts what a run that verifies finds to differ though nothing had told of a change. */
final class DriftCount {
    private final Audit audit;
    private final List<String> sample = new ArrayList<>();
    private long overlooked;

    DriftCount(Audit audit) {
        this.audit = audit;
    }

    /** A document was read and, where it differed, written. */
    void add(@Nullable ManifestRecord before, ManifestRecord after) {
        if (before == null) {
            return;
        }
        var damaged = audit.damaged().contains(after.key());
        var missed = !damaged && before.changeKey().equals(after.changeKey()) && !isSame(before, after);
        overlooked += missed ? 1 : 0;
        if ((damaged || missed) && sample.size() < Drift.SAMPLE) {
            sample.add(after.source() + ":" + after.documentId());
        }
    }

    Drift count() {
        return new Drift(audit.damaged().size(), overlooked, audit.orphans().size(), sample);
    }

    private static boolean isSame(ManifestRecord before, ManifestRecord after) {
        return before.state() == after.state()
                && before.contentHash().equals(after.contentHash())
                && before.metadataHash().equals(after.metadataHash())
                && Objects.equals(before.access(), after.access());
    }
}
