package dev.concordance.testing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.PDResources;
import org.apache.pdfbox.pdmodel.common.PDStream;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;
import org.apache.pdfbox.pdmodel.graphics.form.PDFormXObject;
import org.apache.pdfbox.pdmodel.interactive.documentnavigation.destination.PDPageXYZDestination;
import org.apache.pdfbox.pdmodel.interactive.documentnavigation.outline.PDDocumentOutline;
import org.apache.pdfbox.pdmodel.interactive.documentnavigation.outline.PDOutlineItem;

/** Small files of binary formats, made as their programs make them. */
public final class OfficeFiles {
    private static final String RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private static final int BOMB_MEGABYTES = 1 << 10;
    private static final int ARCHIVE_MEGABYTES = 513;
    private static final int DEPTH_OF_FORMS = 20;
    private static final float FIRST_LINE = 740;
    private static final float LINE = 14;

    private OfficeFiles() {}

    /** A PDF of pages of lines; a line that begins with {@code #} has, without it, an entry in the outline. */
    public static byte[] pdf(String title, List<List<String>> pages) {
        return pdf(title, pages, "");
    }

    /** The same, which opens only with a password. */
    public static byte[] encryptedPdf(String password) {
        return pdf("Secret", List.of(List.of("Nobody reads this.")), password);
    }

    /** A small PDF of one page that says one word of a gigabyte. */
    public static byte[] bombPdf() {
        try (var pdf = new PDDocument()) {
            var page = new PDPage();
            pdf.addPage(page);
            var packed = new PDStream(pdf);
            try (var out = packed.createOutputStream(COSName.FLATE_DECODE)) {
                var block = new byte[1 << 20];
                Arrays.fill(block, (byte) 'a');
                out.write('(');
                for (var i = 0; i < BOMB_MEGABYTES; i++) {
                    out.write(block);
                }
            }
            page.setContents(packed);
            var bytes = new ByteArrayOutputStream();
            pdf.save(bytes);
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A small Word document that unpacks to more than is read. */
    public static byte[] bombDocx() {
        return bomb(docx(""), "word/document.xml");
    }

    /** The same archive, small as it was, of which a part unpacks to more blanks than are read. */
    public static byte[] bomb(byte[] archive, String part) {
        return rewritten(archive, (name, bytes, zip) -> {
            var end = name.equals(part) ? new String(bytes, StandardCharsets.UTF_8).lastIndexOf("</") : bytes.length;
            zip.write(bytes, 0, end);
            if (name.equals(part)) {
                var block = new byte[1 << 20];
                Arrays.fill(block, (byte) ' ');
                for (var i = 0; i < ARCHIVE_MEGABYTES; i++) {
                    zip.write(block);
                }
                zip.write(bytes, end, bytes.length - end);
            }
        });
    }

    /** The same archive with another text in a part. */
    public static byte[] with(byte[] archive, String part, UnaryOperator<String> text) {
        return rewritten(
                archive,
                (name, bytes, zip) -> zip.write(
                        name.equals(part)
                                ? text.apply(new String(bytes, StandardCharsets.UTF_8))
                                        .getBytes(StandardCharsets.UTF_8)
                                : bytes));
    }

    /** Names of the parts of an archive that hold markup. */
    public static List<String> parts(byte[] archive) {
        var names = new ArrayList<String>();
        rewritten(archive, (name, bytes, zip) -> {
            if (new String(bytes, StandardCharsets.UTF_8).contains("</")) {
                names.add(name);
            }
        });
        return names;
    }

    private interface Rewriting {
        void write(String name, byte[] bytes, ZipOutputStream zip) throws IOException;
    }

    private static byte[] rewritten(byte[] archive, Rewriting rewriting) {
        var bytes = new ByteArrayOutputStream();
        try (var in = new ZipInputStream(new ByteArrayInputStream(archive));
                var zip = new ZipOutputStream(bytes)) {
            for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                zip.putNextEntry(new ZipEntry(entry.getName()));
                rewriting.write(entry.getName(), in.readAllBytes(), zip);
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** A PDF of many pages without a word. They are one object, so that it is made and read in no time. */
    public static byte[] emptyPdf(int pages) {
        var objects = List.of(
                "<</Type/Catalog/Pages 2 0 R>>",
                "<</Type/Pages/Count %d/Kids[%s]>>".formatted(pages, "3 0 R ".repeat(pages)),
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]>>");
        var pdf = new StringBuilder("%PDF-1.7\n");
        var table = new StringBuilder("xref\n0 4\n0000000000 65535 f \n");
        for (var i = 0; i < objects.size(); i++) {
            table.append("%010d 00000 n \n".formatted(pdf.length()));
            pdf.append("%d 0 obj\n%s\nendobj\n".formatted(i + 1, objects.get(i)));
        }
        var start = pdf.length();
        pdf.append(table).append("trailer\n<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n".formatted(start));
        return pdf.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** A small PDF of one page, whose parts draw each other ten times over and over: nobody lives to see it drawn. */
    public static byte[] endlessPdf() {
        try (var pdf = new PDDocument()) {
            var page = new PDPage();
            pdf.addPage(page);
            var inner = new PDFormXObject(pdf);
            inner.setResources(new PDResources());
            for (var depth = 0; depth < DEPTH_OF_FORMS; depth++) {
                var outer = new PDFormXObject(pdf);
                outer.setResources(new PDResources());
                draw(outer.getResources(), inner, outer.getContentStream());
                inner = outer;
            }
            page.setResources(new PDResources());
            var contents = new PDStream(pdf);
            draw(page.getResources(), inner, contents);
            page.setContents(contents);
            return saved(pdf);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void draw(PDResources resources, PDFormXObject form, PDStream onto) throws IOException {
        resources.put(COSName.getPDFName("F"), form);
        try (var out = onto.createOutputStream()) {
            out.write("/F Do ".repeat(10).getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static byte[] saved(PDDocument pdf) throws IOException {
        var bytes = new ByteArrayOutputStream();
        pdf.save(bytes);
        return bytes.toByteArray();
    }

    /** A Word document with this document type, of which it uses the entity {@code e}. */
    public static byte[] entityDocx(String documentType) {
        return zip(Map.of(
                "_rels/.rels",
                relationships("officeDocument", "d.xml"),
                "d.xml",
                documentType + "<document><p><r><t>&e;</t></r></p></document>"));
    }

    /** A small workbook whose cells say one long string again and again. */
    public static byte[] bombXlsx() {
        var row = "<row>" + "<c t=\"s\"><v>0</v></c>".repeat(50) + "</row>";
        return xlsx("Bomb", List.of("x".repeat(10_000)), row.repeat(100));
    }

    private static byte[] pdf(String title, List<List<String>> pages, String password) {
        try (var pdf = new PDDocument()) {
            pdf.getDocumentInformation().setTitle(title);
            pdf.getDocumentInformation().setAuthor("A. Writer");
            var outline = new PDDocumentOutline();
            pdf.getDocumentCatalog().setDocumentOutline(outline);
            for (var lines : pages) {
                var page = new PDPage();
                pdf.addPage(page);
                if (!lines.isEmpty()) {
                    write(pdf, page, lines, outline);
                }
            }
            if (!password.isEmpty()) {
                pdf.protect(new StandardProtectionPolicy("owner", password, new AccessPermission()));
            }
            var bytes = new ByteArrayOutputStream();
            pdf.save(bytes);
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(PDDocument pdf, PDPage page, List<String> lines, PDDocumentOutline outline)
            throws IOException {
        try (var content = new PDPageContentStream(pdf, page)) {
            content.setFont(new PDType1Font(Standard14Fonts.FontName.HELVETICA), 12);
            for (var i = 0; i < lines.size(); i++) {
                var line = lines.get(i);
                var y = FIRST_LINE - i * LINE;
                content.beginText();
                content.newLineAtOffset(72, y);
                content.showText(line.startsWith("#") ? line.substring(1) : line);
                content.endText();
                if (line.startsWith("#")) {
                    var there = new PDPageXYZDestination();
                    there.setPage(page);
                    there.setTop((int) y + 12);
                    var item = new PDOutlineItem();
                    item.setTitle(line.substring(1));
                    item.setDestination(there);
                    outline.addLast(item);
                }
            }
        }
    }

    /** A Word document of this content of {@code w:body}, with the styles Heading1, Heading2, Title and Own (outline level 3). */
    public static byte[] docx(String body) {
        return docx(body, "");
    }

    /** @param footnotes elements {@code w:footnote} */
    public static byte[] docx(String body, String footnotes) {
        var word = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";
        var parts = new LinkedHashMap<String, String>();
        parts.put("_rels/.rels", relationships("officeDocument", "word/document.xml"));
        parts.put("word/document.xml", "<w:document %s><w:body>%s</w:body></w:document>".formatted(word, body));
        parts.put("word/styles.xml", """
                <w:styles %s><w:style w:styleId="Heading1"><w:name w:val="heading 1"/></w:style>
                <w:style w:styleId="Heading2"><w:name w:val="heading 2"/></w:style>
                <w:style w:styleId="Title"><w:name w:val="Title"/></w:style>
                <w:style w:styleId="Unseen"><w:name w:val="Unseen"/><w:rPr><w:vanish/></w:rPr></w:style>
                <w:style w:styleId="BasedOnUnseen"><w:name w:val="Based"/><w:basedOn w:val="Unseen"/></w:style>
                <w:style w:styleId="Own"><w:name w:val="Own"/><w:basedOn w:val="Base"/></w:style>
                <w:style w:styleId="Base"><w:name w:val="Base"/><w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:style>
                </w:styles>""".formatted(word));
        parts.put("word/footnotes.xml", "<w:footnotes %s>%s</w:footnotes>".formatted(word, footnotes));
        parts.put("word/_rels/document.xml.rels", """
                <Relationships><Relationship Id="rId1" Type="%s/styles" Target="styles.xml"/>
                <Relationship Id="rId2" Type="%s/footnotes" Target="footnotes.xml"/></Relationships>
                """.formatted(RELATIONSHIPS, RELATIONSHIPS));
        return zip(parts);
    }

    /** A paragraph of a Word document. */
    public static String paragraph(String style, String words) {
        return "<w:p><w:pPr><w:pStyle w:val=\"%s\"/></w:pPr><w:r><w:t>%s</w:t></w:r></w:p>".formatted(style, words);
    }

    /** A presentation of slides, each the content of {@code p:spTree}; the second of them is stored first. */
    public static byte[] pptx(List<String> slides) {
        return pptx(slides, List.of());
    }

    /** @param notShown numbers of slides, from 1, that are passed over when slides are shown */
    public static byte[] pptx(List<String> slides, List<Integer> notShown) {
        var parts = new LinkedHashMap<String, String>();
        parts.put("_rels/.rels", relationships("officeDocument", "ppt/presentation.xml"));
        var ids = new StringBuilder();
        var rels = new StringBuilder();
        for (var i = slides.size(); i > 0; i--) {
            ids.insert(0, "<p:sldId id=\"%d\" r:id=\"rId%d\"/>".formatted(255 + i, i));
            rels.append("<Relationship Id=\"rId%d\" Type=\"%s/slide\" Target=\"slides/slide%d.xml\"/>"
                    .formatted(i, RELATIONSHIPS, i));
            parts.put("ppt/slides/slide" + i + ".xml", """
                    <p:sld xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"
                     xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"%s><p:cSld><p:spTree>%s</p:spTree></p:cSld></p:sld>
                    """.formatted(
                            notShown.contains(i) ? " show=\"0\"" : "", slides.get(i - 1)));
        }
        parts.put("ppt/presentation.xml", """
                <p:presentation xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:r="%s">
                <p:sldIdLst>%s</p:sldIdLst></p:presentation>""".formatted(RELATIONSHIPS, ids));
        parts.put("ppt/_rels/presentation.xml.rels", "<Relationships>" + rels + "</Relationships>");
        return zip(parts);
    }

    /** A shape of a slide with a paragraph for each line. */
    public static String shape(String placeholder, String lines) {
        var paragraphs = new StringBuilder();
        lines.lines().forEach(line -> paragraphs.append("<a:p><a:r><a:t>%s</a:t></a:r></a:p>".formatted(line)));
        return "<p:sp><p:nvSpPr><p:nvPr><p:ph type=\"%s\"/></p:nvPr></p:nvSpPr><p:txBody>%s</p:txBody></p:sp>"
                .formatted(placeholder, paragraphs);
    }

    /**
     * A workbook of one visible and one hidden sheet.
     *
     * @param rows elements {@code row}; style 1 is a date, style 2 a percentage
     */
    public static byte[] xlsx(String sheet, List<String> shared, String rows) {
        return xlsx(sheet, shared, "", rows);
    }

    /** @param columns the element {@code cols} */
    public static byte[] xlsx(String sheet, List<String> shared, String columns, String rows) {
        var main = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"%s\""
                .formatted(RELATIONSHIPS);
        var strings = new StringBuilder();
        shared.forEach(string -> strings.append("<si><t>%s</t></si>".formatted(string)));
        var parts = new LinkedHashMap<String, String>();
        parts.put("_rels/.rels", relationships("officeDocument", "xl/workbook.xml"));
        parts.put("xl/workbook.xml", """
                <workbook %s><sheets><sheet name="%s" sheetId="1" r:id="rId1"/>
                <sheet name="Secret" sheetId="2" state="hidden" r:id="rId2"/></sheets></workbook>""".formatted(main, sheet));
        parts.put("xl/_rels/workbook.xml.rels", """
                <Relationships><Relationship Id="rId1" Type="%1$s/worksheet" Target="worksheets/sheet1.xml"/>
                <Relationship Id="rId2" Type="%1$s/worksheet" Target="worksheets/sheet2.xml"/>
                <Relationship Id="rId3" Type="%1$s/sharedStrings" Target="sharedStrings.xml"/>
                <Relationship Id="rId4" Type="%1$s/styles" Target="/xl/styles.xml"/></Relationships>
                """.formatted(RELATIONSHIPS));
        parts.put("xl/sharedStrings.xml", "<sst %s>%s</sst>".formatted(main, strings));
        parts.put("xl/styles.xml", """
                <styleSheet %s><numFmts><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>
                <cellStyleXfs><xf numFmtId="9"/></cellStyleXfs>
                <cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="9"/></cellXfs></styleSheet>""".formatted(main));
        parts.put(
                "xl/worksheets/sheet1.xml",
                "<worksheet %s>%s<sheetData>%s</sheetData></worksheet>".formatted(main, columns, rows));
        parts.put(
                "xl/worksheets/sheet2.xml",
                "<worksheet %s><sheetData><row><c t=\"str\"><v>hidden</v></c></row></sheetData></worksheet>"
                        .formatted(main));
        return zip(parts);
    }

    /** An OpenDocument text of this content of {@code office:text}, with the styles Unseen, BasedOnUnseen and Round (on itself). */
    public static byte[] odt(String body) {
        return odt("", body);
    }

    /** @param styles those that a program makes of what is formatted by hand, of {@code office:automatic-styles} */
    public static byte[] odt(String styles, String body) {
        var parts = new LinkedHashMap<String, String>();
        parts.put("mimetype", "application/vnd.oasis.opendocument.text");
        parts.put("META-INF/manifest.xml", "<manifest/>");
        parts.put("meta.xml", """
                <office:document-meta xmlns:office="o" xmlns:dc="d" xmlns:meta="m"><office:meta>
                <dc:title>A letter</dc:title><meta:initial-creator>A. Writer</meta:initial-creator>
                </office:meta></office:document-meta>""");
        parts.put("styles.xml", """
                <office:document-styles xmlns:office="o" xmlns:style="s" xmlns:text="t"><office:styles>
                <style:style style:name="Unseen" style:family="text"><style:text-properties text:display="none"/></style:style>
                <style:style style:name="Unseen" style:family="paragraph"><style:text-properties text:display="none"/></style:style>
                <style:style style:name="BasedOnUnseen" style:family="paragraph" style:parent-style-name="Unseen"/>
                <style:style style:name="Round" style:family="paragraph" style:parent-style-name="Around"/>
                <style:style style:name="Around" style:family="paragraph" style:parent-style-name="Round"/>
                </office:styles></office:document-styles>""");
        parts.put("content.xml", """
                <office:document-content xmlns:office="o" xmlns:style="s" xmlns:text="t" xmlns:table="b" xmlns:draw="w">
                <office:automatic-styles>%s</office:automatic-styles><office:body>
                <office:text>%s</office:text></office:body></office:document-content>""".formatted(styles, body));
        return zip(parts);
    }

    /** A book of chapters, which are pages of HTML. */
    public static byte[] epub(String title, List<String> chapters) {
        var parts = new LinkedHashMap<String, String>();
        parts.put("mimetype", "application/epub+zip");
        parts.put("META-INF/container.xml", """
                <container><rootfiles><rootfile full-path="OEBPS/content.opf"/></rootfiles></container>""");
        var manifest = new StringBuilder();
        var spine = new StringBuilder();
        for (var i = chapters.size(); i > 0; i--) {
            manifest.append("<item id=\"c%d\" href=\"text/chapter%%20%d.xhtml\" media-type=\"application/xhtml+xml\"/>"
                    .formatted(i, i));
            spine.insert(0, "<itemref idref=\"c%d\"/>".formatted(i));
            parts.put("OEBPS/text/chapter " + i + ".xhtml", "<html><body>" + chapters.get(i - 1) + "</body></html>");
        }
        parts.put("OEBPS/content.opf", """
                <package xmlns:dc="d"><metadata><dc:title>%s</dc:title><dc:creator>A. Writer</dc:creator></metadata>
                <manifest>%s</manifest><spine>%s</spine></package>""".formatted(title, manifest, spine));
        return zip(parts);
    }

    /** An archive of parts of text. */
    public static byte[] zip(Map<String, String> parts) {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            for (var part : parts.entrySet()) {
                zip.putNextEntry(new ZipEntry(part.getKey()));
                zip.write(part.getValue().getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static String relationships(String type, String target) {
        return "<Relationships><Relationship Id=\"rId1\" Type=\"%s/%s\" Target=\"%s\"/></Relationships>"
                .formatted(RELATIONSHIPS, type, target);
    }
}
