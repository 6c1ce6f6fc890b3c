package dev.concordance.shared;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.http.VirtualTime;
import dev.concordance.localcluster.servers.RecordingProxy;
import dev.concordance.localcluster.servers.RecordingProxy.Disturbance;
import dev.concordance.manifest.BundledModel;
import dev.concordance.manifest.ElasticsearchAccess;
import dev.concordance.manifest.EmbeddingCache;
import dev.concordance.manifest.EmbeddingModelManifest;
import dev.concordance.manifest.GenerationMapping;
import dev.concordance.manifest.IndexNames;
import dev.concordance.testing.SharedNode;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
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
        connection = open(SharedNode.url());
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
        in("2026-10", 3, 10_000).expire();
        assertThat(count()).isEqualTo(2_500);
        var later = in("2026-11", 3, 10_000);
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
    void asksAgainWhereItsIndexIsTooBusy() {
        try (var proxy = RecordingProxy.start(SharedNode.url());
                var busy = open(proxy.url()).patient(new VirtualTime())) {
            proxy.disturb(call -> call.isTo("/_bulk"), 1, Disturbance.Refuse.with(429));
            proxy.disturb(
                    call -> call.isTo("/_bulk"),
                    1,
                    new Disturbance.Refuse(
                            200,
                            "{\"errors\":true,\"items\":[{\"index\":{\"status\":429,\"error\":{\"reason\":\"busy\"}}}]}"));
            proxy.disturb(call -> call.isTo("/_mget"), 3, Disturbance.Refuse.with(429));
            var vectors = new SharedVectors(busy, names, model(new EmbeddingCache(3, 10_000)), Clock.systemUTC());
            vectors.keep(random(4));
            assertThat(vectors.find(List.of("0", "1", "2", "3"))).hasSize(4);
        }
    }

    @Test
    void isUsedAgainSomeMinutesAfterItsIndexFailed() {
        var now = new AtomicReference<>(Instant.parse("2026-11-15T00:00:00Z"));
        var clock = new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now.get();
            }
        };
        var vectors = new SharedVectors(connection, names, model(new EmbeddingCache(3, 10_000)), clock);
        connection.send("DELETE", "/" + index(), null);
        assertThat(vectors.find(List.of("0"))).isEmpty();
        create();
        vectors.keep(random(1));
        assertThat(vectors.find(List.of("0"))).as("left alone for now").isEmpty();
        now.set(now.get().plus(Duration.ofMinutes(5)));
        vectors.keep(random(1));
        assertThat(vectors.find(List.of("0"))).hasSize(1);
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

    private static ElasticsearchConnection open(URI address) {
        return ElasticsearchConnection.open(
                new ElasticsearchAccess(List.of(address.toString()), null, null),
                mount -> Path.of(mount),
                Duration.ofSeconds(60));
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
