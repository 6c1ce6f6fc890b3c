package dev.concordance.operator.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.api.v1alpha1.CorpusStatus;
import dev.concordance.manifest.GenerationState.ChangeLatency;
import dev.concordance.operator.corpus.CorpusObservation.Obstacle;
import dev.concordance.operator.freshness.CronSchedule;
import dev.concordance.operator.freshness.DailyWindow;
import dev.concordance.operator.freshness.RunTiming;
import dev.concordance.operator.freshness.Spread;
import dev.concordance.operator.kube.Conditions;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How the age of answers is foreseen, told and counted, on a virtual clock; a corpus allows 15 minutes, in 99.5 % of 7 days. */
final class FreshnessTest {
    private static final Spread HANDBOOK = Spread.of(CorpusWorld.NAMES.alias());

    private final CorpusWorld world = new CorpusWorld();

    private CorpusStatus.Freshness told() {
        return Objects.requireNonNull(world.status.orElseThrow().freshness());
    }

    private void serve() {
        world.settle(1);
        world.finishRuns(3);
        world.settle(1);
    }

    /** Lets the clock run to where the operator wants to look again, at most for so long. */
    private void live(Duration time) {
        var end = world.now.plus(time);
        while (world.now.isBefore(end)) {
            var plan = world.reconcile(1);
            var next = plan.wakeAt().filter(at -> at.isBefore(end)).orElse(end);
            world.now = next.isAfter(world.now) ? next : world.now.plusSeconds(1);
        }
        world.reconcile(1);
    }

    @Test
    void foreseesThatAPausedEmbedderMakesAnswersTooOldAndCountsTheTimeUntilItGoesOn() {
        serve();
        var freshAsOf = world.now;
        live(Duration.ofMinutes(14));
        assertThat(world.runs.values()).anyMatch(SeenRun::isUnfinished);
        var started = world.runs.values().stream()
                .filter(SeenRun::isUnfinished)
                .findFirst()
                .orElseThrow()
                .createdAt();
        Optional<Instant> foreseen = Optional.empty();
        while (foreseen.isEmpty()) {
            var plan = world.reconcile(1);
            if (world.reason(CorpusConditions.FRESH).equals("BreachForecast")) {
                foreseen = Optional.of(world.now);
            } else {
                world.now = plan.wakeAt().orElseThrow();
            }
        }
        assertThat(foreseen.get()).isAfter(started).isBefore(freshAsOf.plus(Duration.ofMinutes(15)));
        assertThat(world.truth(CorpusConditions.FRESH)).isEqualTo("False");
        assertThat(world.message(CorpusConditions.FRESH))
                .startsWith(
                        "answers are going to be older than 15m at " + freshAsOf.plus(Duration.ofMinutes(15)) + ", in ")
                .endsWith("s: run handbook-2 is indexing");
        assertThat(world.truth(Conditions.READY)).isEqualTo("True");
        assertThat(told().errorBudgetRemaining()).isEqualTo("1.00");

        world.now = freshAsOf.plus(Duration.ofMinutes(15)).plusSeconds(756);
        world.reconcile(1);
        assertThat(world.reason(CorpusConditions.FRESH)).isEqualTo("Stale");
        assertThat(world.truth(Conditions.READY)).isEqualTo("False");
        assertThat(world.message(CorpusConditions.FRESH))
                .endsWith("the error budget lasts until "
                        + freshAsOf.plus(Duration.ofMinutes(15)).plusSeconds(3_024));
        assertThat(told().errorBudgetRemaining()).isEqualTo("0.75");
        assertThat(told().breaches()).isNull();

        world.finishRuns(3);
        world.pass(Duration.ofSeconds(3));
        world.reconcile(1);
        assertThat(world.reason(CorpusConditions.FRESH)).isEqualTo("Fresh");
        assertThat(world.truth(Conditions.READY)).isEqualTo("True");
        assertThat(told().breaches())
                .containsExactly(new CorpusStatus.Breach(
                        freshAsOf.plus(Duration.ofMinutes(15)).toString(),
                        freshAsOf.plus(Duration.ofMinutes(15)).plusSeconds(756).toString(),
                        756L));
        assertThat(told().errorBudgetRemaining()).isEqualTo("0.75");
    }

    @Test
    void tellsHowLongChangesTookAsTheLastRunHasLeftIt() {
        serve();
        assertThat(told().changeToSearchable()).isNull();
        var since = world.now;
        world.changes = Optional.of(
                new ChangeLatency(since.plusMillis(7), since.plus(Duration.ofHours(6)), 412, 840, 9_999, 754_500));
        world.pass(Duration.ofMinutes(14));
        world.settle(1);
        world.finishRuns(3);
        world.reconcile(1);
        var changes = new CorpusStatus.ChangeToSearchable(412L, "840ms", "9999ms", "755s", since.toString());
        assertThat(told().changeToSearchable()).isEqualTo(changes);
        assertThat(ChangeLatencies.seconds(changes.p50())).contains(0.84);
        assertThat(ChangeLatencies.seconds(changes.p99())).contains(755.0);
        assertThat(ChangeLatencies.seconds(null)).isEmpty();

        world.silent = Optional.of(new Obstacle("ElasticsearchUnreachable", "it is away"));
        world.reconcile(1);
        assertThat(told().changeToSearchable()).as("while nobody knows better").isEqualTo(changes);
    }

    @Test
    void tellsNothingOfChangesThatHaveLeftTheWindowThoughNoRunHasEndedSince() {
        serve();
        var until = world.now.plus(Duration.ofHours(6));
        world.changes = Optional.of(new ChangeLatency(world.now, until, 1, 10, 10, 10));
        world.elasticsearch.put(CorpusWorld.NAMES, world.state(1, 3));
        world.timing = new RunTiming(world.timing.level(), Optional.empty(), Optional.empty(), true, false);
        world.now = until.plus(Duration.ofDays(7)).minusSeconds(1);
        world.reconcile(1);
        assertThat(told().changeToSearchable()).isNotNull();
        world.pass(Duration.ofSeconds(1));
        world.reconcile(1);
        assertThat(told().changeToSearchable()).isNull();
    }

    @Test
    void forgetsABreachThatHasLeftTheWindow() {
        serve();
        world.pass(Duration.ofMinutes(20));
        world.settle(1);
        world.finishRuns(3);
        world.reconcile(1);
        var first = Objects.requireNonNull(told().breaches()).getFirst();
        assertThat(first.staleSeconds()).isEqualTo(300);
        world.pass(Duration.ofDays(7));
        world.settle(1);
        world.finishRuns(3);
        world.reconcile(1);
        assertThat(told().breaches()).hasSize(1).doesNotContain(first);
    }

    @Test
    void saysThatTheBudgetIsUsedUp() {
        serve();
        world.pass(Duration.ofMinutes(15).plusSeconds(3_025));
        world.reconcile(1);
        assertThat(world.message(CorpusConditions.FRESH)).endsWith("the error budget is used up");
        assertThat(told().errorBudgetRemaining()).isEqualTo("-0.01");
    }

    @Test
    void expectsNothingOfARunThatWaitsForSomebody() {
        serve();
        live(Duration.ofMinutes(14));
        world.failRuns("SourceUnauthorized", true);
        world.reconcile(1);
        assertThat(world.reason(CorpusConditions.FRESH)).isEqualTo("BreachForecast");
        assertThat(world.message(CorpusConditions.FRESH)).contains("a sentence about SourceUnauthorized");
    }

    @Test
    void expectsNothingOfARunThatSomebodyHasToLetStart() {
        serve();
        live(Duration.ofMinutes(14));
        world.holdUpRuns("ErasuresMissing");
        world.reconcile(1);
        assertThat(world.reason(CorpusConditions.FRESH)).isEqualTo("BreachForecast");
        assertThat(world.message(CorpusConditions.FRESH)).contains("a sentence about ErasuresMissing");
    }

    @Test
    void expectsNothingOfTheFourthRunWhereThreeHaveFailed() {
        serve();
        live(Duration.ofMinutes(5));
        world.sources = "sources-2";
        for (var failure = 0; failure < 3; failure++) {
            live(Duration.ofMinutes(failure));
            world.failRuns("SourceUnreachable", false);
            world.reconcile(1);
            assertThat(world.reason(CorpusConditions.FRESH)).isEqualTo(failure < 2 ? "Fresh" : "BreachForecast");
        }
        assertThat(told().nextRun())
                .isLessThan(world.now.plus(Duration.ofMinutes(5)).toString());
    }

    @Test
    void foreseesThatAPausedCorpusGetsTooOldWhenHalfOfTheTimeHasPassed() {
        serve();
        world.paused = true;
        live(Duration.ofMinutes(7));
        assertThat(world.reason(CorpusConditions.FRESH)).isEqualTo("Fresh");
        live(Duration.ofMinutes(1));
        assertThat(world.reason(CorpusConditions.FRESH)).isEqualTo("BreachForecast");
        assertThat(world.message(CorpusConditions.FRESH)).endsWith("in 7m: paused");
        live(Duration.ofMinutes(7).minusSeconds(6));
        assertThat(world.message(CorpusConditions.FRESH)).endsWith("in less than 10s: paused");
        live(Duration.ofMinutes(1));
        assertThat(world.reason(CorpusConditions.FRESH)).isEqualTo("Stale");
    }

    @Test
    void tellsWhatKeepsAPodFromStarting() {
        serve();
        live(Duration.ofMinutes(14));
        world.strugglingRuns("PodWaits");
        live(Duration.ofMinutes(2));
        assertThat(world.reason(CorpusConditions.FRESH)).isEqualTo("Stale");
        assertThat(world.message(CorpusConditions.FRESH))
                .contains("run handbook-2 is indexing: a sentence about PodWaits; the error budget");
    }

    @Test
    void foreseesItWhileElasticsearchIsSilent() {
        serve();
        world.silent = Optional.of(new CorpusObservation.Obstacle("Unreachable", "no answer"));
        world.pass(Duration.ofMinutes(8));
        world.reconcile(1);
        assertThat(world.reason(CorpusConditions.FRESH)).isEqualTo("BreachForecast");
        assertThat(told().errorBudgetRemaining()).isEqualTo("1.00");
        world.pass(Duration.ofMinutes(7).plusSeconds(756));
        world.reconcile(1);
        assertThat(told().errorBudgetRemaining()).isEqualTo("0.75");
    }

    @Test
    void keepsWhatIsKnownWhileTheDeclarationIsWrong() {
        serve();
        world.pass(Duration.ofMinutes(20));
        world.settle(1);
        world.finishRuns(3);
        world.reconcile(1);
        var before = told();
        assertThat(before.breaches()).hasSize(1);
        world.invalid = "spec.sources is empty";
        world.reconcile(1);
        assertThat(told()).isEqualTo(before);
    }

    @Test
    void startsNoRunWhereRunsAreSuspended() {
        world.timing = new RunTiming(CorpusWorld.LEVEL, Optional.empty(), Optional.empty(), true, false);
        world.settle(1);
        assertThat(world.runs).isEmpty();
        assertThat(world.message(Conditions.READY))
                .isEqualTo("generation 1, the first one, is being built: no run is started, since"
                        + " spec.ingestion.suspend is true");
        world.timing = new RunTiming(CorpusWorld.LEVEL, Optional.empty(), Optional.empty(), false, false);
        serve();
        world.timing = new RunTiming(CorpusWorld.LEVEL, Optional.empty(), Optional.empty(), true, false);
        live(Duration.ofHours(2));
        assertThat(world.runs).hasSize(1);
        assertThat(told().nextRun()).isNull();
        assertThat(world.message(CorpusConditions.FRESH)).contains("since spec.ingestion.suspend is true");
    }

    @Test
    void startsRunsWithinTheirWindowOnly() {
        var begins = world.now.plus(Duration.ofHours(2));
        var from = LocalTime.ofInstant(begins, ZoneOffset.UTC);
        var opens = begins.plus(HANDBOOK.lateness(Duration.ofHours(1)));
        var window = new DailyWindow(from, from.plusHours(1), ZoneOffset.UTC);
        world.timing = new RunTiming(CorpusWorld.LEVEL, Optional.empty(), Optional.of(window), false, false);
        world.settle(1);
        assertThat(world.runs).isEmpty();
        assertThat(world.stored()).isEmpty();
        assertThat(world.message(Conditions.READY))
                .endsWith("the next run starts at " + opens.truncatedTo(ChronoUnit.SECONDS)
                        + ", when spec.ingestion.window begins");
        live(Duration.between(world.now, opens).minusSeconds(1));
        assertThat(world.runs).isEmpty();
        live(Duration.ofSeconds(2));
        assertThat(world.runs).hasSize(1);
        world.finishRuns(3);
        world.pass(Duration.ofHours(1));
        world.settle(1);
        assertThat(world.runs).hasSize(1);
        assertThat(told().nextRun())
                .isEqualTo(opens.plus(Duration.ofDays(1))
                        .truncatedTo(ChronoUnit.SECONDS)
                        .toString());
    }

    @Test
    void startsRunsAtTheMomentsOfTheSchedule() {
        var daily = new CronSchedule("0 3 * * *", ZoneOffset.UTC);
        world.timing = new RunTiming(CorpusWorld.LEVEL, Optional.of(daily), Optional.empty(), false, false);
        serve();
        var next = daily.after(world.now, HANDBOOK);
        var nextSecond = next.truncatedTo(ChronoUnit.SECONDS);
        assertThat(next)
                .isAfter(daily.after(world.now))
                .isBefore(daily.after(world.now).plusSeconds(60));
        assertThat(told().nextRun()).isEqualTo(nextSecond.toString());
        assertThat(world.reason(CorpusConditions.FRESH)).isEqualTo("BreachForecast");
        assertThat(world.message(CorpusConditions.FRESH)).endsWith("the next run starts at " + nextSecond);
        world.now = next;
        world.settle(1);
        assertThat(world.runs).hasSize(2);
        world.finishRuns(3);
        world.settle(1);
        assertThat(told().nextRun())
                .isEqualTo(daily.after(next, HANDBOOK)
                        .truncatedTo(ChronoUnit.SECONDS)
                        .toString());
    }
}
