package dev.concordance.shared;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.manifest.BundledModel;
import dev.concordance.manifest.ElasticsearchAccess;
import dev.concordance.manifest.EmbeddingCache;
import dev.concordance.manifest.EmbeddingModelManifest;
import dev.concordance.manifest.GenerationMapping;
import dev.concordance.manifest.IndexNames;
import dev.concordance.testing.SharedNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Vectors that corpora share, in a real index. */
class SharedVectorsIT {
    private static final int DIMENSIONS = 384;
    private static final AtomicInteger NEXT = new AtomicInteger();

    private final IndexNames names = new IndexNames("cc", "vectors" + NEXT.incrementAndGet(), "handbook");
    private ElasticsearchConnection connection;

    @BeforeEach
    void create() {
        connection = ElasticsearchConnection.open(
                new ElasticsearchAccess(List.of(SharedNode.url().toString()), null, null),
                mount -> Path.of(mount),
                Duration.ofSeconds(60));
        connection.send(
                "PUT", "/" + index(), bytes(GenerationMapping.embeddings(0).toString()));
    }

    @AfterEach
    void close() {
        connection.close();
    }

    @Test
    void givesBackTheVeryBitsAndNothingElse() {
        var kept = random(1_200);
        in("2026-11", 3, 10_000).keep(kept);
        var asked = new ArrayList<>(kept.keySet());
        asked.add("unknown");
        var found = in("2026-11", 3, 10_000).find(asked);
        assertThat(found.keySet()).isEqualTo(kept.keySet());
        kept.forEach((hash, vector) -> assertThat(found.get(hash)).containsExactly(vector));
    }

    @Test
    void notesAUseOnceAMonth() {
        in("2026-08", 3, 10_000).keep(random(3));
        assertThat(version("0")).isEqualTo(1);
        in("2026-09", 3, 10_000).find(List.of("0"));
        in("2026-09", 3, 10_000).find(List.of("0"));
        assertThat(version("0")).isEqualTo(2);
        assertThat(version("1")).isEqualTo(1);
    }

    @Test
    void letsGoOfWhatWasNotUsedForLong() {
        in("2026-07", 3, 10_000).keep(random(2_500));
        in("2026-08", 3, 10_000).find(List.of("7"));
        var later = in("2026-11", 3, 10_000);
        later.find(List.of("unknown"));
        later.expire();
        assertThat(later.find(List.of("7", "8")).keySet()).containsExactly("7");
        assertThat(count()).isEqualTo(1);
    }

    @Test
    void keepsNoMoreThanIsDeclaredAndThoseThatWereUsedLast() {
        in("2026-10", 3, 10_000).keep(random(2_000));
        var vectors = in("2026-11", 3, 10);
        vectors.find(List.of("3", "4", "5"));
        vectors.expire();
        assertThat(count()).isEqualTo(10);
        assertThat(vectors.find(List.of("3", "4", "5"))).hasSize(3);
    }

    @Test
    void takesWhatIsNoVectorForMissing() {
        connection.send("PUT", "/" + index() + "/_doc/short", bytes("{\"floats\":\"AAAA\",\"used\":\"2026-11\"}"));
        connection.send("PUT", "/" + index() + "/_doc/none", bytes("{\"floats\":\"%%\",\"used\":\"2026-11\"}"));
        var vectors = in("2026-11", 3, 10_000);
        assertThat(vectors.find(List.of("short", "none"))).isEmpty();
        vectors.keep(random(1));
        assertThat(vectors.find(List.of("0"))).as("nothing is broken by it").hasSize(1);
    }

    @Test
    void goesOnWithoutItsIndexAndMakesNone() {
        connection.send("DELETE", "/" + index(), null);
        var vectors = in("2026-11", 3, 10_000);
        assertThat(vectors.find(List.of("0"))).isEmpty();
        vectors.keep(random(1));
        vectors.expire();
        assertThat(connection.send("GET", "/" + index(), null).status()).isEqualTo(404);
    }

    @Test
    void asksNobodyWhereNothingIsKept() {
        var model = BundledModel.BGE_SMALL_EN_V1_5_Q.manifest();
        connection.close();
        var vectors = new SharedVectors(connection, names, model, Clock.systemUTC());
        vectors.keep(random(1));
        assertThat(vectors.find(List.of("0"))).isEmpty();
        vectors.expire();
    }

    private SharedVectors in(String month, int unusedMonths, long most) {
        var clock = Clock.fixed(Instant.parse(month + "-15T00:00:00Z"), ZoneOffset.UTC);
        return new SharedVectors(connection, names, model(new EmbeddingCache(unusedMonths, most)), clock);
    }

    private static EmbeddingModelManifest model(EmbeddingCache cache) {
        return BundledModel.BGE_SMALL_EN_V1_5_Q.manifest().with(cache);
    }

    private String index() {
        return names.embeddings(BundledModel.BGE_SMALL_EN_V1_5_Q.manifest().digest());
    }

    private long version(String id) {
        return connection
                .send("GET", "/" + index() + "/_doc/" + id, null)
                .json()
                .path("_version")
                .asLong();
    }

    private long count() {
        connection.send("POST", "/" + index() + "/_refresh", null);
        return connection
                .send("GET", "/" + index() + "/_count", null)
                .json()
                .path("count")
                .asLong();
    }

    private static Map<String, float[]> random(int count) {
        var random = new Random(1);
        var vectors = new HashMap<String, float[]>();
        for (var i = 0; i < count; i++) {
            var vector = new float[DIMENSIONS];
            for (var j = 0; j < DIMENSIONS; j++) {
                vector[j] = Float.intBitsToFloat((random.nextInt() & 0x807fffff) | 0x3e000000);
            }
            vectors.put(String.valueOf(i), vector);
        }
        return vectors;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
