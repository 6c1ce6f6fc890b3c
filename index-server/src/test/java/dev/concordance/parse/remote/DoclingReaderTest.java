package dev.concordance.parse.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.manifest.QuarantineReason;
import dev.concordance.parse.Block;
import dev.concordance.parse.ParsedDocument;
import dev.concordance.parse.UnreadableDocument;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DoclingReaderTest {
    private static final String BODY =
            "\"body\": {\"children\": [%s]}, \"texts\": [%s], \"tables\": [%s], \"groups\": [%s]";

    @Test
    void keepsHeadingsAndPagesInTheOrderOfReading() throws Exception {
        var document = read(body(
                refs("texts/1", "texts/0", "texts/2", "texts/3"),
                text("section_header", "Intake", 1, "\"level\": 1"),
                text("title", "Handbook", 1, ""),
                text("text", "Fill in the form.", 2, ""),
                text("section_header", "Signing", 4, "\"level\": 2")));
        assertThat(document.title()).isEqualTo("Handbook");
        assertThat(document.text()).isEqualTo("Handbook\nIntake\nFill in the form.\nSigning\n");
        assertThat(document.blocks())
                .extracting(Block::headings)
                .containsExactly(
                        List.of("Handbook"),
                        List.of("Handbook", "Intake"),
                        List.of("Handbook", "Intake"),
                        List.of("Handbook", "Intake", "Signing"));
        assertThat(document.pages().starts()).containsExactly(0, 16, 34, 34);
        assertThat(document.pages().of(16, 33).orElseThrow().first()).isEqualTo(2);
        assertThat(document.pages().of(34, 41).orElseThrow().first()).isEqualTo(4);
    }

    @Test
    void readsTablesByRowsWithTheirCaptionsFirst() throws Exception {
        var table = """
                {"label": "table", "captions": [{"$ref": "#/texts/0"}], "children": [{"$ref": "#/texts/0"}, {"$ref": "#/texts/1"}],
                 "data": {"num_rows": 2, "table_cells": [
                   {"text": "B2", "start_row_offset_idx": 1, "start_col_offset_idx": 1},
                   {"text": "A1", "start_row_offset_idx": 0, "start_col_offset_idx": 0, "column_header": true},
                   {"text": "A2", "start_row_offset_idx": 1, "start_col_offset_idx": 0},
                   {"text": "B1", "start_row_offset_idx": 0, "start_col_offset_idx": 1, "column_header": true}]}}""";
        var document = read(BODY.formatted(
                refs("tables/0"),
                text("caption", "Table 1", 1, "") + "," + text("footnote", "as of May", 1, ""),
                table,
                ""));
        assertThat(document.text()).isEqualTo("Table 1\nA1 | B1\nA2 | B2\nas of May\n");
        assertThat(document.blocks())
                .extracting(Block::kind)
                .containsExactly(Block.Kind.PROSE, Block.Kind.WHOLE, Block.Kind.WHOLE, Block.Kind.PROSE);
    }

    @Test
    void leavesOutWhatEachPageRepeatsAndWhatNobodySees() throws Exception {
        var document = read(body(
                refs("texts/0", "texts/1", "texts/2", "texts/3", "texts/4"),
                text("page_header", "Confidential", 1, ""),
                text("text", "Words.", 1, ""),
                text("text", "Footer", 1, "\"content_layer\": \"furniture\""),
                text("text", "White on white", 1, "\"content_layer\": \"invisible\""),
                text("text", "What the speaker says.", 1, "\"content_layer\": \"notes\"")));
        assertThat(document.text()).isEqualTo("Words.\nWhat the speaker says.\n");
    }

    @Test
    void readsListsPiecesOfALineAndSheets() throws Exception {
        var groups = """
                {"label": "list", "children": [{"$ref": "#/texts/0"}, {"$ref": "#/texts/1"}]},
                {"label": "inline", "children": [{"$ref": "#/texts/2"}, {"$ref": "#/texts/3"}]},
                {"label": "sheet", "name": "sheet: Prices", "children": [{"$ref": "#/texts/4"}]}""";
        var texts = String.join(
                ",",
                text("list_item", "one", 0, "\"marker\": \"1.\""),
                text("list_item", "two", 0, "\"marker\": \"\""),
                text("text", "Half of a", 0, ""),
                text("text", "sentence.", 0, ""),
                text("text", "In a sheet.", 0, ""));
        var document = read(BODY.formatted(refs("groups/0", "groups/1", "groups/2"), texts, "", groups));
        assertThat(document.text()).isEqualTo("1. one\ntwo\nHalf of a sentence.\nIn a sheet.\n");
        assertThat(document.blocks().getLast().headings()).containsExactly("Prices");
        assertThat(document.pages().starts()).isEmpty();
    }

    @Test
    void followsATreeThatHasNoEndOnce() throws Exception {
        var groups =
                "{\"label\": \"list\", \"children\": [{\"$ref\": \"#/groups/0\"}, {\"$ref\": \"#/texts/0\"}, {\"$ref\": \"#/body\"}]}";
        var document = read(
                BODY.formatted(refs("groups/0", "groups/0", "texts/99"), text("text", "Words.", 1, ""), "", groups));
        assertThat(document.text()).isEqualTo("Words.\n");
    }

    @Test
    void followsADeepTreeWithoutRecursion() throws Exception {
        var groups = new StringBuilder("{\"children\": [{\"$ref\": \"#/texts/0\"}]}");
        for (var depth = 1; depth < 50_000; depth++) {
            groups.append(",{\"children\": [{\"$ref\": \"#/groups/%d\"}]}".formatted(depth - 1));
        }
        var document = read(BODY.formatted(refs("groups/49999"), text("text", "Words.", 1, ""), "", groups));
        assertThat(document.text()).isEqualTo("Words.\n");
    }

    @Test
    void refusesMorePagesThanAreRead() {
        assertThatThrownBy(() -> read(body(refs("texts/0"), text("text", "x", 2_000_000_000, ""))))
                .isInstanceOfSatisfying(
                        UnreadableDocument.class, e -> assertThat(e.reason()).isEqualTo(QuarantineReason.TooLarge))
                .hasMessageContaining("20000 pages");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"document\": null}",
                "{\"document\": {\"json_content\": {\"texts\": \"secret\"}}}",
                "{\"document\": {\"json_content\": {\"body\": {\"children\": [{\"$ref\": [\"secret\"]}]}}}}",
                "{\"document\": {\"json_content\": {\"body\""
            })
    void refusesWhatIsNoAnswerWithoutQuotingIt(String answer) {
        assertThatThrownBy(() -> DoclingReader.read("a.pdf", answer.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOfSatisfying(
                        UnreadableDocument.class, e -> assertThat(e.reason()).isEqualTo(QuarantineReason.ParserFailed))
                .message()
                .doesNotContain("secret");
    }

    private static ParsedDocument read(String content) throws UnreadableDocument, IOException {
        var answer =
                "{\"document\": {\"json_content\": {\"schema_name\": \"DoclingDocument\", %s}}}".formatted(content);
        return DoclingReader.read("a.pdf", answer.getBytes(StandardCharsets.UTF_8));
    }

    private static String body(String children, String... texts) {
        return BODY.formatted(children, String.join(",", texts), "", "");
    }

    private static String refs(String... pointers) {
        return String.join(
                ",",
                List.of(pointers).stream()
                        .map(pointer -> "{\"$ref\": \"#/%s\"}".formatted(pointer))
                        .toList());
    }

    private static String text(String label, String words, int page, String more) {
        var place = page == 0 ? "" : "{\"page_no\": %d, \"bbox\": {\"l\": NaN}}".formatted(page);
        return "{\"label\": \"%s\", \"text\": \"%s\", \"orig\": \"?\", \"prov\": [%s]%s}"
                .formatted(label, words, place, more.isEmpty() ? "" : ", " + more);
    }
}
