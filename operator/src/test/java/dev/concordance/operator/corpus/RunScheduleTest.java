package dev.concordance.operator.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.manifest.GenerationState;
import dev.concordance.manifest.RunMode;
import dev.concordance.operator.corpus.CorpusStep.Trigger;
import dev.concordance.operator.corpus.SeenRun.RunFailure;
import dev.concordance.operator.elastic.StoredGeneration;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** When the next run is due, and why, case by case; a corpus allows 15 minutes of staleness. */
final class RunScheduleTest {
    private static final Instant NOW = CorpusWorld.START;
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
                new Case("soon after a failure", NEVER_SYNCED, List.of(failed(5, false)), false, 10, Trigger.Retry),
                new Case(
                        "four times later after each further failure",
                        NEVER_SYNCED,
                        List.of(failed(5, false), failed(60, false)),
                        false,
                        55,
                        Trigger.Retry),
                new Case(
                        "at the latest five minutes after the last failure",
                        NEVER_SYNCED,
                        List.of(failed(5, false), failed(60, false), failed(200, false), failed(600, false)),
                        false,
                        295,
                        Trigger.Retry),
                new Case(
                        "as after the first failure where a success lies between",
                        NEVER_SYNCED,
                        List.of(failed(5, false), succeeded(60, 4, "inputs"), failed(90, false)),
                        false,
                        10,
                        Trigger.Retry),
                new Case(
                        "later where somebody has to act",
                        NEVER_SYNCED,
                        List.of(failed(5, true)),
                        false,
                        55,
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
                new Case("soon after a failure", NEVER_SYNCED, List.of(failed(5, false)), false, 10, Trigger.Retry),
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
        assertThat(due.map(found -> Duration.between(NOW, found.at()).toSeconds()))
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
        var moments = Stream.iterate(0, i -> i < 200, i -> i + 1)
                .map(i -> schedule(List.of(), state(0, "sources-1"), "cc-docs.corpus-" + i))
                .map(schedule -> schedule.incremental(false).orElseThrow().at())
                .toList();
        assertThat(moments).allMatch(at -> !at.isAfter(NOW.plusSeconds(845)) && at.isAfter(NOW.plusSeconds(845 - 85)));
        assertThat(moments.stream().distinct().count()).isGreaterThan(100);
    }

    private static RunSchedule schedule(List<SeenRun> runs, Optional<GenerationState> state, String alias) {
        var seen = new CorpusWorld().observe();
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
                seen.previous(),
                seen.approved(),
                seen.retained(),
                NOW);
        var live = new StoredGeneration(1, seen.desired(), true, true, 0, state);
        return new RunSchedule(with, seen.declaration().valid().orElseThrow(), live);
    }

    private static long jitter(Duration period) {
        return Math.round(period.toSeconds() * (Math.floorMod("cc-docs.handbook".hashCode(), 1_000) / 10_000.0));
    }

    private static Optional<GenerationState> state(long secondsAgo, String sources) {
        return Optional.of(new GenerationState(
                1,
                "run",
                NOW.minusSeconds(secondsAgo),
                1,
                3,
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
        return new SeenRun(
                run.name(),
                run.sequence(),
                run.ours(),
                run.mode(),
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
