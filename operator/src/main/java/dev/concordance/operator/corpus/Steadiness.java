package dev.concordance.operator.corpus;

import dev.concordance.api.v1alpha1.CorpusStatus;
import dev.concordance.operator.kube.Reporter.Report;
import io.fabric8.kubernetes.api.model.Condition;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Where sources are followed, counts and moments move all the time: a status that would tell of nothing else is written no more
 * often than every half minute. When it was written is remembered here alone, so an operator that has just started writes once more.
 */
final class Steadiness {
    private static final Duration PAUSE = Duration.ofSeconds(30);

    private final Map<ResourceID, Instant> written = new ConcurrentHashMap<>();

    void forget(ResourceID corpus) {
        written.remove(corpus);
    }

    /** The report that is written: of a followed corpus what was told before, for a while, if no more than numbers have moved. */
    Report<CorpusStatus> steady(ResourceID corpus, Report<CorpusStatus> report, CorpusObservation seen) {
        var before = seen.previous();
        if (before.filter(report.status()::equals).isPresent()) {
            return report;
        }
        if (isFollowed(seen) && wasJustWritten(corpus, seen.now()) && onlyMoves(before, report.status())) {
            return new Report<>(before.orElseThrow(), report.before(), report.after(), report.routine());
        }
        written.put(corpus, seen.now());
        return report;
    }

    private static boolean isFollowed(CorpusObservation seen) {
        return seen.declaration()
                .valid()
                .filter(declared -> declared.timing().continuous())
                .isPresent();
    }

    private boolean wasJustWritten(ResourceID corpus, Instant now) {
        return Optional.ofNullable(written.get(corpus))
                .filter(at -> now.isBefore(at.plus(PAUSE)))
                .isPresent();
    }

    private static boolean onlyMoves(Optional<CorpusStatus> told, CorpusStatus now) {
        return told.filter(before -> Objects.equals(before.observedGeneration(), now.observedGeneration())
                        && Objects.equals(generation(before), generation(now))
                        && before.candidate() == null
                        && now.candidate() == null
                        && Objects.equals(before.lastRun(), now.lastRun())
                        && Objects.equals(before.quarantine(), now.quarantine())
                        && Objects.equals(before.withheldDeletions(), now.withheldDeletions())
                        && Objects.equals(breaches(before), breaches(now))
                        && Objects.equals(budget(before), budget(now))
                        && sameConditions(before.conditions(), now.conditions()))
                .isPresent();
    }

    private static @Nullable Integer generation(CorpusStatus status) {
        return status.serving() == null ? null : status.serving().generation();
    }

    private static @Nullable List<CorpusStatus.Breach> breaches(CorpusStatus status) {
        return status.freshness() == null ? null : status.freshness().breaches();
    }

    /** Each percent that is left; of a small budget that is used up a hundred could go in a second. */
    private static @Nullable String budget(CorpusStatus status) {
        var left = status.freshness() == null ? null : status.freshness().errorBudgetRemaining();
        return left != null && left.startsWith("-") ? "none" : left;
    }

    private static boolean sameConditions(@Nullable List<Condition> before, @Nullable List<Condition> now) {
        return before != null && now != null && essence(before).equals(essence(now));
    }

    private static List<List<String>> essence(List<Condition> conditions) {
        return conditions.stream()
                .map(condition -> List.of(condition.getType(), condition.getStatus(), condition.getReason()))
                .toList();
    }
}
