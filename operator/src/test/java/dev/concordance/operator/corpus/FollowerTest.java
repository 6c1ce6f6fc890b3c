package dev.concordance.operator.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.api.v1alpha1.CorpusStatus;
import dev.concordance.manifest.GenerationState.Late;
import dev.concordance.manifest.RunMode;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.operator.corpus.SeenRun.RunFailure;
import dev.concordance.operator.freshness.Breaches;
import dev.concordance.operator.freshness.DailyWindow;
import dev.concordance.operator.freshness.ErrorBudget;
import dev.concordance.operator.freshness.RunTiming;
import dev.concordance.operator.freshness.ServiceLevel;
import dev.concordance.operator.kube.Conditions;
import dev.concordance.operator.kube.Reporter.Report;
import dev.concordance.operator.testing.Models;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How a corpus is followed whose answers are to be no older than 5 seconds, on a virtual clock. */
final class FollowerTest {
    private static final ServiceLevel LEVEL =
            new ServiceLevel(Duration.ofSeconds(5), new BigDecimal("99.5"), Duration.ofDays(7));

    private final CorpusWorld world = new CorpusWorld();

    FollowerTest() {
        world.timing = timing(Optional.empty(), false);
    }

    private static RunTiming timing(Optional<DailyWindow> window, boolean suspended) {
        return new RunTiming(LEVEL, Optional.empty(), window, suspended, true);
    }

    private void serve() {
        world.settle(1);
        world.finishRuns(3);
        world.settle(1);
        world.follow(Optional.empty());
        world.reconcile(1);
    }

    private List<SeenRun> followers() {
        return world.runs.values().stream().filter(SeenRun::follows).toList();
    }

    private String follower() {
        assertThat(followers()).hasSize(1);
        return followers().getFirst().name();
    }

    /** One second after the other, in each of which what follows advances. */
    private void live(int seconds) {
        for (var second = 0; second < seconds; second++) {
            world.pass(Duration.ofSeconds(1));
            world.advance(3);
            assertThat(world.reconcile(1).steps()).isEmpty();
        }
    }

    @Test
    void buildsByAJobAndThenFollowsByOneRunAndNoOther() {
        serve();
        assertThat(world.runs.values())
                .extracting(run -> run.mode().orElseThrow())
                .containsExactly(RunMode.Build, RunMode.Follow);
        live(120);
        assertThat(world.reason(CorpusConditions.FRESH)).isEqualTo("Fresh");
        assertThat(world.reason(CorpusConditions.SOURCES_READABLE)).isEqualTo("SourcesRead");
        assertThat(world.truth(Conditions.READY)).isEqualTo("True");
    }

    @Test
    void startsAnotherWhereHowLongChangesTookIsToldOfAnotherWindow() {
        serve();
        var first = follower();
        var day = new ServiceLevel(LEVEL.maxStaleness(), LEVEL.objective(), Duration.ofDays(1));
        world.timing = new RunTiming(day, Optional.empty(), Optional.empty(), false, true);
        world.settle(1);
        assertThat(follower()).isNotEqualTo(first);
    }

    @Test
    void startsAnotherWhereAccessListsAreToBeReadMoreOften() {
        var places = new SourceManifest.Access("access", null);
        world.timing = new RunTiming(CorpusWorld.LEVEL, Optional.empty(), Optional.empty(), false, true);
        world.access = Optional.of(new DeclaredAccess(places, Optional.empty(), Duration.ofHours(1)));
        serve();
        var first = follower();
        world.access = Optional.of(new DeclaredAccess(places, Optional.empty(), Duration.ofHours(2)));
        world.settle(1);
        assertThat(follower()).as("freshness wants more than either of the two").isEqualTo(first);
        world.access = Optional.of(new DeclaredAccess(places, Optional.of(Duration.ofMinutes(5)), Duration.ofHours(2)));
        world.settle(1);
        var second = follower();
        assertThat(second).isNotEqualTo(first);
        world.access = Optional.of(new DeclaredAccess(places, Optional.empty(), Duration.ofMinutes(10)));
        world.settle(1);
        assertThat(follower()).isNotEqualTo(second);
    }

    @Test
    void startsAnotherWhereTheOneIsGivenSomethingElse() {
        serve();
        var first = follower();
        world.approved = Optional.of("7-abcdefgh");
        world.settle(1);
        assertThat(follower()).isNotEqualTo(first);
        world.follow(Optional.empty());
        var second = follower();
        world.sources = "sources-2";
        world.settle(1);
        assertThat(follower()).isNotEqualTo(second);
        world.follow(Optional.empty());
        live(3);
    }

    @Test
    void stopsWhileItIsSuspendedOrOutsideItsWindowOrPaused() {
        serve();
        world.timing = timing(Optional.empty(), true);
        world.settle(1);
        assertThat(followers()).isEmpty();
        var closed = new DailyWindow(LocalTime.of(22, 0), LocalTime.of(6, 0), ZoneOffset.UTC);
        world.timing = timing(Optional.of(closed), false);
        world.settle(1);
        assertThat(followers()).isEmpty();
        world.timing = timing(Optional.empty(), false);
        world.settle(1);
        assertThat(followers()).hasSize(1);
        world.paused = true;
        world.settle(1);
        assertThat(followers()).isEmpty();
    }

    @Test
    void goesOnWhileAnotherGenerationIsBuiltAndFollowsThatOneThen() {
        serve();
        world.chunkTokens = 128;
        world.settle(1);
        assertThat(followers()).hasSize(1).allMatch(run -> run.fills(1));
        assertThat(world.runs.values())
                .filteredOn(SeenRun::isUnfinished)
                .extracting(run -> run.mode().orElseThrow())
                .contains(RunMode.Build);
        for (var round = 0; round < 4 && world.live() == 1; round++) {
            world.pass(Duration.ofSeconds(10));
            world.finishRuns(3);
            world.settle(1);
        }
        assertThat(world.live()).isEqualTo(2);
        assertThat(followers()).hasSize(1).allMatch(run -> run.fills(2));
    }

    @Test
    void leavesTheCorpusToJobsWhereABuildCannotShareWhatItMayAskFor() {
        var hosted = Models.at("https://one.example.com");
        world.model = hosted.with(hosted.access().dividedBy(4));
        serve();
        world.chunkTokens = 128;
        world.settle(1);
        assertThat(followers()).isEmpty();
        assertThat(world.runs.values())
                .filteredOn(SeenRun::isUnfinished)
                .extracting(run -> run.mode().orElseThrow())
                .contains(RunMode.Build);
    }

    @Test
    void isReplacedWhenATracerIsNoLongerWanted() {
        serve();
        var before = followers();
        world.traced = false;
        world.settle(1);
        assertThat(followers()).hasSize(1).isNotEqualTo(before);
    }

    @Test
    void returnsToJobsWhenAnswersMayBeOlder() {
        serve();
        world.timing = new RunTiming(CorpusWorld.LEVEL, Optional.empty(), Optional.empty(), false, false);
        world.settle(1);
        assertThat(followers()).isEmpty();
    }

    @Test
    void tellsWhatASourceFailsForAndForeseesThatAnswersGetTooOld() {
        serve();
        live(10);
        var failure = new RunFailure("SourceUnreachable", "a sentence about it", false);
        world.follow(Optional.of(failure));
        world.pass(Duration.ofSeconds(3));
        world.reconcile(1);
        assertThat(world.reason(CorpusConditions.SOURCES_READABLE)).isEqualTo("SourceUnreachable");
        assertThat(world.reason(CorpusConditions.FRESH)).isEqualTo("BreachForecast");
        assertThat(world.message(CorpusConditions.FRESH)).contains("a sentence about it");
        world.pass(Duration.ofSeconds(3));
        world.reconcile(1);
        assertThat(world.reason(CorpusConditions.FRESH)).isEqualTo("Stale");
        assertThat(world.reason(Conditions.STALLED)).isEqualTo("Settled");
        world.follow(Optional.of(new RunFailure("SourceUnauthorized", "another sentence", true)));
        world.reconcile(1);
        assertThat(world.reason(Conditions.STALLED)).isEqualTo("SourceUnauthorized");
    }

    @Test
    void foreseesThatAnswersGetTooOldWhereAdvancesTakeLongerThanUsual() {
        serve();
        live(10);
        world.pass(Duration.ofSeconds(3));
        world.reconcile(1);
        assertThat(world.reason(CorpusConditions.FRESH)).isEqualTo("Fresh");
        world.pass(Duration.ofSeconds(1));
        world.reconcile(1);
        assertThat(world.reason(CorpusConditions.FRESH)).isEqualTo("BreachForecast");
    }

    @Test
    void countsTheBreachesThatTheLedgerTellsOfRightToTheSecondHoweverSeldomItLooks() {
        serve();
        live(10);
        var start = world.now;
        world.pass(Duration.ofMinutes(30));
        var first = new Late(start.plusSeconds(100), start.plusSeconds(160));
        var second = new Late(start.plusSeconds(400), start.plusSeconds(407));
        world.advance(3, first, second);
        world.reconcile(1);
        world.advance(3, first, second);
        world.reconcile(1);
        assertThat(Objects.requireNonNull(told().breaches()))
                .extracting(CorpusStatus.Breach::staleSeconds)
                .containsExactly(60L, 7L);
        assertThat(told().breaches()).first().satisfies(breach -> {
            assertThat(breach.from()).isEqualTo(first.from().toString());
            assertThat(breach.until()).isEqualTo(first.until().toString());
        });
    }

    /** What the API server has after a reconciliation: the planner and the conditions go on from that. */
    private CorpusStatus write(Steadiness steadiness) {
        var seen = world.observe();
        world.reconcile(1);
        var report = new Report<>(world.status.orElseThrow(), List.of(), List.of(), Set.of());
        world.status = Optional.of(steadiness
                .steady(new ResourceID("handbook", "docs"), report, seen)
                .status());
        return world.status.orElseThrow();
    }

    @Test
    void writesAStatusEveryHalfMinuteWhileOnlyNumbersMove() {
        serve();
        var steadiness = new Steadiness();
        var written = new LinkedHashSet<CorpusStatus>();
        for (var second = 0; second < 120; second++) {
            world.pass(Duration.ofSeconds(1));
            world.advance(second);
            written.add(write(steadiness));
        }
        assertThat(written).hasSize(4);
    }

    @Test
    void writesNothingWhileNothingMovesAndThenAtOnceWhatMoves() {
        world.timing = new RunTiming(CorpusWorld.LEVEL, Optional.empty(), Optional.empty(), false, true);
        serve();
        var steadiness = new Steadiness();
        world.pass(Duration.ofSeconds(1));
        world.advance(3);
        var still = write(steadiness);
        for (var second = 0; second < 30; second++) {
            world.pass(Duration.ofSeconds(1));
            assertThat(write(steadiness)).isEqualTo(still);
        }
        world.advance(4);
        var moved = write(steadiness);
        assertThat(moved).isNotEqualTo(still);
        world.pass(Duration.ofSeconds(1));
        world.advance(5);
        assertThat(write(steadiness)).isEqualTo(moved);
    }

    @Test
    void keepsTheStatusInStepWhileOneOfItsSourcesFails() {
        serve();
        var steadiness = new Steadiness();
        world.follow(Optional.of(new RunFailure("SourceUnreachable", "no route to host", false)));
        var freshAsOf = world.now;
        world.advance(freshAsOf, 0);
        for (var second = 0; second < 7_200; second++) {
            world.pass(Duration.ofSeconds(1));
            world.advance(freshAsOf, second);
            var told = write(steadiness);
            var budget = new ErrorBudget(LEVEL, Breaches.NONE, Optional.of(freshAsOf));
            assertThat(Double.parseDouble(
                            Objects.requireNonNull(told.freshness()).errorBudgetRemaining()))
                    .isBetween(budget.remaining(world.now) - 0.02, budget.remaining(world.now) + 0.02);
            assertThat(Objects.requireNonNull(told.serving()).documents()).isBetween(second - 30L, (long) second);
        }
        assertThat(told().errorBudgetRemaining()).startsWith("-");
    }

    @Test
    void writesAStatusOfASmallBudgetThatIsUsedUpNoMoreOftenThanOthers() {
        var small = new ServiceLevel(Duration.ofSeconds(5), new BigDecimal("99.999"), Duration.ofHours(1));
        world.timing = new RunTiming(small, Optional.empty(), Optional.empty(), false, true);
        serve();
        var steadiness = new Steadiness();
        world.pass(Duration.ofSeconds(10));
        var written = new LinkedHashSet<CorpusStatus>();
        for (var second = 0; second < 120; second++) {
            world.pass(Duration.ofSeconds(1));
            written.add(write(steadiness));
        }
        assertThat(written).hasSize(4);
    }

    @Test
    void writesAStatusAtOnceWhenAnswersAreTooOld() {
        serve();
        live(3);
        var steadiness = new Steadiness();
        var before = write(steadiness);
        world.pass(Duration.ofSeconds(6));
        assertThat(write(steadiness)).isNotEqualTo(before);
        assertThat(world.reason(CorpusConditions.FRESH)).isEqualTo("Stale");
    }

    private CorpusStatus.Freshness told() {
        return Objects.requireNonNull(world.status.orElseThrow().freshness());
    }

    @Test
    void looksAgainBeforeASecondHasPassed() {
        serve();
        world.pass(Duration.ofSeconds(1));
        world.advance(3);
        Optional<Instant> next = world.reconcile(1).wakeAt();
        assertThat(next).contains(world.now.plusMillis(750));
    }
}
