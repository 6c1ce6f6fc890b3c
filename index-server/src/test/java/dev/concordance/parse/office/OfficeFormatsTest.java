package dev.concordance.parse.office;

import static dev.concordance.testing.OfficeFiles.docx;
import static dev.concordance.testing.OfficeFiles.paragraph;
import static dev.concordance.testing.OfficeFiles.shape;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.parse.Block;
import dev.concordance.parse.Pages;
import dev.concordance.parse.ParsedDocument;
import dev.concordance.testing.OfficeFiles;
import java.util.List;
import org.junit.jupiter.api.Test;

class OfficeFormatsTest {
    @Test
    void readsThePagesOfAPdfWithItsOutlineAsHeadings() throws Exception {
        var document = read(
                "report.pdf",
                OfficeFiles.pdf(
                        "The report",
                        List.of(
                                List.of("#Introduction", "The first line", "and the second one."),
                                List.of(),
                                List.of("Still the introduction.", "#Results", "All went well."))));
        assertThat(document.title()).isEqualTo("The report");
        assertThat(document.metadata()).containsEntry("author", "A. Writer");
        assertThat(shown(document))
                .containsExactly(
                        "[Introduction] HEADING p1: Introduction",
                        "[Introduction] PROSE p1: The first line/and the second one.",
                        "[Introduction] PROSE p3: Still the introduction.",
                        "[Results] HEADING p3: Results",
                        "[Results] PROSE p3: All went well.");
    }

    @Test
    void takesNoTitleThatNobodyGave() throws Exception {
        for (var title : List.of("", " ", "Untitled", "(anonymous)")) {
            assertThat(read("a.pdf", OfficeFiles.pdf(title, List.of(List.of("Words."))))
                            .title())
                    .isEqualTo("a.pdf");
        }
    }

    @Test
    void findsThePagesOfEachRangeOfCodePoints() {
        var pages = new Pages(List.of(0, 10, 10, 25));
        assertThat(pages.of(0, 10)).contains(new Pages.Range(1, 1));
        assertThat(pages.of(9, 11)).contains(new Pages.Range(1, 3));
        assertThat(pages.of(10, 30)).contains(new Pages.Range(3, 4));
        assertThat(Pages.NONE.of(0, 1)).isEmpty();
    }

    @Test
    void readsHeadingsOfAWordDocumentByTheOutlineLevelsOfTheirStyles() throws Exception {
        var document = read(
                "a.docx",
                docx(paragraph("Title", "A letter")
                        + paragraph("Heading1", "One")
                        + paragraph("Normal", "Words of one.")
                        + paragraph("Heading2", "Below one")
                        + paragraph("Own", "Deeper")
                        + paragraph("Normal", "Deep words.")
                        + paragraph("Heading1", "Two")
                        + paragraph("Normal", "Words &amp; more.")));
        assertThat(document.title()).isEqualTo("A letter");
        assertThat(shown(document))
                .containsExactly(
                        "[A letter] HEADING: A letter",
                        "[One] HEADING: One",
                        "[One] PROSE: Words of one.",
                        "[One, Below one] HEADING: Below one",
                        "[One, Below one, Deeper] HEADING: Deeper",
                        "[One, Below one, Deeper] PROSE: Deep words.",
                        "[Two] HEADING: Two",
                        "[Two] PROSE: Words & more.");
    }

    @Test
    void readsOfAWordDocumentWhatAReaderSees() throws Exception {
        var document = read(
                "a.docx", docx("""
                        <w:p><w:r><w:t>kept</w:t></w:r><w:del><w:r><w:delText>deleted</w:delText></w:r></w:del>
                        <w:ins><w:r><w:t> inserted</w:t></w:r></w:ins><w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r>
                        <w:r><w:tab/><w:t>after a tab</w:t><w:footnoteReference w:id="2"/></w:r></w:p>
                        <w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p><w:p><w:r><w:t>b</w:t></w:r></w:p></w:tc>
                        <w:tc><w:tbl><w:tr><w:tc><w:p><w:r><w:t>c</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:tc>
                        <w:tc><w:p/></w:tc></w:tr></w:tbl>
                        <w:p><w:r><w:t>around</w:t></w:r><w:r><w:txbxContent><w:p><w:r><w:t>boxed</w:t></w:r></w:p></w:txbxContent></w:r></w:p>
                        """, "<w:footnote w:id=\"2\"><w:p><w:r><w:t>A note.</w:t></w:r></w:p></w:footnote>"));
        assertThat(shown(document))
                .containsExactly(
                        "[] PROSE: kept inserted\tafter a tab",
                        "[] PROSE: A note.",
                        "[] WHOLE: a b | c",
                        "[] PROSE: boxed",
                        "[] PROSE: around");
        assertThat(document.title()).isEqualTo("a.docx");
    }

    @Test
    void readsSlidesInTheirOrderWithTheirTitlesAsHeadings() throws Exception {
        var table = "<p:graphicFrame><a:tbl><a:tr><a:tc><a:p><a:r><a:t>x</a:t></a:r></a:p></a:tc>"
                + "<a:tc><a:p><a:r><a:t>y</a:t></a:r></a:p></a:tc></a:tr></a:tbl></p:graphicFrame>";
        var document = read(
                "a.pptx",
                OfficeFiles.pptx(List.of(
                        shape("body", "first point\nsecond point") + shape("ctrTitle", "Opening"),
                        shape("body", "No title here") + shape("sldNum", "2"),
                        shape("title", "Figures") + table)));
        assertThat(document.title()).isEqualTo("Opening");
        assertThat(shown(document))
                .containsExactly(
                        "[Opening] HEADING p1: Opening",
                        "[Opening] PROSE p1: first point",
                        "[Opening] PROSE p1: second point",
                        "[] PROSE p2: No title here",
                        "[Figures] HEADING p3: Figures",
                        "[Figures] WHOLE p3: x | y");
    }

    @Test
    void readsSheetsAsRowsOfWhatIsShownBelowTheirNamesAndHeads() throws Exception {
        var document = read("a.xlsx", OfficeFiles.xlsx("Prices", List.of("Article", "Since", "Share", "Tea"), """
                        <row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>2</v></c></row>
                        <row/>
                        <row><c t="s"><v>3</v></c><c s="1"><v>45292</v></c><c s="2"><v>0.25</v></c></row>
                        <row><c t="inlineStr"><is><t>Coffee</t></is></c><c><f>1+1</f><v>12.5</v></c><c t="b"><v>1</v></c></row>
                        """));
        assertThat(shown(document))
                .containsExactly(
                        "[Prices, Article | Since | Share] HEADING: Article | Since | Share",
                        "[Prices, Article | Since | Share] WHOLE: Tea | 2024-01-01 | 25%",
                        "[Prices, Article | Since | Share] WHOLE: Coffee | 12.5 | TRUE");
    }

    @Test
    void readsHeadingsRowsAndNotesOfAnOpenDocumentText() throws Exception {
        var document = read("a.odt", OfficeFiles.odt("""
                <text:tracked-changes><text:p>deleted</text:p></text:tracked-changes>
                <text:h text:outline-level="1">One</text:h><text:p>Two<text:s text:c="2"/>spaces<text:line-break/>and a line.</text:p>
                <text:h text:outline-level="2">Below</text:h>
                <text:p>With a note<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Noted.</text:p></text:note-body></text:note>.</text:p>
                <table:table><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell>
                <table:table-cell table:number-columns-repeated="1000000"><text:p>b</text:p></table:table-cell></table:table-row></table:table>
                """));
        assertThat(document.title()).isEqualTo("A letter");
        assertThat(document.metadata()).containsEntry("author", "A. Writer");
        assertThat(shown(document))
                .containsExactly(
                        "[One] HEADING: One",
                        "[One] PROSE: Two  spaces/and a line.",
                        "[One, Below] HEADING: Below",
                        "[One, Below] PROSE: Noted.",
                        "[One, Below] PROSE: With a note.",
                        "[One, Below] WHOLE: a | b");
    }

    @Test
    void readsTheChaptersOfABookInTheOrderOfItsSpine() throws Exception {
        var document = read(
                "a.epub",
                OfficeFiles.epub(
                        "The book",
                        List.of(
                                "<h1>First</h1><p>One &amp; two.</p>",
                                "<p>No heading here.</p>",
                                "<h1>Last</h1><h2>End</h2><p>Three.</p>")));
        assertThat(document.title()).isEqualTo("The book");
        assertThat(shown(document))
                .containsExactly(
                        "[First] HEADING: First",
                        "[First] PROSE: One & two.",
                        "[] PROSE: No heading here.",
                        "[Last] HEADING: Last",
                        "[Last, End] HEADING: End",
                        "[Last, End] PROSE: Three.");
        assertThat(document.blocks().get(2).section())
                .isGreaterThan(document.blocks().get(1).section())
                .isLessThan(document.blocks().get(3).section());
    }

    private static ParsedDocument read(String name, byte[] bytes) throws Exception {
        assertThat(OfficeFormats.isOne(name, bytes)).isTrue();
        return OfficeFormats.read(name, bytes);
    }

    private static List<String> shown(ParsedDocument document) {
        return document.blocks().stream().map(block -> shown(document, block)).toList();
    }

    private static String shown(ParsedDocument document, Block block) {
        var text = document.text();
        var page = document.pages()
                .of(text.codePointCount(0, block.start()), text.codePointCount(0, block.end()))
                .map(pages -> " p" + pages.first())
                .orElse("");
        return block.headings() + " " + block.kind() + page + ": "
                + text.substring(block.start(), block.end()).replace('\n', '/');
    }
}
