package dev.concordance.manifest;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may write to a corpus's generations: the ledger's document {@code lease}. A writer takes it by raising the epoch in
 * a conditional write and checks before each bulk request that it still holds it.
 *
 * @param unfinished for each generation that a run was writing to and hasn't finished, the first epoch of which something
 *     may be half done; a run enters its generation when it takes the lease and removes it when it ends in order
 * @param division the workers that hold it together; null: one holds it alone
 * @param erasures UIDs of Erasures that runs have carried out: a run whose specification doesn't know one of them must not write
 */
public record Lease(
        long epoch,
        String holder,
        Map<Integer, Long> unfinished,
        Instant since,
        @Nullable Division division,
        Set<String> erasures) {
    /** Id of the lease in the ledger. */
    public static final String ID = "lease";

    /** The lease that nobody has taken yet. */
    public static final Lease NOBODYS = new Lease(0, "", Map.of(), Instant.EPOCH, null, Set.of());

    /** A lease that was written before there were Erasures knows of none. */
    @SuppressWarnings("ConstantValue")
    public Lease {
        unfinished = Map.copyOf(unfinished);
        erasures = erasures == null ? Set.of() : Set.copyOf(erasures);
    }

    /**
     * Workers among which the documents of a run are divided, so that no two of them write the same one.
     *
     * @param epochs of those that are at work, by the number of their shard
     * @param clean whether nothing was half done when they began, and none of them had to begin again
     */
    public record Division(Map<Integer, Long> epochs, boolean clean) {
        public Division {
            epochs = Map.copyOf(epochs);
        }
    }

    /** The lease when one writer takes it. */
    public Lease takenBy(String writer, int generation, Instant now) {
        return new Lease(epoch + 1, writer, withUnfinished(generation), now, null, erasures);
    }

    /** The lease when a writer takes it that leaves nothing half done, since what it has begun it does again. */
    public Lease takenBy(String writer, Instant now) {
        return new Lease(epoch + 1, writer, unfinished, now, null, erasures);
    }

    /** The lease when no one may write who doesn't know of these Erasures. */
    public Lease requiring(Set<String> known) {
        return new Lease(epoch, holder, unfinished, since, division, known);
    }

    /** The lease when the worker of a shard takes its part of it; the other shards of the same run keep theirs. */
    public Lease takenBy(String run, int shard, int generation, Instant now) {
        var others = division != null && holder.equals(run) ? division : null;
        var epochs = new HashMap<>(others == null ? Map.<Integer, Long>of() : others.epochs());
        var begunBefore = epochs.put(shard, epoch + 1) != null;
        var clean = others == null ? !unfinished.containsKey(generation) : others.clean() && !begunBefore;
        return new Lease(epoch + 1, run, withUnfinished(generation), now, new Division(epochs, clean), erasures);
    }

    /** The lease when its holder has ended in order what it did in a generation. */
    public Lease finished(int generation) {
        return new Lease(epoch, holder, without(generation), since, division, erasures);
    }

    /** The lease when the worker of a shard has ended in order. */
    public Lease finished(int generation, int shard) {
        if (division == null) {
            return this;
        }
        var epochs = new HashMap<>(division.epochs());
        epochs.remove(shard);
        var isClean = epochs.isEmpty() && division.clean();
        return new Lease(
                epoch,
                holder,
                isClean ? without(generation) : unfinished,
                since,
                new Division(epochs, division.clean()),
                erasures);
    }

    /** The lease with an epoch that is no less than this version. */
    public Lease outrunning(long version) {
        return new Lease(Math.max(epoch, version), holder, unfinished, since, division, erasures);
    }

    private Map<Integer, Long> without(int generation) {
        var rest = new HashMap<>(unfinished);
        rest.remove(generation);
        return rest;
    }

    /** The epoch that the worker of this shard took; null: it holds nothing. */
    @JsonIgnore
    public @Nullable Long epochOf(int shard) {
        return division == null ? null : division.epochs().get(shard);
    }

    private Map<Integer, Long> withUnfinished(int generation) {
        var all = new HashMap<>(unfinished);
        all.putIfAbsent(generation, epoch + 1);
        return all;
    }
}
