package dev.concordance.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.impact.Impact;
import dev.concordance.manifest.BundledModel;
import dev.concordance.manifest.Chunking;
import dev.concordance.manifest.EmbeddingModelManifest;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.GenerationState;
import dev.concordance.manifest.RemoteAccess;
import dev.concordance.manifest.RemoteModel;
import dev.concordance.manifest.Throughput;
import dev.concordance.operator.elastic.Measurements;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class EstimatorTest {
    private static final EmbeddingModelManifest BGE = BundledModel.BGE_SMALL_EN_V1_5_Q.manifest();
    private static final EmbeddingModelManifest MINILM = BundledModel.ALL_MINILM_L6_V2_Q.manifest();
    private static final GenerationManifest LIVE = manifest(256, BGE, 1);
    private static final Throughput MEASURED = new Throughput(Map.of(BGE.digest(), 1_000.0), 100.0);

    @Test
    void copiesChunksWithTheirVectorsForOtherShards() {
        var plan = plan(manifest(256, BGE, 2), List.of());
        assertThat(plan.impact()).isEqualTo(Impact.REMAP);
        assertThat(plan.work().chunks()).isEqualTo(900);
        assertThat(plan.work().reused()).isEqualTo(900);
        assertThat(plan.work().computed()).isZero();
        assertThat(plan.work().tokens()).isZero();
        assertThat(plan.work().duration()).contains(Duration.ofSeconds(19));
    }

    @Test
    void computesEachVectorForAnotherModel() {
        var plan = plan(manifest(256, MINILM, 1), List.of());
        assertThat(plan.impact()).isEqualTo(Impact.REEMBED);
        assertThat(plan.work().computed()).isEqualTo(900);
        assertThat(plan.work().tokens()).isEqualTo(90_000);
        assertThat(plan.work().cost()).isEmpty();
        assertThat(plan.work().duration()).as("as fast as the live model").contains(Duration.ofSeconds(100));
    }

    @Test
    void computesNothingThatAKeptGenerationHas() {
        var back = plan(manifest(256, MINILM, 1), List.of(manifest(256, MINILM, 3)));
        assertThat(back.work().computed()).isZero();
        assertThat(back.work().reused()).isEqualTo(900);
        var cutOtherwise = plan(manifest(256, MINILM, 1), List.of(manifest(64, MINILM, 1)));
        assertThat(cutOtherwise.work().computed()).isEqualTo(900);
    }

    @Test
    void tellsWhatTokensCost() {
        var plan = plan(manifest(256, remote("0.02"), 1), List.of());
        assertThat(plan.work().cost()).contains(new Workload.Cost(new BigDecimal("0.0018000").setScale(8), "USD"));
    }

    @Test
    void needsRoomForIndexAndMergesOnEachCopy() {
        assertThat(plan(manifest(256, BGE, 2), List.of()).work().diskBytes()).contains(2 * 2 * 9_000_000L);
        var unmeasured = Estimator.plan(
                serving(), manifest(256, BGE, 2), List.of(), new Measurements(MEASURED, 0, Optional.empty()));
        assertThat(unmeasured.work().diskBytes()).isEmpty();
    }

    @Test
    void tellsNoTimeThatNothingIsKnownOf() {
        var plan = Estimator.plan(
                serving(),
                manifest(256, MINILM, 1),
                List.of(),
                new Measurements(Throughput.NOTHING, 9_000_000, Optional.empty()));
        assertThat(plan.work().duration()).isEmpty();
    }

    @Test
    void hasTheSameDigestForTheSameChangeHoweverMuchThereIsToDo() {
        var more = new Estimator.Serving(LIVE, state(5_000), 0);
        assertThat(Estimator.plan(more, manifest(64, BGE, 1), List.of(), measured())
                        .digest())
                .isEqualTo(plan(manifest(64, BGE, 1), List.of()).digest())
                .isNotEqualTo(plan(manifest(65, BGE, 1), List.of()).digest());
    }

    private static ChangePlan plan(GenerationManifest declared, List<GenerationManifest> kept) {
        return Estimator.plan(serving(), declared, kept, measured());
    }

    private static Estimator.Serving serving() {
        return new Estimator.Serving(LIVE, state(300), 1);
    }

    private static Measurements measured() {
        return new Measurements(MEASURED, 9_000_000, Optional.empty());
    }

    private static GenerationState state(long documents) {
        return new GenerationState(
                1,
                "run",
                Instant.EPOCH,
                documents,
                3 * documents,
                300 * documents,
                0,
                0,
                "sources",
                Map.of(),
                List.of(),
                null,
                null,
                null,
                null);
    }

    private static GenerationManifest manifest(int most, EmbeddingModelManifest model, int shards) {
        return new GenerationManifest(
                1, GenerationManifest.PIPELINE, new Chunking.ByHeadings(most, 32, ""), model, shards, List.of());
    }

    private static RemoteModel remote(String price) {
        return new RemoteModel(
                "text-embedding-3-small",
                "",
                BGE.tokenizer(),
                BGE.dimensions(),
                512,
                true,
                "",
                "",
                null,
                new RemoteAccess(
                        "small",
                        RemoteAccess.Protocol.OpenAI,
                        "https://a.example.com",
                        null,
                        null,
                        new RemoteAccess.Limits(16, 8_000, 4, 0, 0, 1_000, 1_000),
                        new RemoteAccess.Price(price, "USD", null)));
    }
}
