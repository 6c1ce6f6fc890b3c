package dev.concordance.operator.corpus;

import dev.concordance.api.v1alpha1.CorpusStatus;
import dev.concordance.operator.kube.Reporter.Report;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where sources are followed, counts and freshness move all the time: a status that would tell of nothing else isn't written
 * again and again.
 */
final class Steadiness {
    private static final Duration OLDEST = Duration.ofSeconds(30);

    private Steadiness() {}

    /** The report that is written: of a followed corpus what was told before, for a while, if no more than numbers have moved. */
    static Report<CorpusStatus> steady(Report<CorpusStatus> report, CorpusObservation seen) {
        var before = seen.previous();
        var continuous = seen.declaration()
                .valid()
                .filter(declared -> declared.timing().continuous())
                .isPresent();
        return continuous && before.isPresent() && onlyMoves(before.get(), report.status())
                ? new Report<>(before.get(), report.before(), report.after(), report.routine())
                : report;
    }

    private static boolean onlyMoves(CorpusStatus before, CorpusStatus now) {
        return Objects.equals(before.observedGeneration(), now.observedGeneration())
                && Objects.equals(generation(before), generation(now))
                && before.candidate() == null
                && now.candidate() == null
                && Objects.equals(before.lastRun(), now.lastRun())
                && Objects.equals(before.quarantine(), now.quarantine())
                && Objects.equals(before.withheldDeletions(), now.withheldDeletions())
                && Objects.equals(breaches(before), breaches(now))
                && sameConditions(before.conditions(), now.conditions())
                && !isOld(before, now);
    }

    private static @Nullable Integer generation(CorpusStatus status) {
        return status.serving() == null ? null : status.serving().generation();
    }

    private static @Nullable List<CorpusStatus.Breach> breaches(CorpusStatus status) {
        return status.freshness() == null ? null : status.freshness().breaches();
    }

    private static boolean isOld(CorpusStatus before, CorpusStatus now) {
        var told = freshAsOf(before);
        var known = freshAsOf(now);
        return told.isEmpty() != known.isEmpty()
                || told.isPresent() && Duration.between(told.get(), known.get()).compareTo(OLDEST) >= 0;
    }

    private static Optional<Instant> freshAsOf(CorpusStatus status) {
        return Optional.ofNullable(status.freshness())
                .map(CorpusStatus.Freshness::freshAsOf)
                .map(Instant::parse);
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
