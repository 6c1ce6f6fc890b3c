package dev.concordance.operator.elastic;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Snapshots, as far as they can be listed.
 *
 * @param unknown why there may be others
 */
public record SnapshotListing(List<HeldSnapshot> snapshots, Optional<String> unknown) {
    /** There are none. */
    public static final SnapshotListing NONE = new SnapshotListing(List.of(), Optional.empty());

    public SnapshotListing {
        snapshots = List.copyOf(snapshots);
    }

    /**
     * A snapshot.
     *
     * @param expires when the policy that made it deletes it at the earliest; empty: nobody has said
     */
    public record HeldSnapshot(String repository, String name, Instant startedAt, Optional<Instant> expires) {}
}
