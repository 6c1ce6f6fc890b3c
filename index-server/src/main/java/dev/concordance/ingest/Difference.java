package dev.concordance.ingest;

import dev.concordance.index.ManifestRecord;
import dev.concordance.index.RecordCodec;
import dev.concordance.index.Shard;
import dev.concordance.spool.Sequence;
import dev.concordance.spool.Spools;

/**
 * What of a generation no longer is as the sources are.
 *
 * @param work documents to read again
 * @param gone records of documents that their sources no longer hold, or whose source is no longer declared
 * @param returned records of documents whose deletion was withheld and that their sources hold again, unchanged
 * @param others records of documents that others may see than before, as their sources say without being read
 * @param unchanged those that stand as they are
 * @param before all that the manifest knows
 * @param passedOver files that are no documents by their names
 */
record Difference(
        Sequence<Work> work,
        Sequence<ManifestRecord> gone,
        Sequence<ManifestRecord> returned,
        Sequence<ManifestRecord> others,
        Tally unchanged,
        Tally before,
        long passedOver) {
    /** The work of one shard alone, whose other workers and whose run do the rest. */
    Difference workOf(Shard shard, Spools spools) {
        var own = spools.spool(Work.CODEC);
        try (var all = work.open()) {
            all.forEachRemaining(one -> {
                if (shard.holds(one.key())) {
                    own.add(one);
                }
            });
        }
        var none = spools.spool(new RecordCodec()).end();
        return new Difference(own.end(), none, none, none, new Tally(), new Tally(), 0);
    }
}
