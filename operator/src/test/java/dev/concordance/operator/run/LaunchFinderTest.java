package dev.concordance.operator.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.concordance.api.v1alpha1.Corpus;
import dev.concordance.api.v1alpha1.CorpusSpec;
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
import dev.concordance.operator.corpus.CorpusParser;
import dev.concordance.operator.elastic.StoredGeneration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Among how many pods a run is divided, and how it follows its sources. */
final class LaunchFinderTest {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "freshness: {maxStaleness: 5s} | 5000 | 5000",
                "freshness: {maxStaleness: 5s}, access: {mode: DocumentLevel, maxStaleness: 1h} | 5000 | 5000",
                "ingestion: {mode: Continuous}, freshness: {maxStaleness: 12h},"
                        + " access: {mode: DocumentLevel, syncInterval: 5m, maxStaleness: 10m} | 43200000 | 300000",
                "freshness: {maxStaleness: 12h}, access: {mode: DocumentLevel, maxStaleness: 20s} | 43200000 | 20000",
                "freshness: {maxStaleness: 12h} | |"
            })
    void followsSourcesAsCloselyAsTheirAccessListsWantItAndAnswersForWhatFreshnessWants(
            String spec, @Nullable Long maxStaleness, @Nullable Long readWithin) throws Exception {
        var corpus = YAML.readValue("metadata: {name: handbook, namespace: docs}", Corpus.class);
        var rest = "sources: [{name: a, git: {url: u}}], searchClusterRef: {name: s}}";
        corpus.setSpec(YAML.readValue("{" + spec + ", " + rest, CorpusSpec.class));
        assertThat(LaunchFinder.following(RunMode.Incremental, CorpusParser.parse(corpus)))
                .isEqualTo(
                        maxStaleness == null || readWithin == null
                                ? null
                                : new RunSpecification.Following(maxStaleness, readWithin));
    }

    @Test
    void copiesTheLiveGenerationWhereItsChunksAreEnough() {
        var live = stored(manifest(1, 1, BUNDLED, 256), true, filled("a"));
        var moreShards = stored(manifest(2, 3, BUNDLED, 256), false, Optional.empty());
        var otherModel =
                stored(manifest(2, 1, BundledModel.ALL_MINILM_L6_V2_Q.manifest(), 128), false, Optional.empty());
        var otherwiseCut = stored(manifest(2, 1, BUNDLED, 128), false, Optional.empty());
        assertThat(LaunchFinder.original(List.of(live, moreShards), moreShards)).contains(1);
        assertThat(LaunchFinder.original(
                        List.of(stored(manifest(1, 1, BUNDLED, 128), true, filled("a")), otherModel), otherModel))
                .contains(1);
        assertThat(LaunchFinder.original(List.of(live, otherwiseCut), otherwiseCut))
                .isEmpty();
    }

    @Test
    void copiesNothingThatIsNotFilledServedAndWholeAndNothingTwice() {
        var live = stored(manifest(1, 1, BUNDLED, 256), true, filled("a"));
        var candidate = stored(manifest(2, 3, BUNDLED, 256), false, Optional.empty());
        var unfilled = stored(manifest(1, 1, BUNDLED, 256), true, Optional.empty());
        var former = stored(manifest(1, 1, BUNDLED, 256), false, filled("a"));
        var remains = new StoredGeneration(1, live.manifest(), false, true, Optional.empty(), 0, live.state());
        for (var other : List.of(unfilled, former, remains)) {
            assertThat(LaunchFinder.original(List.of(other, candidate), candidate))
                    .isEmpty();
        }
        var filled = stored(manifest(2, 3, BUNDLED, 256), false, filled("a"));
        assertThat(LaunchFinder.original(List.of(live, filled), filled)).isEmpty();
        assertThat(LaunchFinder.original(List.of(live), live)).isEmpty();
    }

    private static StoredGeneration stored(GenerationManifest manifest, boolean live, Optional<GenerationState> state) {
        return new StoredGeneration(
                manifest.generation(), Optional.of(manifest), true, live, Optional.empty(), 0, state);
    }

    private static GenerationManifest manifest(int number, int shards, EmbeddingModelManifest model, int tokens) {
        return new GenerationManifest(number, 1, new Chunking.ByTokens(tokens, 32, ""), model, shards, List.of());
    }

    private static Optional<GenerationState> filled(String sources) {
        return Optional.of(new GenerationState(
                2, "handbook-1", Instant.EPOCH, 1, 3, 300, 0, 0, sources, Map.of(), List.of(), null, null, null, null));
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
