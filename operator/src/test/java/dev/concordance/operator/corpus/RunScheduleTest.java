package dev.concordance.operator.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.api.v1alpha1.CorpusStatus;
import dev.concordance.manifest.GenerationState;
import dev.concordance.manifest.RunMode;
import dev.concordance.operator.corpus.CorpusStep.Trigger;
import dev.concordance.operator.corpus.SeenRun.RunFailure;
import dev.concordance.operator.elastic.StoredGeneration;
import dev.concordance.operator.freshness.CronSchedule;
import dev.concordance.operator.freshness.DailyWindow;
import dev.concordance.operator.freshness.RunTiming;
import dev.concordance.operator.freshness.Spread;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** When the next run is due, and why, case by case; a corpus allows 15 minutes of staleness. */
final class RunScheduleTest {
    private static final Instant NOW = CorpusWorld.START;
    private static final int CORPORA = 200;
    private static final Spread HANDBOOK = Spread.of("cc-docs.handbook");
    private static final Optional<GenerationState> NEVER_SYNCED = Optional.empty();

    /** What was seen, and in how many seconds from now the run is due; -1: not at all. */
    private record Case(
            String name,
            Optional<GenerationState> state,
            List<SeenRun> runs,
            boolean building,
            long seconds,
            Trigger trigger) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Stream<Case> incremental() {
        var jitter = jitter(Duration.ofSeconds(845));
        return Stream.of(
                new Case("at once where nothing is known", NEVER_SYNCED, List.of(), false, 0, Trigger.Schedule),
                new Case(
                        "at once for other sources",
                        state(10, "others"),
                        List.of(succeeded(10, 4, "others")),
                        false,
                        0,
                        Trigger.SourcesChanged),
                new Case(
                        "not again for sources that were tried as they are",
                        state(0, "others"),
                        List.of(succeeded(0, 4, "inputs")),
                        false,
                        // 900 s less 1.5 × 4 s and a pod's start
                        884 - jitter(Duration.ofSeconds(884)),
                        Trigger.Schedule),
                new Case(
                        "early enough for a run of unknown length",
                        state(0, "sources-1"),
                        List.of(),
                        false,
                        845 - jitter,
                        Trigger.Schedule),
                new Case(
                        "early enough for a run that takes as long as the build, of which alone is known how long it took",
                        state(0, "sources-1"),
                        List.of(built(100)),
                        false,
                        740 - jitter(Duration.ofSeconds(740)),
                        Trigger.Schedule),
                new Case(
                        "early enough for the longest run that is remembered",
                        state(100, "sources-1"),
                        List.of(succeeded(100, 20, "inputs"), succeeded(900, 120, "inputs")),
                        false,
                        710 - jitter(Duration.ofSeconds(710)) - 100,
                        Trigger.Schedule),
                new Case(
                        "not more often than four times the staleness that is allowed",
                        state(0, "sources-1"),
                        List.of(succeeded(0, 3_000, "inputs")),
                        false,
                        225 - jitter(Duration.ofSeconds(225)),
                        Trigger.Schedule),
                new Case(
                        "not while one is on its way",
                        NEVER_SYNCED,
                        List.of(run(RunPhase.Indexing, 5, 0, "inputs", false)),
                        false,
                        -1,
                        Trigger.Schedule),
                new Case(
                        "soon after a failure",
                        NEVER_SYNCED,
                        List.of(failed(5, false)),
                        false,
                        retry(15) - 5,
                        Trigger.Retry),
                new Case(
                        "four times later after each further failure",
                        NEVER_SYNCED,
                        List.of(failed(5, false), failed(60, false)),
                        false,
                        retry(60) - 5,
                        Trigger.Retry),
                new Case(
                        "at the latest five minutes after the last failure",
                        NEVER_SYNCED,
                        List.of(failed(5, false), failed(60, false), failed(200, false), failed(600, false)),
                        false,
                        retry(300) - 5,
                        Trigger.Retry),
                new Case(
                        "as after the first failure where a success lies between",
                        NEVER_SYNCED,
                        List.of(failed(5, false), succeeded(60, 4, "inputs"), failed(90, false)),
                        false,
                        retry(15) - 5,
                        Trigger.Retry),
                new Case(
                        "later where somebody has to act",
                        NEVER_SYNCED,
                        List.of(failed(5, true)),
                        false,
                        retry(60) - 5,
                        Trigger.Retry),
                new Case(
                        "at once where what failed has changed",
                        NEVER_SYNCED,
                        List.of(run(RunPhase.Failed, 10, 5, "former", true)),
                        false,
                        0,
                        Trigger.Schedule),
                new Case(
                        "when its slice of time comes beside a build",
                        state(895, "sources-1"),
                        List.of(succeeded(10, 100, "inputs")),
                        true,
                        90,
                        Trigger.Schedule));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("incremental")
    void keepsTheLiveGenerationFresh(Case given) {
        var due = schedule(given.runs(), given.state(), "cc-docs.handbook").incremental(given.building());
        if (given.seconds() < 0) {
            assertThat(due).isEmpty();
            return;
        }
        assertThat(due).hasValueSatisfying(found -> {
            assertThat(Duration.between(NOW, found.at()))
                    .isCloseTo(Duration.ofSeconds(given.seconds()), Duration.ofSeconds(1));
            assertThat(found.trigger()).isEqualTo(given.trigger());
        });
    }

    private static Stream<Case> build() {
        return Stream.of(
                new Case("at once where it is empty", NEVER_SYNCED, List.of(), false, 0, Trigger.Build),
                new Case(
                        "a moment after one that succeeded and of which the ledger tells nothing",
                        NEVER_SYNCED,
                        List.of(succeeded(5, 4, "inputs")),
                        false,
                        25,
                        Trigger.Build),
                new Case(
                        "soon after a failure",
                        NEVER_SYNCED,
                        List.of(failed(5, false)),
                        false,
                        retry(15) - 5,
                        Trigger.Retry),
                new Case(
                        "not while one is on its way",
                        NEVER_SYNCED,
                        List.of(run(RunPhase.Listing, 5, 0, "inputs", false)),
                        false,
                        -1,
                        Trigger.Build));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("build")
    void fillsACandidate(Case given) {
        var due = schedule(given.runs(), given.state(), "cc-docs.handbook").build();
        assertThat(due.map(found -> Math.round(Duration.between(NOW, found.at()).toMillis() / 1_000.0)))
                .isEqualTo(given.seconds() < 0 ? Optional.empty() : Optional.of(given.seconds()));
        assertThat(due.map(RunSchedule.Due::trigger))
                .isEqualTo(given.seconds() < 0 ? Optional.empty() : Optional.of(given.trigger()));
    }

    @Test
    void looksOnlyAtTheRunsOfItsGeneration() {
        var other = new ArrayList<SeenRun>();
        other.add(of(run(RunPhase.Indexing, 5, 0, "inputs", false), Optional.of(2)));
        other.add(of(failed(5, true), Optional.of(2)));
        assertThat(schedule(other, NEVER_SYNCED, "cc-docs.handbook").incremental(false))
                .contains(new RunSchedule.Due(NOW, Trigger.Schedule));
        var undecided = List.of(of(run(RunPhase.Queued, 5, 0, "inputs", false), Optional.empty()));
        assertThat(schedule(undecided, NEVER_SYNCED, "cc-docs.handbook").incremental(false))
                .isEmpty();
    }

    @Test
    void spreadsCorporaOverATenthOfThePeriodToTheEarlySide() {
        var moments = moments(alias -> schedule(List.of(), state(0, "sources-1"), alias));
        assertThat(moments).allMatch(at -> !at.isAfter(NOW.plusSeconds(845)) && at.isAfter(NOW.plusSeconds(845 - 85)));
        assertSpread(moments, Duration.ofSeconds(84));
    }

    @ParameterizedTest
    @CsvSource({"false, 15", "true, 60"})
    void spreadsRetriesOverHalfOfTheirDelay(boolean waits, long delay) {
        var moments = moments(alias -> schedule(List.of(failed(0, waits)), NEVER_SYNCED, alias));
        assertThat(moments)
                .allMatch(at -> !at.isAfter(NOW.plusSeconds(delay)) && !at.isBefore(NOW.plusMillis(delay * 500)));
        assertSpread(moments, Duration.ofMillis(delay * 500));
    }

    @ParameterizedTest
    @CsvSource({"0 3 * * *, 60", "*/5 * * * *, 30", "* * * * *, 6"})
    void spreadsRunsThatArePinnedToTheSameMomentsOverAMinuteOrATenthOfThePeriod(String cron, long most) {
        var daily = new CronSchedule(cron, ZoneOffset.UTC);
        var pinned = daily.after(NOW);
        var timing = new RunTiming(CorpusWorld.LEVEL, Optional.of(daily), Optional.empty(), false, false);
        var moments = moments(alias -> schedule(List.of(), state(0, "sources-1"), alias, timing, Optional.empty()));
        assertThat(moments).allMatch(at -> !at.isBefore(pinned) && at.isBefore(pinned.plusSeconds(most)));
        assertSpread(moments, Duration.ofSeconds(most));
    }

    @Test
    void spreadsTheBeginningOfAWindowOverAMinuteAlsoForThoseWhoLookWithinIt() {
        var opens = NOW.plus(Duration.ofHours(2));
        var from = LocalTime.ofInstant(opens, ZoneOffset.UTC);
        var window = new DailyWindow(from, from.plusHours(8), ZoneOffset.UTC);
        var timing = new RunTiming(CorpusWorld.LEVEL, Optional.empty(), Optional.of(window), false, false);
        var moments = moments(alias -> schedule(List.of(), NEVER_SYNCED, alias, timing, Optional.empty()));
        assertThat(moments).allMatch(at -> !at.isBefore(opens) && at.isBefore(opens.plusSeconds(60)));
        assertSpread(moments, Duration.ofMinutes(1));
        for (var corpus = 0; corpus < CORPORA; corpus++) {
            assertThat(timing.open(opens.plusMillis(1), Spread.of("cc-docs.corpus-" + corpus)))
                    .isEqualTo(moments.get(corpus));
        }
        var later = opens.plusSeconds(61);
        assertThat(timing.open(later, HANDBOOK)).isEqualTo(later);
    }

    @Test
    void spreadsWhatAnOutageOfElasticsearchHasHeldUpAndNothingElse() {
        var timing = new RunTiming(CorpusWorld.LEVEL, Optional.empty(), Optional.empty(), false, false);
        var away = Optional.of(elasticsearch("False", NOW.minusSeconds(1_000)));
        var back = Optional.of(elasticsearch("True", NOW.minusSeconds(10)));
        var heldUp = state(1_800, "sources-1");
        var moments = moments(alias -> schedule(List.of(), heldUp, alias, timing, away));
        assertThat(moments).allMatch(at -> !at.isBefore(NOW) && at.isBefore(NOW.plusSeconds(60)));
        assertSpread(moments, Duration.ofMinutes(1));
        assertThat(moments(alias -> schedule(List.of(), heldUp, alias, timing, back)))
                .as("ten seconds later those that haven't begun keep to their moment")
                .allMatch(at -> !at.isBefore(NOW) && at.isBefore(NOW.plusSeconds(50)))
                .anyMatch(at -> at.isAfter(NOW.plusSeconds(45)))
                .anyMatch(NOW::equals);
        assertThat(moments(alias -> schedule(List.of(), NEVER_SYNCED, alias, timing, back)))
                .as("what is wanted now is done now")
                .containsOnly(NOW);
        var longAgo = Optional.of(elasticsearch("True", NOW.minus(Duration.ofDays(1))));
        assertThat(moments(alias -> schedule(List.of(), heldUp, alias, timing, longAgo)))
                .containsOnly(NOW);
    }

    private static CorpusStatus elasticsearch(String status, Instant since) {
        var condition = new ConditionBuilder()
                .withType(CorpusConditions.ELASTICSEARCH_READY)
                .withStatus(status)
                .withLastTransitionTime(since.toString())
                .build();
        return new CorpusStatus(
                null, null, null, null, null, null, null, null, null, null, null, null, List.of(condition));
    }

    /** When the run of each of many corpora is due. */
    private static List<Instant> moments(Function<String, RunSchedule> schedule) {
        return IntStream.range(0, CORPORA)
                .mapToObj(corpus -> schedule.apply("cc-docs.corpus-" + corpus)
                        .incremental(false)
                        .orElseThrow()
                        .at())
                .toList();
    }

    /** Each tenth of the time has about a tenth of all, and of the first ten, whose names count up, no two are close together. */
    private static void assertSpread(List<Instant> moments, Duration over) {
        var first = moments.stream().min(Instant::compareTo).orElseThrow();
        var tenths = moments.stream()
                .collect(Collectors.groupingBy(
                        at -> Duration.between(first, at).toMillis() * 10 / over.toMillis(), Collectors.counting()));
        assertThat(tenths.values()).allMatch(corpora -> corpora < CORPORA / 5);
        assertThat(tenths).hasSizeGreaterThan(8);
        var some = moments.stream().limit(10).sorted().toList();
        for (var i = 1; i < some.size(); i++) {
            assertThat(Duration.between(some.get(i - 1), some.get(i))).isGreaterThan(over.dividedBy(50));
        }
    }

    private static RunSchedule schedule(List<SeenRun> runs, Optional<GenerationState> state, String alias) {
        return schedule(runs, state, alias, new CorpusWorld().timing, Optional.empty());
    }

    private static RunSchedule schedule(
            List<SeenRun> runs,
            Optional<GenerationState> state,
            String alias,
            RunTiming timing,
            Optional<CorpusStatus> before) {
        var world = new CorpusWorld();
        world.timing = timing;
        var seen = world.observe();
        var with = new CorpusObservation(
                alias,
                seen.declaration(),
                seen.paused(),
                seen.missing(),
                seen.desired(),
                seen.sourcesDigest(),
                "inputs",
                seen.backend(),
                runs,
                seen.inlet(),
                before,
                seen.approved(),
                seen.approvedPlan(),
                seen.retained(),
                NOW);
        var live = new StoredGeneration(1, seen.desired(), true, true, Optional.empty(), 0, state);
        return new RunSchedule(with, seen.declaration().valid().orElseThrow(), live);
    }

    private static long jitter(Duration period) {
        return Math.round(period.toSeconds() * HANDBOOK.share() / 10);
    }

    /** In how many seconds a run is tried again that would be after so many without a spread. */
    private static long retry(long seconds) {
        return Math.round(seconds * (1 - HANDBOOK.share() / 2));
    }

    private static Optional<GenerationState> state(long secondsAgo, String sources) {
        return Optional.of(new GenerationState(
                1,
                "run",
                NOW.minusSeconds(secondsAgo),
                1,
                3,
                300,
                0,
                0,
                sources,
                Map.of(),
                List.of(),
                null,
                null,
                null,
                null));
    }

    private static SeenRun succeeded(long secondsAgo, long took, String inputs) {
        return run(RunPhase.Succeeded, secondsAgo + took, secondsAgo, inputs, false);
    }

    private static SeenRun built(long took) {
        var run = succeeded(0, took, "inputs");
        return of(run, Optional.of(RunMode.Build), run.generation());
    }

    private static SeenRun failed(long secondsAgo, boolean waits) {
        return run(RunPhase.Failed, secondsAgo + 4, secondsAgo, "inputs", waits);
    }

    private static SeenRun run(RunPhase phase, long begun, long ended, String inputs, boolean waits) {
        return new SeenRun(
                "handbook-" + begun,
                begun,
                true,
                Optional.of(RunMode.Incremental),
                Optional.of(1),
                phase,
                NOW.minusSeconds(begun),
                Optional.of(NOW.minusSeconds(begun)),
                phase.isFinal() ? Optional.of(NOW.minusSeconds(ended)) : Optional.empty(),
                Optional.of(inputs),
                phase == RunPhase.Failed
                        ? Optional.of(new RunFailure("SourceUnreachable", "a sentence", waits))
                        : Optional.empty(),
                Optional.empty(),
                false);
    }

    private static SeenRun of(SeenRun run, Optional<Integer> generation) {
        return of(run, run.mode(), generation);
    }

    private static SeenRun of(SeenRun run, Optional<RunMode> mode, Optional<Integer> generation) {
        return new SeenRun(
                run.name(),
                run.sequence(),
                run.ours(),
                mode,
                generation,
                run.phase(),
                run.createdAt(),
                run.startedAt(),
                run.finishedAt(),
                run.inputs(),
                run.failure(),
                run.counts(),
                run.going());
    }
}
