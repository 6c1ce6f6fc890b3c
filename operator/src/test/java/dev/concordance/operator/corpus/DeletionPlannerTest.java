package dev.concordance.operator.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.manifest.RunMode;
import dev.concordance.operator.corpus.CorpusObservation.Backend;
import dev.concordance.operator.corpus.CorpusObservation.Obstacle;
import dev.concordance.operator.corpus.DeletionPlanner.Farewell;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is done when a Corpus goes. */
final class DeletionPlannerTest {
    private static final Backend GONE =
            new Backend.Silent(new Obstacle("ElasticsearchUnreachable", "no answer from es"));
    private static final Backend NO_CLUSTER =
            new Backend.Silent(new Obstacle("ReferenceMissing", "SearchCluster docs/search does not exist"));

    private final CorpusWorld world = new CorpusWorld();

    @Test
    void endsRunsBeforeAnythingIsRemoved() {
        serving();
        var run = world.run("handbook-9", 9, RunMode.Incremental, 1);
        var plan = plan(List.of(run), answered(), false, false);
        assertThat(plan.steps()).containsExactly(new CorpusStep.StopRun("handbook-9"));
        assertThat(plan.waiting())
                .hasValueSatisfying(waiting -> assertThat(waiting.reason()).isEqualTo("DeletionWaitsForRuns"));
    }

    @Test
    void removesAllGenerationsAndThenTheLedger() {
        serving();
        world.chunkTokens = 128;
        world.settle(1);
        var plan = plan(List.of(), answered(), false, false);
        assertThat(plan.steps())
                .containsExactly(
                        new CorpusStep.DeleteGeneration(1),
                        new CorpusStep.DeleteGeneration(2),
                        new CorpusStep.DeleteLedger());
        assertThat(plan.waiting()).isEmpty();
    }

    @Test
    void leavesWhatIsToBeRetained() {
        serving();
        assertThat(plan(List.of(), answered(), true, false).steps()).isEmpty();
        assertThat(plan(List.of(), GONE, true, false).waiting()).isEmpty();
    }

    @Test
    void waitsForAnElasticsearchThatIsAwayUntilAPersonSaysThatItIsGone() {
        assertThat(plan(List.of(), GONE, false, false).waiting()).hasValueSatisfying(waiting -> {
            assertThat(waiting.reason()).isEqualTo("DeletionWaitsForElasticsearch");
            assertThat(waiting.message()).contains("no answer from es").contains("abandon-indexes=true");
        });
        assertThat(plan(List.of(), GONE, false, true)).isEqualTo(new DeletionPlanner.Plan(List.of(), Optional.empty()));
    }

    @Test
    void letsGoWhatHasNeverHadAnIndex() {
        var farewell = new Farewell(List.of(), NO_CLUSTER, false, false, true);
        assertThat(DeletionPlanner.plan(farewell).waiting()).isEmpty();
        var touched = new Farewell(List.of(), NO_CLUSTER, false, false, false);
        assertThat(DeletionPlanner.plan(touched).waiting()).isPresent();
    }

    private Backend answered() {
        return new Backend.Answered(
                world.stored(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Set.of());
    }

    private static DeletionPlanner.Plan plan(List<SeenRun> runs, Backend backend, boolean retain, boolean abandoned) {
        return DeletionPlanner.plan(new Farewell(runs, backend, retain, abandoned, false));
    }

    private void serving() {
        world.settle(1);
        world.finishRuns(3);
        world.settle(1);
    }
}
