package dev.concordance.manifest;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may write to a corpus's generations: the ledger's document {@code lease}. Each generation has a writer of its own; one that
 * erases holds all of them. A writer takes what it writes by raising the epoch in a conditional write and checks before each bulk
 * request that it still holds it. One document, so that what was erased and who may write are decided at once.
 *
 * @param epoch the highest that was given out; all generations count together
 * @param holders by generation; {@link #ALL} of them has nobody else beside it
 * @param unfinished for each generation that a run was writing to and hasn't finished, the first epoch of which something
 *     may be half done; a run enters its generation when it takes the lease and removes it when it ends in order
 * @param erasures UIDs of Erasures that runs have carried out: a run whose specification doesn't know one of them must not write
 */
public record Lease(long epoch, Map<Integer, Holder> holders, Map<Integer, Long> unfinished, Set<String> erasures) {
    /** Id of the lease in the ledger. */
    public static final String ID = "lease";

    /** In place of a generation's number: every one. */
    public static final int ALL = 0;

    /** The lease that nobody has taken yet. */
    public static final Lease NOBODYS = new Lease(0, Map.of(), Map.of(), Set.of());

    /** One that was written before each generation had a holder has none: whoever held it takes it again, with a higher epoch. */
    @SuppressWarnings("ConstantValue")
    public Lease {
        holders = holders == null ? Map.of() : Map.copyOf(holders);
        unfinished = Map.copyOf(unfinished);
        erasures = erasures == null ? Set.of() : Set.copyOf(erasures);
    }

    /**
     * Who writes.
     *
     * @param epoch of what it writes; of workers that hold it together, of the one that came last
     * @param name of the run
     * @param division the workers that hold it together; null: one holds it alone
     */
    public record Holder(
            long epoch,
            String name,
            Instant since,
            @Nullable Division division) {}

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

    /** The lease when one writer takes a generation; writers of others keep theirs, and one that erases loses it. */
    public Lease takenBy(String writer, int generation, Instant now) {
        return taken(generation, new Holder(epoch + 1, writer, now, null));
    }

    /** The lease when a writer takes all generations that leaves nothing half done, since what it has begun it does again. */
    public Lease takenBy(String writer, Instant now) {
        return new Lease(epoch + 1, Map.of(ALL, new Holder(epoch + 1, writer, now, null)), unfinished, erasures);
    }

    /** The lease when the worker of a shard takes its part of a generation; the other shards of the same run keep theirs. */
    public Lease takenBy(String run, int shard, int generation, Instant now) {
        var holder = holders.get(generation);
        var others = holder != null && holder.name().equals(run) ? holder.division() : null;
        var epochs = new HashMap<>(others == null ? Map.<Integer, Long>of() : others.epochs());
        var begunBefore = epochs.put(shard, epoch + 1) != null;
        var clean = others == null ? !unfinished.containsKey(generation) : others.clean() && !begunBefore;
        return taken(generation, new Holder(epoch + 1, run, now, new Division(epochs, clean)));
    }

    /**
     * The lease when the holder of a generation begins something else there, as if another writer did it.
     *
     * @param done whether what it has done before is done
     */
    public Lease renewed(int generation, boolean done) {
        var holder = holders.get(generation);
        return holder == null
                ? this
                : (done ? done(generation) : this).takenBy(holder.name(), generation, holder.since());
    }

    /** The lease when no one may write who doesn't know of these Erasures. */
    public Lease requiring(Set<String> known) {
        return new Lease(epoch, holders, unfinished, known);
    }

    /** The lease when what was begun in a generation is done; its holder keeps it. */
    public Lease done(int generation) {
        return new Lease(epoch, holders, without(unfinished, generation), erasures);
    }

    /** The lease when the holder of a generation has ended in order. */
    public Lease finished(int generation) {
        return new Lease(epoch, without(holders, generation), without(unfinished, generation), erasures);
    }

    /** The lease when the worker of a shard has ended in order. */
    public Lease finished(int generation, int shard) {
        var holder = holders.get(generation);
        if (holder == null || holder.division() == null) {
            return this;
        }
        var division = holder.division();
        var rest = new Division(without(division.epochs(), shard), division.clean());
        var ended = with(generation, new Holder(holder.epoch(), holder.name(), holder.since(), rest));
        return rest.epochs().isEmpty() && rest.clean() ? ended.finished(generation) : ended;
    }

    /** The lease when the holder of a generation gets an epoch that is no less than this version. */
    public Lease outrunning(int generation, long version) {
        var holder = holders.get(generation);
        if (holder == null || holder.epoch() >= version) {
            return this;
        }
        var next = Math.max(epoch + 1, version);
        return new Lease(next, holders, unfinished, erasures)
                .with(generation, new Holder(next, holder.name(), holder.since(), holder.division()));
    }

    /**
     * The epoch of who writes to a generation; null: nobody does.
     *
     * @param shard whose worker it is; null: it writes alone
     */
    public @Nullable Long epochOf(int generation, @Nullable Integer shard) {
        var holder = holders.get(generation);
        if (holder == null) {
            return null;
        }
        var division = holder.division();
        if (shard == null) {
            return division == null ? (Long) holder.epoch() : null;
        }
        return division == null ? null : division.epochs().get(shard);
    }

    private Lease taken(int generation, Holder holder) {
        var all = new HashMap<>(unfinished);
        all.putIfAbsent(generation, holder.epoch());
        return new Lease(holder.epoch(), without(holders, ALL), all, erasures).with(generation, holder);
    }

    private Lease with(int generation, Holder holder) {
        var all = new HashMap<>(holders);
        all.put(generation, holder);
        return new Lease(epoch, all, unfinished, erasures);
    }

    private static <T> Map<Integer, T> without(Map<Integer, T> all, int key) {
        var rest = new HashMap<>(all);
        rest.remove(key);
        return rest;
    }
}
