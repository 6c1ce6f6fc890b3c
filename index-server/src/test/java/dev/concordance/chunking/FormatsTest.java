package dev.concordance.chunking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.embedding.Embedder;
import dev.concordance.manifest.Chunking;
import dev.concordance.parse.Block;
import dev.concordance.parse.ParsedDocument;
import dev.concordance.parse.Parser;
import dev.concordance.parse.office.OfficeFormats;
import dev.concordance.testing.OfficeFiles;
import dev.concordance.testing.SmallModel;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Chunks of every format are exactly what stands in its decoded text, below the headings that the format has. */
class FormatsTest {
    private static final int MODEL_TOKENS = 510;
    private static final Embedder MODEL = SmallModel.get();
    private static final int UNITS = 12;
    private static final String WORDS = "Some words — and 🌷 — that make a sentence. ".repeat(12);

    /**
     * @param kept what no policy but one of windows cuts where it fits: rows and code, each of which has a border of sentences in
     *     it
     */
    private record Sample(ParsedDocument document, List<String> kept) {}

    @ParameterizedTest
    @MethodSource("dev.concordance.chunking.ChunkerTest#policies")
    void cutsEachFormatAtExactPlaces(Chunking policy) throws Exception {
        for (var sample :
                List.of(csv(), asciiDoc(), restructuredText(), word(), pdf(), book(), slides(), sheet(), letter())) {
            var chunks = chunk(policy, sample.document());
            for (var chunk : chunks) {
                assertThat(chunk.text())
                        .isEqualTo(span(sample.document().origin().source(), chunk));
            }
            losesNothingAndKeepsWhatFitsWhole(policy, sample, chunks);
        }
    }

    /** Between the offsets of a chunk is what the page shows as its text, with markup. */
    @ParameterizedTest
    @MethodSource("dev.concordance.chunking.ChunkerTest#policies")
    void cutsAPageAtExactPlacesOfItsMarkup(Chunking policy) throws Exception {
        var sample = page();
        var chunks = chunk(policy, sample.document());
        for (var chunk : chunks) {
            var shown = span(sample.document().origin().source(), chunk)
                    .replaceAll("<[^>]*>", "")
                    .replace("&amp;", "&");
            assertThat(words(chunk.text())).isEqualTo(words(shown)).isNotEmpty();
        }
        losesNothingAndKeepsWhatFitsWhole(policy, sample, chunks);
    }

    private static void losesNothingAndKeepsWhatFitsWhole(Chunking policy, Sample sample, List<Chunk> chunks) {
        var document = sample.document();
        var most = Math.min(MODEL_TOKENS, policy.maxTokens());
        assertThat(chunks).isNotEmpty().allMatch(chunk -> tokens(chunk.embeddedText()) <= most);
        assertThat(lost(policy, document, chunks)).as(document.title()).isEmpty();
        if (policy instanceof Chunking.ByTokens) {
            return;
        }
        var header = new ContextHeader(policy.contextHeader());
        var longest = document.blocks().stream()
                .mapToInt(block -> tokens(header.render(document.title(), block.headings())))
                .max()
                .orElse(0);
        var fitting = sample.kept().stream()
                .filter(unit -> tokens(unit) <= most - longest)
                .toList();
        assertThat(fitting).as(document.title()).hasSameSizeAs(sample.kept());
        assertThat(fitting)
                .as(document.title())
                .allMatch(unit ->
                        chunks.stream().anyMatch(chunk -> words(chunk.text()).contains(words(unit))));
    }

    /** Words in no chunk, but for headings that sections below them repeat. */
    private static String lost(Chunking policy, ParsedDocument document, List<Chunk> chunks) {
        var source = document.origin().source();
        var covered = new BitSet();
        chunks.forEach(chunk ->
                covered.set(source.offsetByCodePoints(0, chunk.start()), source.offsetByCodePoints(0, chunk.end())));
        return document.blocks().stream()
                .filter(block -> !(policy instanceof Chunking.ByHeadings) || block.kind() != Block.Kind.HEADING)
                .flatMapToInt(block -> IntStream.range(block.start(), block.end()))
                .filter(at -> !Character.isWhitespace(document.text().charAt(at))
                        && !covered.get(document.origin().range(at, at + 1).start()))
                .mapToObj(at -> String.valueOf(document.text().charAt(at)))
                .collect(Collectors.joining());
    }

    private static Sample csv() throws Exception {
        var kept = numbered("%d,\"Kept. Whole.\"");
        return new Sample(text("a.csv", "city,note\n" + among(kept, "Paris,\"" + WORDS + "\"") + "\n"), kept);
    }

    private static Sample asciiDoc() throws Exception {
        var code = numbered("----\nint a%d.\n\nInt b.\n----");
        var rows = numbered("|%d. Kept. Whole. |x");
        return new Sample(
                text(
                        "a.adoc",
                        "= Guide\n\n== One\n\n%s\n\n----\n%s\n----\n\n%s\n\n|===\n%s\n|===\n"
                                .formatted(
                                        WORDS, "int a;\n".repeat(40), among(code, WORDS), among(rows, "|a |" + WORDS))),
                Stream.concat(code.stream(), rows.stream()).toList());
    }

    private static Sample restructuredText() throws Exception {
        var code = numbered("   int a%d.\n\n   Int b.");
        var rows = numbered("| %2d. Kept. Whole. |");
        var border = "\n+------------------+\n";
        return new Sample(
                text(
                        "a.rst",
                        "Guide\n=====\n\n%s\n\n%s\n\nThe end of 🌷 it.\n%s%s%s"
                                .formatted(
                                        WORDS,
                                        code.stream()
                                                .map(unit -> "Code::\n\n" + unit)
                                                .collect(Collectors.joining("\n\n" + WORDS + "\n\n")),
                                        border,
                                        String.join(border, rows),
                                        border)),
                Stream.concat(code.stream(), rows.stream()).toList());
    }

    private static Sample word() throws Exception {
        var cell = "<w:tc><w:p><w:r><w:t>%s</w:t></w:r></w:p></w:tc>";
        return new Sample(
                office(
                        "a.docx",
                        OfficeFiles.docx(OfficeFiles.paragraph("Heading1", "🌷 One")
                                + OfficeFiles.paragraph("Normal", WORDS).repeat(9)
                                + table("w:tbl", "w:tr", cell))),
                rows());
    }

    private static Sample pdf() throws Exception {
        return new Sample(
                office("a.pdf", OfficeFiles.pdf("Title", Collections.nCopies(9, List.of("#Head", "Words of a page.")))),
                List.of());
    }

    private static Sample book() throws Exception {
        var code = numbered("int a%d.\n\nInt b.");
        return new Sample(
                office(
                        "a.epub",
                        OfficeFiles.epub(
                                "Book",
                                List.of(
                                        "<h1>A</h1><p>" + WORDS + "</p>" + preformatted(code),
                                        "<p>" + WORDS + "</p>" + table("table", "tr", "<td>%s</td>")))),
                Stream.concat(code.stream(), rows().stream()).toList());
    }

    private static Sample slides() throws Exception {
        var cell = "<a:tc><a:p><a:r><a:t>%s</a:t></a:r></a:p></a:tc>";
        return new Sample(
                office(
                        "a.pptx",
                        OfficeFiles.pptx(Collections.nCopies(
                                        5,
                                        OfficeFiles.shape("title", "🌷 Slide")
                                                + OfficeFiles.shape("body", "A point.\n" + WORDS))
                                .stream()
                                .map(slide ->
                                        slide + "<p:graphicFrame>" + table("a:tbl", "a:tr", cell) + "</p:graphicFrame>")
                                .toList())),
                rows());
    }

    private static Sample sheet() throws Exception {
        var row = "<row><c t=\"inlineStr\"><is><t>%s</t></is></c><c><v>12.5</v></c></row>";
        return new Sample(
                office(
                        "a.xlsx",
                        OfficeFiles.xlsx(
                                "Prices 🌷",
                                List.of("Article", "Note"),
                                "<row><c t=\"s\"><v>0</v></c><c t=\"s\"><v>1</v></c></row>"
                                        + among(numbered("%d. Kept. Whole."), WORDS)
                                                .lines()
                                                .map(row::formatted)
                                                .collect(Collectors.joining()))),
                numbered("%d. Kept. Whole. | 12.5"));
    }

    private static Sample letter() throws Exception {
        return new Sample(
                office(
                        "a.odt",
                        OfficeFiles.odt(
                                "<text:h>🌷 One</text:h><text:p>%1$s</text:p><text:p>%1$s</text:p>".formatted(WORDS)
                                        + table(
                                                "table:table",
                                                "table:table-row",
                                                "<table:table-cell><text:p>%s</text:p></table:table-cell>"))),
                rows());
    }

    private static Sample page() throws Exception {
        var code = numbered("int a%d.\n\nInt b.");
        return new Sample(
                text(
                        "a.html",
                        "<title>🌷</title><main><h1>A <i>page</i></h1><p>%1$s<p>Cats &amp; <b>dogs</b>. %1$s</p>%2$s%3$s<h2>More</h2><ul><li>%1$s</ul></main>"
                                .formatted(WORDS, preformatted(code), table("table", "tr", "<td>%s</td>"))),
                Stream.concat(code.stream(), rows().stream()).toList());
    }

    private static List<String> rows() {
        return numbered("%d. Kept. Whole. | x");
    }

    /** The same rows as markup, and longer ones between them. */
    private static String table(String table, String row, String cell) {
        return "<" + table + ">"
                + among(numbered("%d. Kept. Whole."), WORDS)
                        .lines()
                        .map(words ->
                                "<%1$s>%2$s%3$s</%1$s>".formatted(row, cell.formatted(words), cell.formatted("x")))
                        .collect(Collectors.joining())
                + "</" + table + ">";
    }

    private static String preformatted(List<String> code) {
        return code.stream().map(unit -> "<pre>" + unit + "</pre>").collect(Collectors.joining("<p>" + WORDS + "</p>"));
    }

    private static List<String> numbered(String unit) {
        return IntStream.range(10, 10 + UNITS).mapToObj(unit::formatted).toList();
    }

    /** A long one after every third. */
    private static String among(List<String> units, String one) {
        return IntStream.range(0, units.size())
                .mapToObj(i -> units.get(i) + (i % 3 == 2 ? "\n" + one : ""))
                .collect(Collectors.joining("\n"));
    }

    private static int tokens(String text) {
        return MODEL.tokenizer().count(text);
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
