package dev.concordance.index;

import dev.concordance.index.ManifestRecord.State;
import dev.concordance.spool.Cursor;
import dev.concordance.spool.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an index holds that its manifest doesn't say.
 *
 * @param damaged keys of documents whose chunks are missing or not as they were written
 * @param orphans chunks that no record knows
 * @param newest highest version that Elasticsearch has of a chunk: a writer's epoch, unless somebody else has written it
 */
public record Audit(Set<String> damaged, List<Leftover> orphans, long newest) {
    /** Nothing was found. */
    public static final Audit NOTHING = new Audit(Set.of(), List.of(), 0);

    /** Compares, in one pass over both, which are in the same order. */
    static Audit of(Sequence<ManifestRecord> records, Cursor<AuditedChunk> chunks, long newest) {
        var damaged = new LinkedHashSet<String>();
        var orphans = new ArrayList<Leftover>();
        try (var all = records.open()) {
            while (all.hasNext()) {
                var record = all.next();
                dropBefore(record, chunks, orphans);
                if (!isIntact(record, chunks, orphans)) {
                    damaged.add(record.key());
                }
            }
        }
        dropBefore(null, chunks, orphans);
        return new Audit(damaged, orphans, newest);
    }

    private static boolean isIntact(ManifestRecord record, Cursor<AuditedChunk> chunks, List<Leftover> orphans) {
        var digests = new ArrayList<String>();
        var seenByThose = true;
        for (var next = chunks.peek(); next != null && next.chunk().compareTo(record) == 0; next = chunks.peek()) {
            chunks.next();
            if (next.chunk().isOf(record) && next.ordinal() < record.chunks()) {
                digests.add(next.digest());
                seenByThose &= record.access() == null
                        || record.isChangingHands()
                        || record.access().digest().equals(next.seenBy());
            } else {
                orphans.add(next.chunk().leftover());
            }
        }
        return record.state() != State.Indexed
                || seenByThose
                        && digests.size() == record.chunks()
                        && Objects.equals(record.chunksHash(), ChunksHash.ofDigests(digests));
    }

    /** @param record null: there are no more */
    private static void dropBefore(
            @Nullable ManifestRecord record, Cursor<AuditedChunk> chunks, List<Leftover> orphans) {
        for (var next = chunks.peek(); next != null; next = chunks.peek()) {
            if (record != null && next.chunk().compareTo(record) >= 0) {
                return;
            }
            orphans.add(next.chunk().leftover());
            chunks.next();
        }
    }
}
