package dev.concordance.operator.cluster;

import dev.concordance.operator.cluster.ClusterConnection.Trouble;
import dev.concordance.operator.elastic.ClusterFacts;
import dev.concordance.operator.kube.Parsed;
import dev.concordance.operator.kube.Patience;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Decides what is wrong with a SearchCluster, what others are told, and when to look again. */
final class ClusterPlanner {
    private static final Pattern VERSION = Pattern.compile("([0-9]+)\\.([0-9]+).*");
    private static final int OLDEST_MAJOR = 8;
    private static final int OLDEST_MINOR = 19;
    private static final Duration SOONEST = Duration.ofSeconds(2);

    private ClusterPlanner() {}

    /** What stands in the way of using the cluster; empty: nothing, or nothing is known yet. */
    static Optional<Trouble> trouble(ClusterObservation seen) {
        return switch (seen.declaration()) {
            case Parsed.Invalid<ClusterDeclaration>(var sentence) ->
                Optional.of(new Trouble(ClusterReason.InvalidSpec, sentence));
            case Parsed.Valid<ClusterDeclaration> valid ->
                seen.missing().or(seen::failure).or(() -> seen.facts().flatMap(ClusterPlanner::complaint));
        };
    }

    private static Optional<Trouble> complaint(ClusterFacts facts) {
        if (isTooOld(facts.version())) {
            return Optional.of(
                    new Trouble(ClusterReason.VersionTooOld, ClusterReason.VersionTooOld.message(facts.version())));
        }
        if (facts.readOnlyIndexes().isEmpty()) {
            return Optional.empty();
        }
        var named = facts.readOnlyIndexes().stream().sorted().limit(3).toList();
        var more = facts.readOnlyIndexes().size() - named.size();
        var indexes = String.join(", ", named) + (more > 0 ? " and " + more + " more" : "");
        return Optional.of(new Trouble(ClusterReason.DiskWatermark, ClusterReason.DiskWatermark.message(indexes)));
    }

    private static boolean isTooOld(String version) {
        var match = VERSION.matcher(version);
        if (!match.matches()) {
            return true;
        }
        var major = Integer.parseInt(match.group(1));
        return major < OLDEST_MAJOR || major == OLDEST_MAJOR && Integer.parseInt(match.group(2)) < OLDEST_MINOR;
    }

    static List<ClusterStep> plan(ClusterObservation seen, Optional<Trouble> trouble) {
        return seen.connection()
                .<List<ClusterStep>>map(connection -> List.of(new ClusterStep.Publish(connection.with(trouble))))
                .orElse(List.of(new ClusterStep.Withdraw()));
    }

    /** After trouble soon, then in growing intervals; when all is well in the regular one. */
    static Duration next(Optional<Trouble> trouble, Instant since, Instant now, Duration regular) {
        if (trouble.isEmpty()) {
            return regular;
        }
        return Patience.growing(since, now, SOONEST, regular);
    }
}
