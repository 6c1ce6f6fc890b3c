package dev.concordance.parse.office;

import static dev.concordance.testing.OfficeFiles.docx;
import static dev.concordance.testing.OfficeFiles.paragraph;
import static dev.concordance.testing.OfficeFiles.shape;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.parse.ParsedDocument;
import dev.concordance.testing.OfficeFiles;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;
import org.apache.pdfbox.pdmodel.graphics.image.LosslessFactory;
import org.apache.pdfbox.pdmodel.graphics.state.RenderingMode;
import org.junit.jupiter.api.Test;

/** What files hold and their readers don't see: it is read and known to be unseen, or not read at all. */
class UnseenTextTest {
    /** Draws onto a page. */
    private interface Drawing {
        void onto(PDPageContentStream content) throws IOException;
    }

    @Test
    void knowsWordsOfAPdfThatAreNotDrawnOrTinyOrOffThePage() throws Exception {
        var document = pdf(false, content -> {
            show(content, 72, 700, 12, "Seen words");
            content.setRenderingMode(RenderingMode.NEITHER);
            show(content, 72, 680, 12, "not drawn");
            content.setRenderingMode(RenderingMode.STROKE);
            show(content, 72, 660, 12, "outlined");
            content.setRenderingMode(RenderingMode.FILL);
            show(content, 72, 640, 0.5f, "tiny ones");
            show(content, 72, 620, 1.5f, "small ones");
            show(content, 72, -300, 12, "below");
            show(content, 72, 2_000, 12, "above");
            show(content, -500, 600, 12, "left");
            show(content, 900, 580, 12, "right");
        });
        assertThat(document.text()).contains("Seen words", "outlined", "small ones");
        assertThat(String.join(" ", hidden(document)).split("\\s+"))
                .containsExactlyInAnyOrder("not", "drawn", "tiny", "ones", "below", "above", "left", "right");
    }

    @Test
    void looksAtTheWordsOfAPageWhereItIsCropped() throws Exception {
        var document = pdf(
                false,
                content -> {
                    show(content, 1_072, 1_700, 12, "Within");
                    show(content, 72, 700, 12, "outside");
                },
                new PDRectangle(1_000, 1_000, 612, 792));
        assertThat(hidden(document)).containsExactly("outside");
    }

    @Test
    void takesTheWordsOfARecognisedScanForSeen() throws Exception {
        Drawing unseen = content -> {
            content.setRenderingMode(RenderingMode.NEITHER);
            show(content, 72, 700, 12, "Recognised words");
        };
        assertThat(hidden(pdf(true, unseen))).isEmpty();
        assertThat(hidden(pdf(false, unseen))).containsExactly("Recognised words");
    }

    @Test
    void readsNoHiddenWordsOfAWordDocumentWhateverHidesThem() throws Exception {
        var document = OfficeFormats.read(
                "a.docx",
                docx(
                        """
                        <w:p><w:r><w:t>seen</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t> run</w:t></w:r>
                        <w:r><w:rPr><w:rStyle w:val="Unseen"/></w:rPr><w:t> style</w:t></w:r>
                        <w:r><w:rPr><w:rStyle w:val="Unseen"/><w:vanish w:val="0"/></w:rPr><w:t> shown</w:t></w:r>
                        <w:r><w:t><w:footnoteReference w:id="2"/></w:t></w:r></w:p>""" + paragraph("BasedOnUnseen", "paragraph"),
                        "<w:footnote w:id=\"2\"><w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>note</w:t></w:r>"
                                + "<w:r><w:t>Noted.</w:t></w:r></w:p></w:footnote>"));
        assertThat(document.text()).isEqualTo("seen shown\nNoted.\n");
        assertThat(document.hidden()).isEmpty();
    }

    @Test
    void readsNoHiddenWordsOfAnOpenDocumentWhateverHidesThem() throws Exception {
        var hidden = """
                <style:style style:name="%s" style:family="%s" style:parent-style-name="%s"><style:text-properties text:display="%s"/></style:style>
                """;
        var document = OfficeFormats.read(
                "a.odt",
                OfficeFiles.odt(
                        hidden.formatted("T1", "text", "", "none")
                                + hidden.formatted("T2", "text", "Unseen", "true")
                                + hidden.formatted("P1", "paragraph", "BasedOnUnseen", "true")
                                + "<style:style style:name=\"P2\" style:family=\"paragraph\" style:parent-style-name=\"BasedOnUnseen\"/>",
                        """
                <text:h text:style-name="P2" text:outline-level="1">heading</text:h>
                <text:p text:style-name="Round">seen<text:span text:style-name="T1"> run</text:span><text:span
                 text:style-name="Unseen"> style<text:s/><text:tab/><text:a><text:span>inner</text:span></text:a></text:span><text:span
                 text:style-name="T2"> shown</text:span><text:span text:style-name="P2">.</text:span></text:p>
                <text:p text:style-name="P2">paragraph<text:span text:style-name="T2">Shown.</text:span></text:p>
                <text:p text:style-name="P1">Seen.</text:p>
                <text:p><text:span text:style-name="T1">with<text:note><text:note-body><text:p>a note</text:p></text:note-body></text:note></text:span></text:p>
                """));
        assertThat(document.text()).isEqualTo("seen shown.\nShown.\nSeen.\n");
        assertThat(document.hidden()).isEmpty();
    }

    @Test
    void readsNoSectionAndNoParagraphOfAnOpenDocumentThatAConditionHides() throws Exception {
        var document = OfficeFormats.read("a.odt", OfficeFiles.odt("""
                <text:section text:display="none"><text:p>never</text:p><text:section><text:p>within</text:p></text:section></text:section>
                <text:section text:display="condition" text:is-hidden="true"><text:p>not now</text:p></text:section>
                <text:section text:display="condition" text:is-hidden="false"><text:p>Now.</text:p></text:section>
                <text:p>before<text:span><text:hidden-paragraph text:is-hidden="true"/></text:span> and after</text:p>
                <text:p>Kept<text:hidden-paragraph text:is-hidden="false">field</text:hidden-paragraph>.</text:p>
                <table:table><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell>
                <table:table-cell><text:p><text:hidden-paragraph text:is-hidden="true"/>cell</text:p></table:table-cell></table:table-row></table:table>
                """));
        assertThat(document.text()).isEqualTo("Now.\nKept.\na\n");
    }

    @Test
    void knowsSlidesThatAreNotShown() throws Exception {
        var document = OfficeFormats.read(
                "a.pptx",
                OfficeFiles.pptx(
                        List.of(
                                shape("title", "Backup") + shape("body", "Kept for questions."),
                                shape("title", "Opening") + shape("body", "Shown to all.")),
                        List.of(1)));
        assertThat(document.title()).isEqualTo("Opening");
        assertThat(document.text()).isEqualTo("Backup\nKept for questions.\nOpening\nShown to all.\n");
        assertThat(hidden(document)).containsExactly("Backup\nKept for questions.");
    }

    @Test
    void knowsRowsAndColumnsOfASheetThatAreFoldedAway() throws Exception {
        var columns = "<cols><col min=\"2\" max=\"3\" hidden=\"1\"/></cols>";
        var row =
                "<c r=\"A%1$d\" t=\"str\"><v>a%1$d</v></c><c t=\"str\"><v>b%1$d</v></c><c r=\"D%1$d\"><v>%1$d</v></c>";
        var document = OfficeFormats.read(
                "a.xlsx",
                OfficeFiles.xlsx(
                        "Sheet",
                        List.of(),
                        columns,
                        "<row>" + row.formatted(1) + "</row><row hidden=\"1\">" + row.formatted(2) + "</row>"));
        assertThat(document.text()).isEqualTo("a1 | b1 | 1\na2 | b2 | 2\n");
        assertThat(hidden(document)).containsExactly("b1", "a2 | b2 | 2");
    }

    @Test
    void keepsWhatAPageOfABookHides() throws Exception {
        var document = OfficeFormats.read(
                "a.epub",
                OfficeFiles.epub(
                        "Tales",
                        List.of(
                                "<p>Seen.</p>",
                                "<h1>Wolf</h1><p>It <b style=\"display:none\">barks <i style=\"opacity:0\">not</i></b> howls.</p>")));
        assertThat(document.text()).contains("It barks not howls.");
        assertThat(String.join(" ", hidden(document))).isEqualTo("barks not");
    }

    private static List<String> hidden(ParsedDocument document) {
        return document.hidden().stream()
                .map(range -> document.text().substring(range.start(), range.end()))
                .toList();
    }

    private static ParsedDocument pdf(boolean picture, Drawing drawing) throws Exception {
        return pdf(picture, drawing, PDRectangle.LETTER);
    }

    private static ParsedDocument pdf(boolean picture, Drawing drawing, PDRectangle box) throws Exception {
        try (var pdf = new PDDocument()) {
            var page = new PDPage(box);
            pdf.addPage(page);
            try (var content = new PDPageContentStream(pdf, page)) {
                if (picture) {
                    var image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
                    content.drawImage(LosslessFactory.createFromImage(pdf, image), 0, 0, 600, 700);
                }
                drawing.onto(content);
            }
            var bytes = new ByteArrayOutputStream();
            pdf.save(bytes);
            return OfficeFormats.read("a.pdf", bytes.toByteArray());
        }
    }

    private static void show(PDPageContentStream content, float x, float y, float size, String words)
            throws IOException {
        content.beginText();
        content.setFont(new PDType1Font(Standard14Fonts.FontName.HELVETICA), size);
        content.newLineAtOffset(x, y);
        content.showText(words);
        content.endText();
    }
}
