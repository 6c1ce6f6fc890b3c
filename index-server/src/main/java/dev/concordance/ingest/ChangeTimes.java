package dev.concordance.ingest;

import dev.concordance.index.DocumentChange;
import dev.concordance.index.ManifestRecord;
import dev.concordance.index.ManifestRecord.State;
import dev.concordance.spool.Codec;
import dev.concordance.spool.Cursor;
import dev.concordance.spool.Sequence;
import dev.concordance.spool.Spool;
import dev.concordance.spool.Spools;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * When documents were changed, as their sources tell, that a round writes because of that. They are written in the order of the
 * work, so a second way through it finds what was listed of each. For one thread.
 */
final class ChangeTimes implements AutoCloseable {
    private static final Codec<Instant> INSTANTS = new Codec<>() {
        @Override
        public void write(Instant instant, DataOutput out) throws IOException {
            Codec.writeInstant(instant, out);
        }

        @Override
        public Instant read(DataInput in) throws IOException {
            return Objects.requireNonNull(Codec.readInstant(in));
        }
    };

    private final Cursor<Work> work;
    private final Spool<Instant> found;

    ChangeTimes(Sequence<Work> work, Spools spools) {
        this.work = work.open();
        this.found = spools.spool(INSTANTS);
    }

    /** A change was written. */
    void add(DocumentChange change) {
        var after = change.after();
        if (after == null || !isWritten(change.before(), after) || !isChanged(change.before(), after)) {
            return;
        }
        var listed = work.seek(one -> compare(one, after));
        var changedAt = listed == null ? null : listed.entry().changedAt();
        if (changedAt != null) {
            found.add(changedAt);
        }
    }

    /** All of them; nothing can be added any more. */
    Sequence<Instant> end() {
        return found.end();
    }

    @Override
    public void close() {
        work.close();
        found.close();
    }

    /** A file that was touched, or that others may see now, is as it was. */
    private static boolean isWritten(@Nullable ManifestRecord before, ManifestRecord after) {
        return after.state() == State.Indexed
                && (before == null || before.state() != State.Indexed || before.version() != after.version());
    }

    /** What is written anew for another reason than that its source holds something else took no time from there. */
    private static boolean isChanged(@Nullable ManifestRecord before, ManifestRecord after) {
        return before == null
                || before.state() != State.Erased
                        && !ofSource(before.changeKey()).equals(ofSource(after.changeKey()));
    }

    /** A change key without the settings at its end, and what is said of it before. */
    private static String ofSource(String changeKey) {
        var begin = 0;
        while (changeKey.startsWith(ManifestRecord.UNLISTED, begin)) {
            begin += ManifestRecord.UNLISTED.length();
        }
        return changeKey.substring(begin, Math.max(begin, changeKey.lastIndexOf('/')));
    }

    private static int compare(Work one, ManifestRecord record) {
        var sources = one.source().compareTo(record.source());
        return sources != 0 ? sources : one.entry().id().compareTo(record.documentId());
    }
}
