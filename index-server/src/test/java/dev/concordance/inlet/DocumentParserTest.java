package dev.concordance.inlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concordance.endpoint.Problem;
import dev.concordance.inbox.Change;
import dev.concordance.index.DocumentKey;
import dev.concordance.manifest.InletTable;
import dev.concordance.manifest.Tombstone;
import dev.concordance.manifest.Tombstone.NamedDocument;
import dev.concordance.manifest.Tombstones;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentParserTest {
    private static final InletTable.Source SOURCE =
            new InletTable.Source("articles", "https://example.org/{id}", List.of());
    private static final DocumentParser PUBLIC = new DocumentParser(SOURCE, false, 1_000, Tombstones.NONE);
    private static final DocumentParser DOCUMENT_LEVEL = new DocumentParser(SOURCE, true, 1_000, Tombstones.NONE);

    private static final Tombstone ERASED = new Tombstone(
            "uid",
            List.of(DocumentKey.of("articles", "erased")),
            List.of(new NamedDocument("people/roe", "articles"), new NamedDocument("people/doe", null)),
            List.of("https://example.org/a%20b"),
            List.of(Map.of("customer", "4711")));

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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "people/roe | {'content': 'a'}",
                "people/doe | {'content': 'a'}",
                "erased | {'content': 'a'}",
                "a b | {'content': 'a'}",
                "x | {'content': 'a', 'uri': 'https://example.org/a%20b'}",
                "x | {'content': 'a', 'metadata': {'customer': 4711, 'year': 2026}}",
                "x | {'content': 'a', 'metadata': {'customer': ['12', '4711']}}",
            })
    void refusesWhatAnErasureCovers(String id, String json) {
        var parser = new DocumentParser(SOURCE, false, 1_000, Tombstones.of(List.of(ERASED)));
        assertThatThrownBy(() -> parser.document(id, object(json)))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.status()).isEqualTo(410));
        assertThatThrownBy(() -> parser.requireNotErased(id, json.replace('\'', '"')))
                .isInstanceOf(Problem.class);
    }

    @Test
    void takesWhatNoErasureCovers() {
        var parser = new DocumentParser(SOURCE, false, 1_000, Tombstones.of(List.of(ERASED)));
        for (var json : List.of(
                "{'content': 'customer: 4711'}",
                "{'content': 'a', 'uri': 'https://example.org/people/roe'}",
                "{'content': 'a', 'metadata': {'customer': '47', 'number': '4711'}}")) {
            assertThat(parser.document("people", object(json)).length()).isPositive();
        }
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
        return parser.document("a", DocumentParser.object(json.getBytes(StandardCharsets.UTF_8)));
    }

    private static ObjectNode object(String json) {
        return DocumentParser.object(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
