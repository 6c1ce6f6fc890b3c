package dev.concordance.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LegReaderTest {
    private static final String ANSWER = """
            {"took":3,"responses":[
             {"took":2,"timed_out":false,"_shards":{"total":2,"successful":2,"skipped":0,"failed":0},
              "hits":{"max_score":2.5,"hits":[
               {"_index":"i-g1","_id":"abc.7.0","_score":2.5,"_routing":"abc","_source":{"text":"é {\\"x\\"}","n":[1,{"a":2}]},
                "highlight":{"text":["<em>é</em>"]}},
               {"_index":"i-g1","_id":"abc.7.12","_score":1.25,"_source":{}}]},"status":200},
             {"error":{"root_cause":[{"type":"t","reason":"deep"}],"type":"t","reason":"no such thing"},"status":404}]}
            """;

    @Test
    void findsHitsAndWhereTheirSourcesAre() {
        var bytes = ANSWER.getBytes(StandardCharsets.UTF_8);
        var outcomes = LegReader.read(bytes);
        assertThat(outcomes).hasSize(2);
        var hits = outcomes.getFirst().leg().hits();
        assertThat(hits).hasSize(2);
        var hit = hits.getFirst();
        assertThat(hit.index()).isEqualTo("i-g1");
        assertThat(hit.key()).isEqualTo("abc");
        assertThat(hit.version()).isEqualTo(7);
        assertThat(hit.score()).isEqualTo(2.5);
        assertThat(part(bytes, hit.source())).isEqualTo("{\"text\":\"é {\\\"x\\\"}\",\"n\":[1,{\"a\":2}]}");
        assertThat(hit.highlight()).isNotNull();
        assertThat(hits.getLast().id()).isEqualTo("abc.7.12");
        assertThat(hits.getLast().highlight()).isNull();
        assertThat(outcomes.getFirst().error()).isNull();
    }

    @Test
    void tellsWhatFailed() {
        var failed = LegReader.read(ANSWER.getBytes(StandardCharsets.UTF_8)).getLast();
        assertThat(failed.status()).isEqualTo(404);
        assertThat(failed.error()).isEqualTo("no such thing");
        var partial = LegReader.read(
                        "{\"responses\":[{\"timed_out\":true,\"_shards\":{\"failed\":2,\"failures\":[{}]},\"hits\":{\"hits\":[]}}]}"
                                .getBytes(StandardCharsets.UTF_8))
                .getFirst();
        assertThat(partial.timedOut()).isTrue();
        assertThat(partial.failedShards()).isEqualTo(2);
    }

    private static String part(byte[] bytes, Leg.Slice slice) {
        return new String(bytes, slice.from(), slice.to() - slice.from(), StandardCharsets.UTF_8);
    }
}
