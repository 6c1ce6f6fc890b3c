package dev.concordance.search;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.concordance.manifest.AnnRecall.Depth;
import dev.concordance.manifest.ElasticsearchAccess;
import dev.concordance.manifest.MetadataField;
import dev.concordance.manifest.RoutingTable.Fusion;
import dev.concordance.manifest.RoutingTable.Lexical;
import dev.concordance.manifest.RoutingTable.Limits;
import dev.concordance.manifest.RoutingTable.Mode;
import dev.concordance.manifest.RoutingTable.Retrieval;
import dev.concordance.manifest.RoutingTable.Route;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RequestParserTest {
    private static final Route ROUTE = new Route(
            "docs",
            "guide",
            "cc-docs.guide",
            new ElasticsearchAccess(List.of("http://127.0.0.1:9200"), null, null),
            List.of(),
            List.of(new MetadataField("year", MetadataField.Type.LONG)),
            new Retrieval(Mode.lexical, Fusion.rrf, 0.5, 0.5, 60));
    private static final Limits LIMITS = new Limits(50, 65_536, 1_000, 4);
    private static final String VALID =
            "{\"query\":\"a \\u00e9 \\ud83d\\ude00\",\"vector\":[0.1,-2,3e-2],\"k\":7,\"mode\":\"hybrid\",\"fusion\":\"weighted\","
                    + "\"filter\":{\"and\":[{\"eq\":{\"year\":2020}},{\"not\":{\"range\":{\"year\":{\"gte\":1,\"lt\":9}}}}]},"
                    + "\"rerank\":false,\"groupBy\":\"document\",\"highlight\":true,\"explain\":true}";

    @Test
    void takesTheCorpussSettingsWhereNothingIsSaid() {
        var request = parse("{\"query\":\"x\"}");
        assertThat(request.mode()).isEqualTo(Mode.lexical);
        assertThat(request.fusion()).isEqualTo(Fusion.rrf);
        assertThat(request.k()).isEqualTo(10);
        assertThat(request.filter()).isNull();
        assertThat(request.rerank() || request.byDocument() || request.highlight() || request.explain())
                .isFalse();
    }

    @Test
    void readsEveryField() {
        var request = parse(VALID);
        assertThat(request.query()).isEqualTo("a é 😀");
        assertThat(request.mode()).isEqualTo(Mode.hybrid);
        assertThat(request.fusion()).isEqualTo(Fusion.weighted);
        assertThat(request.k()).isEqualTo(7);
        assertThat(request.filter()).isInstanceOf(Filter.And.class);
        assertThat(request.byDocument() && request.highlight() && request.explain())
                .isTrue();
    }

    @Test
    void searchesByMeaningWhereOnlyAVectorIsGiven() {
        var request = parse("{\"vector\":[3,4]}");
        assertThat(request.mode()).isEqualTo(Mode.semantic);
        assertThat(request.vector()).containsExactly(0.6f, 0.8f);
    }

    @Test
    void takesKUpToTheServersMaximum() {
        assertThat(parse("{\"query\":\"x\",\"k\":50}").k()).isEqualTo(50);
        assertThat(refusal("{\"query\":\"x\",\"k\":51}")).isEqualTo("k: expected a whole number from 1 to 50");
    }

    /** Whatever comes is a request whose search can be written, or an error that names a field. */
    @Test
    void bearsAnyBytes() throws Exception {
        var good = VALID.getBytes(StandardCharsets.UTF_8);
        var read = 0;
        for (var seed = 0; seed < 5_000; seed++) {
            var random = new Random(seed);
            var body = good.clone();
            for (var i = 0; i <= random.nextInt(4); i++) {
                body[random.nextInt(body.length)] =
                        random.nextBoolean() ? (byte) random.nextInt(256) : good[random.nextInt(good.length)];
            }
            try {
                var request = RequestParser.parse(body, ROUTE, LIMITS);
                var lines = new String(
                                new QueryWriter("a", request, 1, Lexical.DEFAULT, new Depth(2, 1), null)
                                        .candidates(request.vector())
                                        .body(),
                                StandardCharsets.UTF_8)
                        .lines()
                        .toList();
                assertThat(lines).hasSizeBetween(2, 4);
                for (var line : lines) {
                    assertThat(new JsonMapper().readTree(line).isObject()).isTrue();
                }
                read++;
            } catch (SearchException e) {
                assertThat(e.kind()).isEqualTo(SearchException.Kind.INVALID);
                assertThat(e.field()).isNotNull();
            }
        }
        assertThat(read).as("some of them are still valid").isPositive();
    }

    private static SearchRequest parse(String body) {
        return RequestParser.parse(body.getBytes(StandardCharsets.UTF_8), ROUTE, LIMITS);
    }

    private static String refusal(String body) {
        try {
            return "accepted " + parse(body);
        } catch (SearchException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
