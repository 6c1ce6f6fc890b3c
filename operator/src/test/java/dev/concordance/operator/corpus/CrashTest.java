package dev.concordance.operator.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The operator may die after any step, and may do any step twice: a corpus ends the same. */
final class CrashTest {
    /** What is left of a life: generations, what is live, runs by name and phase, and what the status says. */
    private record Outcome(List<String> generations, List<String> runs, String ready, String message) {}

    private static final int STEPS = life(-1, 1).done.size();

    @Test
    void endsTheSameWhereverItDies() {
        var undisturbed = outcome(life(-1, 1));
        for (var step = 0; step < STEPS; step++) {
            assertThat(outcome(life(step, 1))).as("died after step " + step).isEqualTo(undisturbed);
        }
    }

    @Test
    void endsTheSameWhenEveryStepIsDoneTwice() {
        assertThat(outcome(life(-1, 2))).isEqualTo(outcome(life(-1, 1)));
    }

    @Test
    void endsTheSameWhereverItDiesWithEveryStepDoneTwice() {
        var undisturbed = outcome(life(-1, 1));
        for (var step = 0; step < STEPS; step++) {
            assertThat(outcome(life(step, 2))).as("died after step " + step).isEqualTo(undisturbed);
        }
    }

    @Test
    void takesManyStepsSoThatThereIsSomethingToDieIn() {
        assertThat(life(-1, 1).done)
                .contains("CreateGeneration", "StartRun", "Promote", "SetReplicas", "DeleteGeneration", "ForgetRun");
    }

    /** Build, sync, change of policy in the middle of a build, more replicas, changed sources, old runs forgotten. */
    private static CorpusWorld life(int dieAfter, int times) {
        var world = new CorpusWorld();
        world.dieAfter = dieAfter;
        settle(world, times);
        world.finishRuns(10);
        settle(world, times);
        for (var sync = 0; sync < 3; sync++) {
            world.pass(Duration.ofMinutes(14).plusSeconds(30));
            settle(world, times);
            world.finishRuns(11);
            settle(world, times);
        }
        world.chunkTokens = 128;
        settle(world, times);
        world.chunkTokens = 64;
        world.replicas = 1;
        settle(world, times);
        world.finishRuns(12);
        settle(world, times);
        world.pass(Duration.ofSeconds(40));
        world.sources = "sources-2";
        settle(world, times);
        world.finishRuns(13);
        settle(world, times);
        world.pass(Duration.ofSeconds(40));
        settle(world, times);
        return world;
    }

    private static void settle(CorpusWorld world, int times) {
        try {
            world.settle(times);
        } catch (CorpusWorld.Died died) {
            world.settle(times);
        }
    }

    private static Outcome outcome(CorpusWorld world) {
        return new Outcome(
                world.stored().stream()
                        .map(generation -> generation.number() + " " + generation.live() + " " + generation.replicas()
                                + " " + generation.digest())
                        .toList(),
                world.runs.values().stream()
                        .map(run -> run.name() + " " + run.phase() + " " + run.generation())
                        .sorted()
                        .toList(),
                world.reason("Ready"),
                world.message("Ready"));
    }
}
