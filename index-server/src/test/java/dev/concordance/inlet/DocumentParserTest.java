package dev.concordance.inlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.endpoint.Problem;
import dev.concordance.inbox.Change;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentParserTest {
    private static final DocumentParser PUBLIC = new DocumentParser(false, 1_000);
    private static final DocumentParser DOCUMENT_LEVEL = new DocumentParser(true, 1_000);

    @Test
    void takesAllThatADocumentCanHave() {
        var json = """
                {"content": "# Title", "format": "markdown", "title": "T", "uri": "https://example.org/a",
                 "metadata": {"year": 2026, "tags": ["a", "b"]}, "access": ["group:staff"]}
                """;
        var document = parse(DOCUMENT_LEVEL, json);
        assertThat(document.length()).isEqualTo(7);
        assertThat(document.json()).contains("\"year\":2026").contains("group:staff");
        assertThat(parse(PUBLIC, "{\"content\": \"# Title\"}").hash())
                .isEqualTo(parse(PUBLIC, "{ \"content\":\"# Title\", \"title\": null }")
                        .hash())
                .isNotEqualTo(parse(PUBLIC, "{\"content\": \"# Titles\"}").hash());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | content",
                "{'content': null} | content",
                "{'content': 7} | content",
                "{'content': 'a', 'format': 'pdf'} | format",
                "{'content': 'a', 'format': 7} | format",
                "{'content': 'a', 'title': ''} | title",
                "{'content': 'a', 'uri': ['x']} | uri",
                "{'content': 'a', 'metadata': 'x'} | metadata",
                "{'content': 'a', 'text': 'x'} | text",
                "{'content': 'a', 'access': 'everyone'} | access",
                "[] | body",
                "{'content': 'a'} x | body",
                "{'content': 'a', 'content': 'b'} | body",
                "{'content': 'a | body",
                "{'content': '\\ud800'} | body",
            })
    void namesWhatIsWrong(String json, String field) {
        assertThatThrownBy(() -> parse(PUBLIC, json.replace('\'', '"')))
                .isInstanceOfSatisfying(Problem.class, problem -> {
                    assertThat(problem.status()).isEqualTo(400);
                    assertThat(problem.document("r").path("field").asText()).isEqualTo(field);
                });
    }

    @Test
    void refusesAccessThatLetsNobodyIn() {
        assertThatThrownBy(() -> parse(DOCUMENT_LEVEL, "{\"content\": \"a\", \"access\": \"alice\"}"))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("access");
        assertThat(parse(DOCUMENT_LEVEL, "{\"content\": \"a\"}").length()).isEqualTo(1);
    }

    @Test
    void refusesWhatIsTooLarge() {
        assertThat(parse(PUBLIC, "{\"content\": \"%s\"}".formatted("ä".repeat(500)))
                        .length())
                .isEqualTo(1_000);
        assertThat(status("{\"content\": \"%s\"}".formatted("ä".repeat(501)))).isEqualTo(413);
        assertThat(status("{\"content\": \"a\", \"title\": \"%s\"}".formatted("x".repeat(70_000))))
                .isEqualTo(413);
        assertThat(status("{\"content\": \"a\", \"metadata\": %s1%s}".formatted("{\"a\":".repeat(40), "}".repeat(40))))
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\nb", "a\u0000", "\ud800"})
    void refusesIdsThatNoDocumentCanHave(String id) {
        assertThatThrownBy(() -> DocumentParser.id(id)).isInstanceOf(Problem.class);
    }

    @Test
    void boundsIds() {
        assertThat(DocumentParser.id("ä".repeat(512))).hasSize(512);
        assertThatThrownBy(() -> DocumentParser.id("a".repeat(8_192))).isInstanceOf(Problem.class);
    }

    private static int status(String json) {
        try {
            parse(PUBLIC, json);
            return 200;
        } catch (Problem problem) {
            return problem.status();
        }
    }

    private static Change.Document parse(DocumentParser parser, String json) {
        return parser.document(DocumentParser.object(json.getBytes(StandardCharsets.UTF_8)));
    }
}
