package dev.concordance.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.manifest.AnnRecall;
import dev.concordance.manifest.AnnRecall.Depth;
import dev.concordance.manifest.AnnRecall.Measured;
import dev.concordance.manifest.RoutingTable.Semantic;
import dev.concordance.manifest.VectorStorage;
import dev.concordance.testing.RandomCorpus;
import dev.concordance.testing.SharedNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Random directions are the hardest to find: none is much nearer than the others. */
class RecallMeasurementIT {
    private static final int CHUNKS = 1_000;
    private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");

    @ParameterizedTest
    @EnumSource(VectorStorage.Type.class)
    void measuresWhatSearchesOfEachKindOfStorageFind(VectorStorage.Type type) {
        var recall = recall("recall-" + type.name().toLowerCase(Locale.ROOT), new VectorStorage(type, 16, 100), CHUNKS);
        assertThat(recall.sample()).isEqualTo(RecallMeasurement.SAMPLE);
        assertThat(recall.depths()).extracting(Measured::depth).isEqualTo(Depth.of(new VectorStorage(type, 16, 100)));
        assertThat(recall.depths()).allSatisfy(measured -> {
            assertThat(measured.recall()).isBetween(0.0, 1.0);
            assertThat(measured.millis()).isPositive();
        });
        var best = recall.best(new Semantic(0.95, 10_000, null)).orElseThrow();
        assertThat(best.recall()).isGreaterThanOrEqualTo(0.95);
    }

    @Test
    void findsAllWhereEveryVectorIsLookedAt() {
        var recall = recall("recall-all", new VectorStorage(VectorStorage.Type.FLAT, 16, 100), 300);
        assertThat(recall.depths()).extracting(Measured::recall).containsExactly(1.0);
    }

    @Test
    void findsMoreTheMoreItLooksAt() {
        var recall = recall("recall-poor-graph", new VectorStorage(VectorStorage.Type.HNSW, 2, 2), 2 * CHUNKS);
        assertThat(recall.depths().getFirst().recall())
                .isLessThan(recall.depths().getLast().recall() - 0.05);
    }

    private static AnnRecall recall(String name, VectorStorage storage, int chunks) {
        var corpus = new RandomCorpus(SharedNode.url(), name.replace('_', '-'), new Random(20_261_128));
        corpus.index(chunks, storage);
        try (var connection =
                ElasticsearchConnection.open(corpus.access(), mount -> Path.of(mount), Duration.ofSeconds(120))) {
            var reader = new GenerationReader(connection, corpus.names(), 1);
            return new RecallMeasurement(reader, System::nanoTime)
                    .measure(storage, chunks, NOON)
                    .orElseThrow();
        }
    }
}
