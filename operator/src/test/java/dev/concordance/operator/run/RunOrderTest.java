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

    /** Whichever of them a cache tells first. */
    private static List<String> inOrder(IngestionRun... runs) {
        var forward = Stream.of(runs).sorted(RunObserver.ORDER).map(RunOrderTest::name);
        var turned = List.of(runs).reversed().stream().sorted(RunObserver.ORDER).map(RunOrderTest::name);
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
