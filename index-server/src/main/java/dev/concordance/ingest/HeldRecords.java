package dev.concordance.ingest;

import dev.concordance.index.DocumentChange;
import dev.concordance.index.ManifestRecord;
import dev.concordance.index.RecordCodec;
import dev.concordance.spool.Cursor;
import dev.concordance.spool.Sequence;
import dev.concordance.spool.Sorter;
import dev.concordance.spool.Spools;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The records of a generation, kept by its only writer, so that nobody has to read all of them each time that one changes. For
 * one thread.
 */
final class HeldRecords implements AutoCloseable {
    private final Path workspace;
    private Spools spools;
    private Sequence<ManifestRecord> records;
    private Tally tally;
    private Spools next;
    private Sorter<Revision> revisions;
    private boolean revised;

    /** @param read reads all of them */
    HeldRecords(Path workspace, Function<Spools, Sequence<ManifestRecord>> read) {
        this.workspace = workspace;
        spools = Spools.in(workspace);
        records = read.apply(spools);
        tally = new Tally();
        try (var all = records.open()) {
            all.forEachRemaining(tally::add);
        }
        next = Spools.in(workspace);
        revisions = next.sorter(Revision.CODEC, Revision.ORDER);
    }

    /** All of them, in their order, as of the last time that they were brought up to date. */
    Sequence<ManifestRecord> records() {
        return records;
    }

    /** How the documents stand. */
    Tally tally() {
        return tally;
    }

    /** A record was written or deleted. */
    void record(DocumentChange change) {
        revisions.add(Revision.of(change));
        revised = true;
    }

    /** Brings them up to date with what was written. */
    void bringUpToDate() {
        if (!revised) {
            return;
        }
        var kept = next.spool(new RecordCodec());
        var counted = new Tally();
        try (var before = records.open();
                var sorted = revisions.sorted()) {
            while (before.hasNext() || sorted.hasNext()) {
                var record = nextOf(before, sorted);
                if (record != null) {
                    kept.add(record);
                    counted.add(record);
                }
            }
        }
        records = kept.end();
        tally = counted;
        spools.close();
        spools = next;
        next = Spools.in(workspace);
        revisions = next.sorter(Revision.CODEC, Revision.ORDER);
        revised = false;
    }

    /** The first record of both, of those with one id the last; null: that one was deleted. */
    private static @Nullable ManifestRecord nextOf(Cursor<ManifestRecord> before, Cursor<Revision> revisions) {
        var revision = revisions.peek();
        var record = before.peek();
        if (revision == null || record != null && ManifestRecord.ORDER.compare(record, revision.record()) < 0) {
            return before.next();
        }
        if (record != null && ManifestRecord.ORDER.compare(record, revision.record()) == 0) {
            before.next();
        }
        var last = revisions.next();
        for (var again = revisions.peek();
                again != null && Revision.ORDER.compare(again, last) == 0;
                again = revisions.peek()) {
            last = revisions.next();
        }
        return last.gone() ? null : last.record();
    }

    @Override
    public void close() {
        try {
            spools.close();
        } finally {
            next.close();
        }
    }
}
