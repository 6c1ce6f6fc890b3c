package dev.concordance.operator.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.manifest.GenerationState;
import dev.concordance.manifest.RunMode;
import dev.concordance.operator.elastic.StoredGeneration;
import dev.concordance.operator.freshness.RunTiming;
import dev.concordance.operator.freshness.ServiceLevel;
import dev.concordance.operator.freshness.Spread;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A month of runs as they are scheduled, on a virtual clock, with durations that vary by chance: answers are never too old, and runs
 * are about as few as somebody would need who knew beforehand how long each takes.
 */
final class ScheduleSimulationTest {
    private static final Duration MONTH = Duration.ofDays(30);
    private static final Duration BUILD = Duration.ofHours(1);
    /** So many runs are remembered. */
    private static final int RETAINED = 3;

    /** Of all names the one whose corpus comes latest, so that nothing but the plan keeps it from coming too late. */
    private static final String LATEST = IntStream.range(0, 10_000)
            .mapToObj(number -> "cc-docs.corpus-" + number)
            .min(Comparator.comparingDouble(alias -> Spread.of(alias).share()))
            .orElseThrow();

    private final Random random = new Random(20_261_126);

    /**
     * What became of a month.
     *
     * @param fewest runs with which answers would have been just fresh enough
     * @param stalest age of answers when they became fresher
     * @param alarms how often it was said between runs that answers are going to be too old
     */
    private record Month(int runs, double fewest, Duration stalest, int alarms) {
        double excess() {
            return runs / fewest;
        }
    }

    @ParameterizedTest(name = "{0} of staleness, runs of {1} to {2} s")
    @CsvSource({
        "PT2M, 2, 5, 1.18",
        "PT15M, 30, 50, 1.06",
        "PT1H, 30, 50, 1.02",
        "PT1H, 300, 440, 1.10",
        "PT24H, 600, 890, 1.01"
    })
    void keepsAnswersFreshWithAboutAsFewRunsAsPossible(
            Duration maxStaleness, int shortest, int longest, double allowed) {
        var month = simulate(LATEST, maxStaleness, shortest, longest);
        assertThat(month.stalest()).isLessThanOrEqualTo(maxStaleness);
        assertThat(month.alarms()).as("the plan keeps what it is made to keep").isZero();
        assertThat(month.excess()).isBetween(1.0, allowed);
        System.out.printf(
                "%s of staleness, runs of %d to %d s: %d runs, %.1f %% more than needed, answers at most %s old%n",
                maxStaleness, shortest, longest, month.runs(), 100 * (month.excess() - 1), month.stalest());
    }

    @ParameterizedTest
    @CsvSource({"PT15M, 30, 50, 1.06", "PT1H, 30, 50, 1.02"})
    void keepsThemFreshWhereverACorpusStandsAmongOthersForATenthMoreAtMost(
            Duration maxStaleness, int shortest, int longest, double allowed) {
        for (var number = 0; number < 20; number++) {
            var alias = "cc-docs.corpus-" + number;
            var month = simulate(alias, maxStaleness, shortest, longest);
            assertThat(month.stalest()).isLessThanOrEqualTo(maxStaleness);
            assertThat(month.excess() * (1 - Spread.of(alias).share() / 10)).isBetween(1.0, allowed);
        }
    }

    private Month simulate(String alias, Duration maxStaleness, int shortest, int longest) {
        var end = CorpusWorld.START.plus(MONTH);
        var now = CorpusWorld.START;
        var freshAsOf = now;
        var stalest = Duration.ZERO;
        var mostBetween = Duration.ZERO;
        var alarms = 0;
        var count = 0;
        var runs = List.of(run(0, RunMode.Build, now.minus(BUILD), now));
        while (now.isBefore(end)) {
            var live = live(freshAsOf);
            var schedule = schedule(alias, maxStaleness, now, live, runs);
            var next = schedule.incremental(false);
            alarms += schedule.forecast(live.state().orElseThrow(), next).foreseesBreach(now) ? 1 : 0;
            var due = next.orElseThrow();
            var start = due.at().isAfter(now) ? due.at() : now;
            var listing = start.plus(seconds(3, 9));
            var work = seconds(shortest, longest);
            now = listing.plus(work);
            var age = Duration.between(freshAsOf, now);
            stalest = age.compareTo(stalest) > 0 ? age : stalest;
            mostBetween = mostBetween.plus(maxStaleness).minus(work);
            freshAsOf = listing;
            count++;
            runs = Stream.concat(Stream.of(run(count, RunMode.Incremental, start, now)), runs.stream())
                    .limit(RETAINED)
                    .toList();
        }
        var took = Duration.between(CorpusWorld.START, now);
        return new Month(count, (double) took.toMillis() * count / mostBetween.toMillis(), stalest, alarms);
    }

    private Duration seconds(int least, int most) {
        return Duration.ofMillis(random.nextInt(1_000 * least, 1_000 * most));
    }

    private static RunSchedule schedule(
            String alias, Duration maxStaleness, Instant now, StoredGeneration live, List<SeenRun> runs) {
        var world = new CorpusWorld();
        var level = new ServiceLevel(maxStaleness, new BigDecimal("99.5"), Duration.ofDays(7));
        world.timing = new RunTiming(level, Optional.empty(), Optional.empty(), false, false);
        var seen = world.observe();
        var with = new CorpusObservation(
                alias,
                seen.declaration(),
                seen.paused(),
                seen.missing(),
                seen.desired(),
                seen.sourcesDigest(),
                seen.inputs(),
                seen.backend(),
                runs,
                seen.inlet(),
                seen.previous(),
                seen.approved(),
                seen.approvedPlan(),
                RETAINED,
                now);
        return new RunSchedule(with, seen.declaration().valid().orElseThrow(), live);
    }

    private static StoredGeneration live(Instant freshAsOf) {
        var world = new CorpusWorld();
        var state = new GenerationState(
                1, "run", freshAsOf, 1, 3, 300, 0, 0, world.sources, Map.of(), List.of(), null, null, null, null);
        return new StoredGeneration(1, world.observe().desired(), true, true, Optional.empty(), 0, Optional.of(state));
    }

    private static SeenRun run(int number, RunMode mode, Instant start, Instant end) {
        return new SeenRun(
                "handbook-" + number,
                number,
                true,
                Optional.of(mode),
                Optional.of(1),
                RunPhase.Succeeded,
                start,
                Optional.of(start),
                Optional.of(end),
                Optional.of("inputs"),
                Optional.empty(),
                Optional.empty(),
                false);
    }
}
