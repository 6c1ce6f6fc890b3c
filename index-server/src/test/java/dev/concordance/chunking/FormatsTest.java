package dev.concordance.chunking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.embedding.Embedder;
import dev.concordance.manifest.Chunking;
import dev.concordance.parse.ParsedDocument;
import dev.concordance.parse.Parser;
import dev.concordance.parse.office.OfficeFormats;
import dev.concordance.testing.OfficeFiles;
import dev.concordance.testing.SmallModel;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Chunks of every format are exactly what stands in its decoded text, below the headings that the format has. */
class FormatsTest {
    private static final int MODEL_TOKENS = 510;
    private static final Embedder MODEL = SmallModel.get();
    private static final String WORDS = "Some words — and 🌷 — that make a sentence. ".repeat(12);

    @ParameterizedTest
    @MethodSource("dev.concordance.chunking.ChunkerTest#policies")
    void cutsEachFormatAtExactPlaces(Chunking policy) throws Exception {
        for (var document : List.of(
                text(
                        "a.csv",
                        "city,river,note\n"
                                + "Paris,Seine,\"%s\"\n".formatted(WORDS).repeat(20)),
                text(
                        "a.adoc",
                        "= Guide\n\n== One\n\n%s\n\n----\n%s\n----\n\n|===\n|a |%s\n|===\n"
                                .formatted(WORDS, "int a;\n".repeat(40), WORDS)),
                text("a.rst", "Guide\n=====\n\n%s\n\n::\n\n   code\n\n+---+\n| 🌷 |\n+---+\n".formatted(WORDS)),
                office(
                        "a.docx",
                        OfficeFiles.docx(OfficeFiles.paragraph("Heading1", "🌷 One")
                                + OfficeFiles.paragraph("Normal", WORDS).repeat(9))),
                office("a.pdf", OfficeFiles.pdf("Title", Collections.nCopies(9, List.of("#Head", "Words of a page.")))),
                office("a.epub", OfficeFiles.epub("Book", List.of("<h1>A</h1><p>" + WORDS, "<p>" + WORDS))),
                office(
                        "a.pptx",
                        OfficeFiles.pptx(Collections.nCopies(
                                5,
                                OfficeFiles.shape("title", "🌷 Slide")
                                        + OfficeFiles.shape("body", "A point.\n" + WORDS)))),
                office(
                        "a.xlsx",
                        OfficeFiles.xlsx(
                                "Prices 🌷",
                                List.of("Article", "Note", WORDS),
                                "<row><c t=\"s\"><v>0</v></c><c t=\"s\"><v>1</v></c></row>"
                                        + "<row><c><v>12.5</v></c><c t=\"s\"><v>2</v></c></row>".repeat(9))),
                office(
                        "a.odt",
                        OfficeFiles.odt("<text:h>🌷 One</text:h><text:p>%1$s</text:p><text:p>%1$s</text:p>"
                                .formatted(WORDS))))) {
            var source = document.origin().source();
            var chunks = chunk(policy, document);
            assertThat(chunks).isNotEmpty();
            for (var chunk : chunks) {
                assertThat(chunk.text()).isEqualTo(span(source, chunk));
            }
        }
    }

    /** Between the offsets of a chunk is what the page shows as its text, with markup. */
    @ParameterizedTest
    @MethodSource("dev.concordance.chunking.ChunkerTest#policies")
    void cutsAPageAtExactPlacesOfItsMarkup(Chunking policy) throws Exception {
        var document = text(
                "a.html",
                "<title>🌷</title><main><h1>A <i>page</i></h1><p>%1$s<p>Cats &amp; <b>dogs</b>. %1$s</p><pre>int a;\n</pre>"
                                .formatted(WORDS)
                        + "<table><tr><td>1</td><td>two &amp; three</td></tr></table><h2>More</h2><ul><li>%s</ul></main>"
                                .formatted(WORDS));
        var source = document.origin().source();
        var chunks = chunk(policy, document);
        assertThat(chunks).isNotEmpty();
        for (var chunk : chunks) {
            var shown = span(source, chunk).replaceAll("<[^>]*>", "").replace("&amp;", "&");
            assertThat(words(chunk.text())).isEqualTo(words(shown)).isNotEmpty();
        }
    }

    private static String span(String source, Chunk chunk) {
        var start = source.offsetByCodePoints(0, chunk.start());
        var end = source.offsetByCodePoints(start, chunk.end() - chunk.start());
        return source.substring(start, end);
    }

    /** All but white space, and but for what stands between the cells of a row. */
    private static String words(String text) {
        return text.replaceAll("[\\s|]", "");
    }

    @Test
    void readsEachRecordBelowTheNamesOfTheColumns() throws Exception {
        var table = "city,river\n" + "Vienna,Danube\n".repeat(40);
        var chunks = chunk(new Chunking.ByHeadings(40, 0, "{title} > {headings}"), text("rivers.csv", table));
        assertThat(chunks).hasSizeGreaterThan(3);
        assertThat(chunks).allMatch(chunk -> chunk.context().equals("rivers.csv > city | river"));
        assertThat(chunks)
                .allMatch(chunk -> chunk.text().lines().allMatch(line -> line.matches("city,river|Vienna,Danube")));
    }

    private static List<Chunk> chunk(Chunking policy, ParsedDocument document) {
        return new Chunker(policy, MODEL.tokenizer(), MODEL_TOKENS)
                .asking(RandomVectors::of)
                .chunk("a.txt", document);
    }

    private static ParsedDocument text(String name, String text) throws Exception {
        return Parser.parse(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private static ParsedDocument office(String name, byte[] bytes) throws Exception {
        return OfficeFormats.read(name, bytes);
    }
}
