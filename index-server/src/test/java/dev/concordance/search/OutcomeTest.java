package dev.concordance.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class OutcomeTest {
    private static final byte[] CANDIDATES = bytes("""
            {"took":3,"responses":[
             {"took":2,"timed_out":false,"_shards":{"total":2,"successful":2,"skipped":0,"failed":0},
              "hits":{"max_score":2.5,"hits":[
               {"_index":"i-g1","_score":2.5,"fields":{"ordinal":[0],"documentKey":["abc"],"version":[7]}},
               {"_index":"i-g1","_score":1,"fields":{"documentKey":["abc"],"version":[7],"ordinal":[12],"parent.ordinal":[3]},"more":{"a":[{}]}}]},
              "status":200},
             {"error":{"root_cause":[{"type":"t","reason":"deep"}],"type":"t","reason":"no such thing"},"status":404}]}
            """);
    private static final byte[] PASSAGES = bytes("""
            {"took":1,"timed_out":false,"_shards":{"total":1,"failed":0},"hits":{"hits":[
               {"_index":"i-g1","_id":"abc.7.0","_score":1.0,"_routing":"abc","_source":{"text":"é {\\"x\\"}","metadata":{"a":2}},
                "highlight":{"text":["<em>é</em>"]}},
               {"_index":"i-g1","_id":"abc.7.12","_score":1.0,"_source":{"text":"y"}}]}}
            """);

    @Test
    void findsCandidates() {
        var outcomes = Outcome.ofEach(CANDIDATES, Candidate::read);
        assertThat(outcomes).hasSize(2);
        assertThat(outcomes.getFirst().error()).isNull();
        assertThat(outcomes.getFirst().hits())
                .containsExactly(
                        new Candidate("i-g1", "abc.7.0", "abc", 7, 2.5, -1),
                        new Candidate("i-g1", "abc.7.12", "abc", 7, 1, 3));
    }

    @Test
    void findsPassages() {
        var passages = Outcome.of(PASSAGES, Passage::read).hits();
        assertThat(passages).extracting(Passage::id).containsExactly("abc.7.0", "abc.7.12");
        var first = passages.getFirst();
        assertThat(first.fields().path("text").asText()).isEqualTo("é {\"x\"}");
        assertThat(first.fields().path("metadata").path("a").asInt()).isEqualTo(2);
        assertThat(first.highlights().path(0).asText()).isEqualTo("<em>é</em>");
        assertThat(passages.getLast().highlights()).isEmpty();
    }

    @Test
    void tellsThatTheIndexIsGone() {
        var gone = Outcome.of(
                bytes(
                        "{\"error\":{\"type\":\"index_not_found_exception\",\"reason\":\"no such index\"},\"status\":404}"),
                Passage::read);
        assertThat(gone.status()).isEqualTo(404);
        assertThat(gone.error()).isEqualTo("no such index");
    }

    @Test
    void tellsWhatFailed() {
        var failed = Outcome.ofEach(CANDIDATES, Candidate::read).getLast();
        assertThat(failed.status()).isEqualTo(404);
        assertThat(failed.error()).isEqualTo("no such thing");
        var partial = Outcome.ofEach(
                        bytes(
                                "{\"responses\":[{\"timed_out\":true,\"_shards\":{\"failed\":2,\"failures\":[{}]},\"hits\":{\"hits\":[]}}]}"),
                        Candidate::read)
                .getFirst();
        assertThat(partial.timedOut()).isTrue();
        assertThat(partial.failedShards()).isEqualTo(2);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
