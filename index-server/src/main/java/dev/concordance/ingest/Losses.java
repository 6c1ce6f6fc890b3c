package dev.concordance.ingest;

import dev.concordance.index.DocumentChange;
import dev.concordance.index.ManifestRecord;
import dev.concordance.index.ManifestRecord.State;
import dev.concordance.index.RecordCodec;
import dev.concordance.spool.Cursor;
import dev.concordance.spool.Sequence;
import dev.concordance.spool.Sorter;
import dev.concordance.spool.Spools;
import java.util.List;
import java.util.function.Consumer;

/**
 * Documents that a run would take from the searches without their sources having deleted them. They are kept aside as they
 * are read, and stay searchable until the guard has judged them together with what has disappeared: for those who search,
 * both are gone. For one thread.
 */
final class Losses {
    private static final RecordCodec RECORDS = new RecordCodec();

    private final Sorter<Loss> found;

    Losses(Spools spools) {
        this.found = spools.sorter(Loss.CODEC, Loss.ORDER);
    }

    /** Keeps the losses aside and gives the other changes. */
    List<DocumentChange> withhold(List<DocumentChange> changes) {
        return changes.stream().filter(change -> !takes(change)).toList();
    }

    private boolean takes(DocumentChange change) {
        var before = change.before();
        var after = change.after();
        if (before == null || after == null || !isLoss(before, after)) {
            return false;
        }
        found.add(new Loss(before, after));
        return true;
    }

    /** What is erased is not lost: somebody has said that it shall go. */
    static boolean isLoss(ManifestRecord before, ManifestRecord after) {
        return before.state() == State.Indexed && after.state() != State.Indexed && after.state() != State.Erased;
    }

    /** All that was kept aside. */
    Sequence<Loss> end() {
        return found.end();
    }

    /** The records of what has disappeared and of what was lost otherwise, in their order. */
    static Sequence<ManifestRecord> among(Sequence<ManifestRecord> gone, Sequence<Loss> losses, Spools spools) {
        if (losses.isEmpty()) {
            return gone;
        }
        var all = spools.sorter(RECORDS, ManifestRecord.ORDER);
        forEach(gone, all::add);
        forEach(losses, loss -> all.add(loss.before()));
        return all.end();
    }

    /** What becomes of a record that goes: the next of the losses, if it is that one's. */
    static DocumentChange change(ManifestRecord record, Cursor<Loss> losses) {
        var loss = losses.seek(one -> ManifestRecord.ORDER.compare(one.before(), record));
        return loss == null ? DocumentChange.removal(record) : loss.change();
    }

    /** Those that the guard doesn't let go. */
    static void withheld(Sequence<Loss> losses, Sequence<ManifestRecord> removed, Consumer<Loss> each) {
        try (var all = losses.open();
                var gone = removed.open()) {
            while (all.hasNext()) {
                var loss = all.next();
                if (gone.seek(record -> ManifestRecord.ORDER.compare(record, loss.before())) == null) {
                    each.accept(loss);
                }
            }
        }
    }

    private static <T> void forEach(Sequence<T> sequence, Consumer<T> each) {
        try (var all = sequence.open()) {
            all.forEachRemaining(each);
        }
    }
}
