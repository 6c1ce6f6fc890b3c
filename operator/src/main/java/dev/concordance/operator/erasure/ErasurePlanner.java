package dev.concordance.operator.erasure;

import dev.concordance.api.v1alpha1.ErasureStatus;
import dev.concordance.manifest.ErasureReport;
import dev.concordance.manifest.FailureReason;
import dev.concordance.operator.erasure.ErasureObservation.Failure;
import dev.concordance.operator.erasure.ErasureObservation.Obstacle;
import dev.concordance.operator.erasure.ErasureObservation.SeenErasingRun;
import dev.concordance.operator.erasure.ErasureObservation.Stored;
import dev.concordance.operator.erasure.ErasurePlan.Phase;
import dev.concordance.operator.kube.Parsed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Decides what is done about an Erasure: a run erases and verifies, and again whenever there is an index in which that was not done,
 * be it a new generation or one that was restored from a snapshot.
 */
final class ErasurePlanner {
    private static final int KEPT_RUNS = 3;
    private static final int UID_DIGITS = 8;
    private static final Duration FIRST_RETRY = Duration.ofSeconds(15);
    private static final Duration FIRST_CHECK = Duration.ofMinutes(1);
    private static final Duration LAST_RETRY = Duration.ofMinutes(15);
    private static final int GROWTH = 4;

    private final ErasureObservation seen;
    private final List<ErasureStep> steps = new ArrayList<>();

    private ErasurePlanner(ErasureObservation seen) {
        this.seen = seen;
    }

    static ErasurePlan plan(ErasureObservation seen) {
        if (seen.declaration() instanceof Parsed.Invalid<ErasureDeclaration>(var sentence)) {
            return resting(seen, of(ErasureReason.InvalidSpec, sentence), true);
        }
        if (seen.paused()) {
            return resting(seen, of(ErasureReason.Paused), false);
        }
        return switch (seen.stored()) {
            case Stored.Silent(var obstacle) -> resting(seen, obstacle, false);
            case Stored.Answered answered ->
                new ErasurePlanner(seen).decide(seen.declaration().valid().orElseThrow(), answered);
        };
    }

    /** Nothing is done, and how far it is stays as it was told. */
    private static ErasurePlan resting(ErasureObservation seen, Obstacle why, boolean stalled) {
        var phase = seen.previous()
                .map(ErasureStatus::phase)
                .filter(Phase.Verified.name()::equals)
                .map(Phase::valueOf)
                .orElse(Phase.Pending);
        return new ErasurePlan(List.of(), phase, Optional.of(why), stalled, Optional.empty());
    }

    private ErasurePlan decide(ErasureDeclaration declared, Stored.Answered answered) {
        forgetOldRuns();
        var refused =
                answered.report().filter(report -> report.refused() && report.matched() > declared.mostDocuments());
        if (refused.isPresent()) {
            var why = of(ErasureReason.TooManyDocuments, refused.get().matched(), declared.mostDocuments());
            return plan(Phase.Refused, Optional.of(why), true, Optional.empty());
        }
        if (answered.isVerified()) {
            return plan(Phase.Verified, Optional.empty(), false, Optional.empty());
        }
        var going = seen.runs().stream().filter(SeenErasingRun::unfinished).findFirst();
        return going.map(run -> plan(
                        Phase.Erasing,
                        Optional.of(of(ErasureReason.Erasing, run.name(), run.message())),
                        false,
                        Optional.empty()))
                .orElseGet(() ->
                        begin(answered.report().filter(ErasureReport::refused).isPresent()));
    }

    /** @param overruled whether a refusal stood in the way that somebody has overruled since */
    private ErasurePlan begin(boolean overruled) {
        var failed = failures();
        var due = failed.isEmpty() || overruled && isRefusal(failed.getFirst())
                ? seen.now()
                : failed.getFirst()
                        .endedAt()
                        .plus(pause(failed.getFirst().failed().orElseThrow(), failed.size()));
        if (due.isAfter(seen.now())) {
            var last = failed.getFirst();
            return plan(
                    Phase.Pending,
                    Optional.of(of(ErasureReason.RunFailed, last.name(), due, last.message())),
                    false,
                    Optional.of(due));
        }
        var sequence = lastSequence(seen) + 1;
        var name = "%s-%s-%d".formatted(seen.names().name(), seen.names().uid().substring(0, UID_DIGITS), sequence);
        steps.add(new ErasureStep.StartRun(name, sequence));
        return plan(
                Phase.Erasing,
                Optional.of(of(ErasureReason.Erasing, name, "it is being started")),
                false,
                Optional.empty());
    }

    private static boolean isRefusal(SeenErasingRun run) {
        return run.failed()
                .filter(failure -> failure.reason().equals(FailureReason.TooManyDocuments.name()))
                .isPresent();
    }

    /** Runs that have failed since one succeeded, the newest first. */
    private List<SeenErasingRun> failures() {
        return seen.runs().stream()
                .sorted(Comparator.comparing(SeenErasingRun::sequence).reversed())
                .takeWhile(run -> run.failed().isPresent())
                .toList();
    }

    private static Duration pause(Failure failure, int failures) {
        var pause = failure.waits() ? FIRST_CHECK : FIRST_RETRY;
        for (var i = 1; i < failures && pause.compareTo(LAST_RETRY) < 0; i++) {
            pause = pause.multipliedBy(GROWTH);
        }
        return pause.compareTo(LAST_RETRY) > 0 ? LAST_RETRY : pause;
    }

    private void forgetOldRuns() {
        seen.runs().stream()
                .filter(run -> !run.unfinished())
                .sorted(Comparator.comparing(SeenErasingRun::sequence).reversed())
                .skip(KEPT_RUNS)
                .forEach(run -> steps.add(new ErasureStep.ForgetRun(run.name())));
    }

    static int lastSequence(ErasureObservation seen) {
        var told = seen.previous()
                .map(ErasureStatus::lastRun)
                .map(ErasureStatus.Run::sequence)
                .orElse(0);
        return seen.runs().stream().mapToInt(SeenErasingRun::sequence).reduce(told, Math::max);
    }

    private ErasurePlan plan(Phase phase, Optional<Obstacle> why, boolean stalled, Optional<Instant> wakeAt) {
        return new ErasurePlan(steps, phase, why, stalled, wakeAt);
    }

    private static Obstacle of(ErasureReason reason, Object... facts) {
        return new Obstacle(reason.name(), reason.message(facts));
    }
}
