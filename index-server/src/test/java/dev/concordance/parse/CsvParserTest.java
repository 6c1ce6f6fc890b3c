package dev.concordance.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CsvParserTest {
    @Test
    void readsEachRecordBelowTheNamesOfTheColumns() throws Exception {
        var document = parse("a.csv", "name,price\r\ntea,\"2,50\"\r\n\r\n\"a \"\"good\"\"\ncoffee\",3\r\n");
        assertThat(document.title()).isEqualTo("a.csv");
        assertThat(Shown.blocks(document))
                .containsExactly(
                        "[name | price] HEADING: name,price",
                        "[name | price] WHOLE: tea,\"2,50\"",
                        "[name | price] WHOLE: \"a \"\"good\"\"/coffee\",3");
    }

    @Test
    void takesNoDataForNamesOfColumns() throws Exception {
        assertThat(Shown.blocks(parse("a.csv", "tea,2.50\ncoffee,3\n")))
                .containsExactly("[] WHOLE: tea,2.50", "[] WHOLE: coffee,3");
        assertThat(Shown.blocks(parse("a.csv", "name,price\n"))).containsExactly("[] WHOLE: name,price");
        assertThat(Shown.blocks(parse("a.csv", "only words\nof one column\n")))
                .containsExactly("[] WHOLE: only words", "[] WHOLE: of one column");
    }

    @Test
    void readsSemicolonsAndTabsToo() throws Exception {
        assertThat(Shown.blocks(parse("a.csv", "name;price\ntea;2,50\n")).getLast())
                .isEqualTo("[name | price] WHOLE: tea;2,50");
        assertThat(Shown.blocks(parse("a.tsv", "name\tprice\ntea\t2,50\n")).getLast())
                .isEqualTo("[name | price] WHOLE: tea\t2,50");
    }

    @Test
    void losesNoRecordsToAQuoteThatNeverEnds() throws Exception {
        assertThat(Shown.blocks(parse("a.csv", "name,price\n\"tea,2\ncoffee,3\n")))
                .containsExactly(
                        "[name | price] HEADING: name,price",
                        "[name | price] WHOLE: \"tea,2",
                        "[name | price] WHOLE: coffee,3");
    }

    @Test
    void endsInTimeOnQuotesWithoutEnd() throws Exception {
        assertThat(parse("a.csv", "\"a,\"b,\n".repeat(150_000)).blocks()).isNotEmpty();
        assertThat(parse("a.csv", ",\"".repeat(3_000_000)).blocks()).hasSize(1);
        assertThat(parse("a.csv", "").blocks()).isEmpty();
    }

    private static ParsedDocument parse(String name, String text) throws UnreadableDocument {
        return Parser.parse(name, text.getBytes(StandardCharsets.UTF_8));
    }
}
