package dev.concordance.operator.run;

import dev.concordance.api.v1alpha1.Api;
import dev.concordance.api.v1alpha1.IngestionRun;
import dev.concordance.manifest.RunMode;
import dev.concordance.operator.corpus.RunPhase;
import dev.concordance.operator.kube.Annotations;
import dev.concordance.operator.kube.Conditions;
import dev.concordance.operator.kube.Defaults;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.IntSupplier;

/**
 * Which runs of a corpus can't be at work at the same time, and which of them goes first. Each generation has one writer; a run that
 * erases writes to all of them. Only one run follows the sources, since what a queue tells it tells once.
 *
 * @param serving the generation of runs that name none; empty: there is none
 * @param most how many runs on different generations can share what they ask for
 */
record RunOrder(Optional<Integer> serving, IntSupplier most) {
    /** What serves, what is to, and what served before. */
    private static final int ALL = 3;

    /** What follows the sources goes last, and builds before it; of the others one that has begun first, then those that erase. */
    static final Comparator<IngestionRun> ORDER = Comparator.comparing(
                    (IngestionRun run) -> LaunchFinder.mode(run) == RunMode.Follow)
            .thenComparing(run -> LaunchFinder.mode(run) == RunMode.Build)
            .thenComparing(run -> !hasBegun(run))
            .thenComparing(run -> LaunchFinder.mode(run) != RunMode.Erase)
            .thenComparing(run -> Defaults.or(run.getMetadata().getCreationTimestamp(), ""))
            .thenComparing(run -> run.getMetadata().getName());

    /** Name of the run that goes before this one. */
    Optional<String> first(IngestionRun run, Collection<IngestionRun> all) {
        return all.stream()
                .filter(other -> isWaiting(other) && ORDER.compare(other, run) < 0)
                .filter(other -> LaunchFinder.mode(run) != RunMode.Follow || isAtHand(other))
                .filter(other -> excludes(run, other))
                .min(ORDER)
                .map(other -> other.getMetadata().getName());
    }

    private boolean excludes(IngestionRun one, IngestionRun other) {
        if (are(RunMode.Erase, one) || are(RunMode.Erase, other) || are(RunMode.Follow, one, other)) {
            return true;
        }
        var mine = generation(one);
        var others = generation(other);
        return mine.isPresent() && others.isPresent() && excludes(mine.get(), others.get());
    }

    /** Whether runs on these generations can't be at work at the same time. Where two can, one of them is what serves. */
    boolean excludes(int one, int other) {
        return one == other
                || most.getAsInt() < 2
                || most.getAsInt() < ALL
                        && serving.filter(live -> live == one || live == other).isEmpty();
    }

    private static boolean are(RunMode mode, IngestionRun... runs) {
        for (var run : runs) {
            if (LaunchFinder.mode(run) != mode) {
                return false;
            }
        }
        return true;
    }

    private Optional<Integer> generation(IngestionRun run) {
        return Optional.ofNullable(run.getSpec().generation()).or(() -> serving);
    }

    private static boolean isWaiting(IngestionRun run) {
        return !phase(run).isFinal()
                && !run.isMarkedForDeletion()
                && !Annotations.isTrue(run, Api.PAUSED)
                && !waitsFor(RunReason.WaitsForGeneration, run);
    }

    /** What follows the sources stops for a run that is at work, or waits for nothing else. */
    private static boolean isAtHand(IngestionRun run) {
        return phase(run) != RunPhase.Queued || waitsFor(RunReason.WaitsForPod, run);
    }

    private static boolean waitsFor(RunReason reason, IngestionRun run) {
        var conditions = run.getStatus() == null ? null : run.getStatus().conditions();
        return Conditions.find(conditions, Conditions.READY)
                .filter(ready -> reason.name().equals(ready.getReason()))
                .isPresent();
    }

    private static boolean hasBegun(IngestionRun run) {
        return LaunchFinder.mode(run) != RunMode.Build && phase(run) != RunPhase.Queued;
    }

    private static RunPhase phase(IngestionRun run) {
        return RunPhase.named(run.getStatus() == null ? null : run.getStatus().phase());
    }
}
