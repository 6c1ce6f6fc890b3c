package dev.concordance.operator.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.manifest.BundledModel;
import dev.concordance.manifest.Chunking;
import dev.concordance.manifest.ElasticsearchAccess;
import dev.concordance.manifest.EmbeddingModelManifest;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.GenerationState;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.RemoteAccess;
import dev.concordance.manifest.RemoteModel;
import dev.concordance.manifest.RunMode;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.manifest.SourceManifest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Among how many pods a run is divided. */
final class LaunchFinderTest {
    private static final SourceManifest FILES = new SourceManifest(
            "files", new SourceManifest.Volume("volume-files", ""), List.of(), List.of(), null, null);
    private static final SourceManifest TOPIC = new SourceManifest(
            "topic",
            new SourceManifest.Kafka(List.of("k:1"), "t", null, null, SourceManifest.Jdbc.Format.text, false, null),
            List.of(),
            List.of(),
            null,
            null);
    private static final EmbeddingModelManifest BUNDLED = BundledModel.BGE_SMALL_EN_V1_5_Q.manifest();

    @Test
    void isDividedWhereMuchIsToBeReadThatPodsCanDivide() {
        assertThat(shards(RunMode.Build, BUNDLED, 16, Optional.empty(), FILES)).isEqualTo(16);
        assertThat(shards(RunMode.Build, BUNDLED, 16, Optional.empty(), FILES, TOPIC))
                .isEqualTo(16);
        assertThat(shards(RunMode.Build, BUNDLED, 16, Optional.empty(), TOPIC)).isEqualTo(1);
        assertThat(shards(RunMode.Incremental, BUNDLED, 16, filled("others"), FILES))
                .isEqualTo(16);
        assertThat(shards(RunMode.Incremental, BUNDLED, 16, filled(GenerationState.digest(List.of(FILES))), FILES))
                .isEqualTo(1);
        for (var mode : List.of(RunMode.Verify, RunMode.Follow, RunMode.Erase)) {
            assertThat(shards(mode, BUNDLED, 16, filled("others"), FILES)).isEqualTo(1);
        }
    }

    @Test
    void isDividedAmongNoMorePodsThanRequestsThatTheModelTakesAtATime() {
        assertThat(shards(RunMode.Build, model(4), 16, Optional.empty(), FILES)).isEqualTo(4);
        assertThat(shards(RunMode.Build, model(4), 3, Optional.empty(), FILES)).isEqualTo(3);
        assertThat(shards(RunMode.Build, model(1), 16, Optional.empty(), FILES)).isEqualTo(1);
    }

    private static Optional<GenerationState> filled(String sources) {
        return Optional.of(new GenerationState(
                2, "handbook-1", Instant.EPOCH, 1, 3, 0, 0, sources, Map.of(), List.of(), null, null, null, null));
    }

    private static RemoteModel model(int concurrentRequests) {
        return new RemoteModel(
                "m",
                "",
                BundledModel.BGE_SMALL_EN_V1_5_Q.manifest().tokenizer(),
                8,
                512,
                true,
                "",
                "",
                null,
                new RemoteAccess(
                        "hosted",
                        RemoteAccess.Protocol.TEI,
                        "https://model",
                        null,
                        null,
                        new RemoteAccess.Limits(32, 8_000, concurrentRequests, 0, 0, 30_000, 400),
                        null));
    }

    private static int shards(
            RunMode mode,
            EmbeddingModelManifest model,
            int parallelism,
            Optional<GenerationState> filled,
            SourceManifest... sources) {
        var run = new RunSpecification(
                "handbook-3",
                mode,
                new IndexNames("cc", "docs", "handbook"),
                new GenerationManifest(2, 1, new Chunking.ByTokens(256, 32, ""), model, 1, List.of()),
                List.of(),
                List.of(sources),
                new ElasticsearchAccess(List.of("https://es:9200"), null, null),
                new RunSpecification.Limits(1, 1, 50, 0),
                new RunSpecification.DeletionGuard(50, 10, null, 1));
        return LaunchFinder.shards(run, parallelism, filled);
    }
}
