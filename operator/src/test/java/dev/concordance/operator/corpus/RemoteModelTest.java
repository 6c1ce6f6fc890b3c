package dev.concordance.operator.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.api.v1alpha1.CorpusStatus;
import dev.concordance.manifest.Spending;
import dev.concordance.manifest.Spending.Amount;
import dev.concordance.operator.corpus.CorpusObservation.Obstacle;
import dev.concordance.operator.kube.Conditions;
import dev.concordance.operator.testing.Models;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the operator does and tells about a corpus whose model is remote. */
final class RemoteModelTest {
    private static final Spending SPENT = new Spending(
            "2026-11",
            "hosted",
            new Amount(30, 3_000, "0.00006", "USD"),
            Map.of("handbook", new Amount(10, 1_000, "0.00002", "USD")));

    private final CorpusWorld world = new CorpusWorld();

    @BeforeEach
    void declareARemoteModel() {
        world.model = Models.at("https://one.example.com");
        world.spent = Optional.of(SPENT);
    }

    @Test
    void sharesBeforeEachRun() {
        world.settle(1);
        assertThat(world.done).containsExactly("CreateGeneration", "Share", "StartRun");
        world.finishRuns(3);
        world.settle(1);
        world.pass(Duration.ofMinutes(14).plusSeconds(30));
        world.done.clear();
        world.settle(2);
        assertThat(world.done).containsExactly("Share", "StartRun");
    }

    @Test
    void sharesNothingForAModelThatComputes() {
        world.model = new CorpusWorld().model;
        world.settle(1);
        assertThat(world.done).containsExactly("CreateGeneration", "StartRun");
    }

    @Test
    void buildsNothingAnewWhenTheEndpointMoves() {
        world.settle(1);
        world.finishRuns(3);
        world.settle(1);
        world.model = Models.at("https://two.example.com");
        world.settle(1);
        assertThat(world.stored()).hasSize(1);
        assertThat(world.reason(Conditions.READY)).isEqualTo("Serving");
    }

    @Test
    void tellsWhatTheMonthHasCostAndKeepsItWhileElasticsearchIsSilent() {
        world.settle(1);
        var told = new CorpusStatus.Cost("2026-11", 10L, 1_000L, "0.00002", "USD", "0.00006", "25");
        assertThat(world.status.orElseThrow().cost()).isEqualTo(told);
        world.silent = Optional.of(new Obstacle("ElasticsearchUnreachable", "no answer"));
        world.reconcile(1);
        assertThat(world.status.orElseThrow().cost()).isEqualTo(told);
        world.silent = Optional.empty();
        world.spent = Optional.of(Spending.none("2026-12", "hosted"));
        world.reconcile(1);
        assertThat(world.status.orElseThrow().cost())
                .isEqualTo(new CorpusStatus.Cost("2026-12", 0L, 0L, null, null, null, "25"));
    }
}
