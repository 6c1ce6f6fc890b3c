package dev.concordance.operator.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.api.v1alpha1.IngestionRun;
import dev.concordance.api.v1alpha1.IngestionRunSpec;
import dev.concordance.api.v1alpha1.IngestionRunStatus;
import dev.concordance.api.v1alpha1.LocalReference;
import dev.concordance.operator.corpus.RunPhase;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which of the runs of a corpus goes first; what is at work and gives way is then stopped for it. */
final class RunOrderTest {
    @Test
    void putsAnErasureBeforeABuildThatIsAtWorkAndBeforeAllThatWait() {
        assertThat(inOrder(
                        run("build", "Build", RunPhase.Indexing, 1),
                        run("sync", "Incremental", RunPhase.Queued, 2),
                        run("verify", "Verify", RunPhase.Queued, 3),
                        run("erase", "Erase", RunPhase.Queued, 4)))
                .containsExactly("erase", "sync", "verify", "build");
    }

    @Test
    void putsAnErasureBehindASyncThatIsAtWork() {
        assertThat(inOrder(run("sync", "Incremental", RunPhase.Indexing, 2), run("erase", "Erase", RunPhase.Queued, 1)))
                .containsExactly("sync", "erase");
    }

    @Test
    void putsAnErasureBeforeWhatFollowsTheSourcesAndThatLast() {
        assertThat(inOrder(
                        run("follow", "Follow", RunPhase.Following, 1),
                        run("build", "Build", RunPhase.Queued, 2),
                        run("erase", "Erase", RunPhase.Queued, 3)))
                .containsExactly("erase", "build", "follow");
    }

    @Test
    void putsErasuresInTheOrderInWhichTheyWereMadeAndThenByName() {
        assertThat(inOrder(
                        run("b", "Erase", RunPhase.Queued, 2),
                        run("a", "Erase", RunPhase.Queued, 2),
                        run("z", "Erase", RunPhase.Queued, 1)))
                .containsExactly("z", "a", "b");
    }

    @Test
    void letsTheRunsOfTwoGenerationsGoSideBySide() {
        var build = run("build", "Build", RunPhase.Indexing, 1);
        var sync = run("sync", "Incremental", RunPhase.Queued, 2);
        var follow = run("follow", "Follow", RunPhase.Following, 3);
        assertThat(first(build, build, sync, follow)).isEmpty();
        assertThat(first(follow, build, follow)).isEmpty();
        assertThat(first(sync, build, sync, follow)).isEmpty();
    }

    @Test
    void letsARunThatNamesNoGenerationGoBeforeWhatFollowsTheLiveOneOnceItWaitsForNothingElse() {
        var follow = run("follow", "Follow", RunPhase.Following, 1);
        assertThat(first(follow, follow, run("sync", "Incremental", RunPhase.Queued, 2)))
                .isEmpty();
        assertThat(first(follow, follow, run("sync", "Incremental", RunPhase.Starting, 2)))
                .contains("sync");
    }

    @Test
    void letsAnErasureStopTheRunsOfAllGenerations() {
        var build = run("build", "Build", RunPhase.Indexing, 1);
        var sync = run("sync", "Incremental", RunPhase.Queued, 2);
        var erase = run("erase", "Erase", RunPhase.Queued, 3);
        assertThat(first(build, build, sync, erase)).contains("erase");
        assertThat(first(sync, build, sync, erase)).contains("erase");
        assertThat(first(erase, build, sync, erase)).isEmpty();
    }

    @Test
    void letsOneRunFollowTheSources() {
        var before = run("before", "Follow", RunPhase.Following, 1);
        assertThat(first(run("after", "Follow", RunPhase.Queued, 2), before)).contains("before");
    }

    @Test
    void letsAllTakeTurnsWhereTheyCannotShare() {
        var build = run("build", "Build", RunPhase.Indexing, 1);
        var sync = run("sync", "Incremental", RunPhase.Queued, 2);
        var turns = new RunOrder(Optional.of(1), () -> 1);
        assertThat(turns.first(build, List.of(build, sync))).contains("sync");
        assertThat(new RunOrder(Optional.empty(), () -> 1).first(build, List.of(build, sync)))
                .as("there is nothing yet that it could sync")
                .isEmpty();
    }

    @Test
    void letsOnlyOneGoBesideTheLiveOneWhereTwoCanShare() {
        var two = new RunOrder(Optional.of(2), () -> 2);
        assertThat(two.excludes(2, 3)).isFalse();
        assertThat(two.excludes(1, 2)).isFalse();
        assertThat(two.excludes(1, 3)).isTrue();
        assertThat(new RunOrder(Optional.of(2), () -> 3).excludes(1, 3)).isFalse();
    }

    private static Optional<String> first(IngestionRun run, IngestionRun... all) {
        return new RunOrder(Optional.of(1), () -> Integer.MAX_VALUE).first(run, List.of(all));
    }

    /** Whichever of them a cache tells first. */
    private static List<String> inOrder(IngestionRun... runs) {
        var forward = Stream.of(runs).sorted(RunOrder.ORDER).map(RunOrderTest::name);
        var turned = List.of(runs).reversed().stream().sorted(RunOrder.ORDER).map(RunOrderTest::name);
        var names = forward.toList();
        assertThat(turned.toList()).isEqualTo(names);
        return names;
    }

    private static String name(IngestionRun run) {
        return run.getMetadata().getName();
    }

    private static IngestionRun run(String name, String mode, RunPhase phase, int minute) {
        var run = new IngestionRun();
        run.setMetadata(new ObjectMetaBuilder()
                .withName(name)
                .withCreationTimestamp("2026-05-04T12:%02d:00Z".formatted(minute))
                .build());
        var corpus = new LocalReference("handbook");
        run.setSpec(
                "Erase".equals(mode)
                        ? new IngestionRunSpec(corpus, mode, null, null, new LocalReference("customer"))
                        : new IngestionRunSpec(corpus, mode, "Build".equals(mode) ? 2 : null, null));
        run.setStatus(new IngestionRunStatus(
                1L,
                phase.name(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                Collections.emptyList()));
        return run;
    }
}
