package dev.concordance.parse.office;

import static dev.concordance.testing.OfficeFiles.docx;
import static dev.concordance.testing.OfficeFiles.paragraph;
import static dev.concordance.testing.OfficeFiles.zip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.manifest.QuarantineReason;
import dev.concordance.parse.UnreadableDocument;
import dev.concordance.testing.OfficeFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.interactive.documentnavigation.destination.PDPageXYZDestination;
import org.apache.pdfbox.pdmodel.interactive.documentnavigation.outline.PDDocumentOutline;
import org.apache.pdfbox.pdmodel.interactive.documentnavigation.outline.PDOutlineItem;
import org.apache.poi.poifs.filesystem.POIFSFileSystem;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostileFilesTest {
    private static final int NO_PAGE = Integer.MIN_VALUE;

    @Test
    void tellsEncryptedFiles() throws Exception {
        refuses(QuarantineReason.Encrypted, () -> read("a.pdf", OfficeFiles.encryptedPdf("secret")));
        refuses(QuarantineReason.Encrypted, () -> read("a.docx", container("EncryptedPackage")));
        refuses(QuarantineReason.Binary, () -> read("a.doc", container("WordDocument")));
        refuses(
                QuarantineReason.Encrypted,
                () -> read(
                        "a.odt",
                        zip(Map.of(
                                "mimetype",
                                "application/vnd.oasis.opendocument.text",
                                "META-INF/manifest.xml",
                                "<manifest><encryption-data/></manifest>",
                                "content.xml",
                                "\u0001\u0002"))));
    }

    @Test
    void readsABookOfWhichOnlyFontsAreEncrypted() throws Exception {
        assertThat(read("a.epub", encrypted("OEBPS/font.otf"))).contains("Words.");
        refuses(QuarantineReason.Encrypted, () -> read("a.epub", encrypted("OEBPS/page.xhtml")));
    }

    @Test
    void tellsBrokenFiles() {
        var whole = docx(paragraph("Heading1", "Words") + paragraph("Normal", "and more of them"));
        for (var length : new int[] {4, 100, whole.length / 2, whole.length - 30}) {
            assertThatThrownBy(() -> read("a.docx", Arrays.copyOf(whole, length)))
                    .isInstanceOf(IOException.class);
        }
        assertThatThrownBy(() -> read("a.pdf", "%PDF-1.7\nnothing".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> read("a.docx", docx("<w:p><w:r>"))).isInstanceOf(IOException.class);
    }

    /** Whole files, in whose parts something can be put. */
    private enum Format {
        DOCX(docx(paragraph("Normal", "Words.")), "word/document.xml"),
        ODT(OfficeFiles.odt("<text:p>Words.</text:p>"), "content.xml"),
        EPUB(OfficeFiles.epub("Book", List.of("<p>Words.</p>")), "OEBPS/content.opf"),
        PPTX(OfficeFiles.pptx(List.of(OfficeFiles.shape("body", "Words."))), "ppt/slides/slide1.xml"),
        XLSX(
                OfficeFiles.xlsx("Sheet", List.of("Words."), "<row><c t=\"s\"><v>0</v></c></row>"),
                "xl/worksheets/sheet1.xml");

        private final byte[] file;
        private final String main;

        Format(byte[] file, String main) {
            this.file = file;
            this.main = main;
        }

        String fileName() {
            return "a." + name().toLowerCase(Locale.ROOT);
        }
    }

    /** Parts that nobody reads as XML: a sheet that is hidden, and a page, which is HTML. */
    private static final Set<String> NOT_READ_AS_XML = Set.of("xl/worksheets/sheet2.xml", "OEBPS/text/chapter 1.xhtml");

    @ParameterizedTest
    @EnumSource(Format.class)
    void expandsAndFetchesNoEntities(Format format, @TempDir Path folder) throws Exception {
        var secret = Files.writeString(folder.resolve("secret"), "do not tell");
        try (var asked = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var address = "http://127.0.0.1:" + asked.getLocalPort() + "/";
            for (var documentType : List.of(
                    "<!DOCTYPE d [<!ENTITY e SYSTEM \"%s\">]>".formatted(secret.toUri()),
                    "<!DOCTYPE d [<!ENTITY e SYSTEM \"%s\">]>".formatted(address),
                    "<!DOCTYPE d [<!ENTITY % p SYSTEM \"" + address + "\"> %p;]>",
                    "<!DOCTYPE d [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY e \"&a;&a;&a;&a;&a;&a;&a;&a;&a;\">]>",
                    "<!DOCTYPE d SYSTEM \"%s\">".formatted(secret.toUri()))) {
                for (var part : OfficeFiles.parts(format.file)) {
                    var hostile = OfficeFiles.with(
                            format.file,
                            part,
                            xml -> documentType + xml.substring(0, xml.lastIndexOf("</")) + "&e;"
                                    + xml.substring(xml.lastIndexOf("</")));
                    if (NOT_READ_AS_XML.contains(part)) {
                        assertThat(read(format.fileName(), hostile))
                                .contains("Words.")
                                .doesNotContain("do not tell", "aaaa");
                    } else {
                        assertThatThrownBy(() -> read(format.fileName(), hostile))
                                .as("%s with %s", part, documentType)
                                .isInstanceOf(IOException.class)
                                .hasMessageNotContaining("do not tell");
                    }
                }
            }
            asked.setSoTimeout(1);
            assertThatThrownBy(asked::accept).as("nobody asked").isInstanceOf(SocketTimeoutException.class);
        }
    }

    /** One of Word is refused where it is met, in the process that parses. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "DOCX")
    void refusesWhatUnpacksToMoreThanIsRead(Format format) throws Exception {
        assertThat(read(format.fileName(), format.file)).contains("Words.");
        refuses(QuarantineReason.TooLarge, () -> read(format.fileName(), OfficeFiles.bomb(format.file, format.main)));
    }

    @Test
    void refusesStylesThatUnpackToMoreThanIsRead() {
        var bomb = OfficeFiles.bomb(Format.ODT.file, "styles.xml");
        refuses(QuarantineReason.TooLarge, () -> read("a.odt", bomb));
    }

    @Test
    void refusesAPageOfABookThatUnpacksToMoreThanIsRead() {
        var book = OfficeFiles.epub("Book", List.of("<p>Words.</p>" + " ".repeat(17 << 20)));
        refuses(QuarantineReason.TooLarge, () -> read("a.epub", book));
    }

    @Test
    void refusesAPdfOfAHundredThousandPages() {
        var bytes = OfficeFiles.emptyPdf(100_000);
        refuses(QuarantineReason.TooLarge, () -> read("a.pdf", bytes));
    }

    @Test
    void endsWhereAnOutlineLeadsRoundInCircles() throws Exception {
        var bytes = new ByteArrayOutputStream();
        try (var pdf = new PDDocument()) {
            pdf.addPage(new PDPage());
            var outline = new PDDocumentOutline();
            pdf.getDocumentCatalog().setDocumentOutline(outline);
            var item = new PDOutlineItem();
            item.setTitle("again");
            item.setDestination(pdf.getPage(0));
            outline.addLast(item);
            item.getCOSObject().setItem("Next", item);
            item.getCOSObject().setItem("First", item);
            pdf.save(bytes);
        }
        assertThat(read("a.pdf", bytes.toByteArray())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {NO_PAGE, -5, 1, 499, Integer.MAX_VALUE})
    void passesOverAnEntryOfAnOutlineThatLeadsToNoPage(int page) throws Exception {
        var entry = new PDPageXYZDestination();
        entry.setTop(700);
        if (page != NO_PAGE) {
            entry.setPageNumber(page);
        }
        var file = OfficeFiles.pdf("T", List.of(List.of("#Head", "Words.")));
        var bytes = new ByteArrayOutputStream();
        try (var pdf = Loader.loadPDF(file)) {
            var item = new PDOutlineItem();
            item.setTitle("Lost");
            item.setDestination(entry);
            pdf.getDocumentCatalog().getDocumentOutline().addFirst(item);
            pdf.save(bytes);
        }
        var document = OfficeFormats.read("a.pdf", bytes.toByteArray());
        assertThat(document.text()).isEqualTo("Head\nWords.\n");
        assertThat(document.blocks()).allMatch(block -> block.headings().equals(List.of("Head")));
    }

    @Test
    void readsThePagesOfAPdfThatCountsThemWrongly() throws Exception {
        var file = OfficeFiles.pdf("T", List.of(List.of("#One"), List.of("#Two", "Words.")));
        var bytes = new ByteArrayOutputStream();
        try (var pdf = Loader.loadPDF(file)) {
            pdf.getPages().getCOSObject().setInt(COSName.COUNT, 1);
            pdf.save(bytes);
        }
        var document = OfficeFormats.read("a.pdf", bytes.toByteArray());
        assertThat(document.text()).isEqualTo("One\nTwo\nWords.\n");
        assertThat(document.blocks().getLast().headings()).containsExactly("Two");
    }

    @Test
    void refusesTablesThatAreNestedWithoutEnd() throws Exception {
        assertThat(read("a.docx", docx(nested(40)))).isEqualTo("inside\n");
        refuses(QuarantineReason.TooDeeplyNested, () -> read("a.docx", docx(nested(50_000))));
    }

    private static String nested(int deep) {
        return "<w:tbl><w:tr><w:tc>".repeat(deep)
                + paragraph("Normal", "inside")
                + "</w:tc></w:tr></w:tbl>".repeat(deep);
    }

    @Test
    void goesNoDeeperThanPeopleDo() throws Exception {
        var headings = new StringBuilder();
        for (var level = 1; level <= 2_000; level++) {
            headings.append("<text:h text:outline-level=\"%d\">h</text:h>".formatted(level));
        }
        var blocks = OfficeFormats.read("a.odt", OfficeFiles.odt(headings.toString()))
                .blocks();
        assertThat(blocks).hasSize(2_000).allMatch(block -> block.headings().size() <= 20);
    }

    @Test
    void boundsTheTextThatAFewWordsAreRepeatedTo() {
        refuses(QuarantineReason.TooLarge, () -> read("a.xlsx", OfficeFiles.bombXlsx()));
        var slides = OfficeFiles.pptx(Collections.nCopies(300, OfficeFiles.shape("body", "y".repeat(50_000))));
        refuses(QuarantineReason.TooLarge, () -> read("a.pptx", slides));
    }

    @Test
    void readsNothingOfWhatIsAttached() throws Exception {
        var parts = new LinkedHashMap<String, String>();
        parts.put(
                "_rels/.rels",
                "<Relationships><Relationship Id=\"1\" Type=\"x/officeDocument\" Target=\"d.xml\"/></Relationships>");
        parts.put("d.xml", "<document><p><r><t>seen</t></r></p></document>");
        parts.put(
                "word/embeddings/other.docx",
                new String(docx(paragraph("Normal", "attached")), StandardCharsets.ISO_8859_1));
        parts.put("word/comments.xml", "<comments><comment><p><r><t>remark</t></r></p></comment></comments>");
        assertThat(read("a.docx", zip(parts))).isEqualTo("seen\n");
    }

    @Test
    void refusesArchivesThatAreNoDocuments() {
        refuses(QuarantineReason.Binary, () -> read("a.apk", zip(Map.of("classes.dex", "x"))));
        refuses(QuarantineReason.Binary, () -> read("a.vsdx", main("<VisioDocument/>")));
        refuses(
                QuarantineReason.Binary,
                () -> read("a.odg", zip(Map.of("mimetype", "application/vnd.oasis.opendocument.graphics"))));
    }

    @Test
    void tellsFormatsByTheirContentAndNotByTheirNames() throws Exception {
        var pdf = OfficeFiles.pdf("T", List.of(List.of("Words.")));
        assertThat(OfficeFormats.isOne("a.txt", pdf)).isTrue();
        assertThat(OfficeFormats.isOne("a.md", docx(""))).isTrue();
        assertThat(OfficeFormats.isOne("a.pdf", "plain words".getBytes(StandardCharsets.UTF_8)))
                .isFalse();
        assertThat(OfficeFormats.isOne("a.md", "A file begins with %PDF-".getBytes(StandardCharsets.UTF_8)))
                .isFalse();
        var late = ("junk before it\n" + new String(pdf, StandardCharsets.ISO_8859_1))
                .getBytes(StandardCharsets.ISO_8859_1);
        assertThat(OfficeFormats.isOne("a.PDF", late)).isTrue();
        assertThat(read("a.PDF", late)).isEqualTo("Words.\n");
    }

    private static String read(String name, byte[] bytes) throws UnreadableDocument, IOException {
        return OfficeFormats.read(name, bytes).text();
    }

    private static byte[] main(String xml) {
        return zip(Map.of(
                "_rels/.rels",
                "<Relationships><Relationship Id=\"1\" Type=\"x/officeDocument\" Target=\"d.xml\"/></Relationships>",
                "d.xml",
                xml));
    }

    private static byte[] encrypted(String part) {
        return zip(Map.of(
                "mimetype",
                "application/epub+zip",
                "META-INF/container.xml",
                "<container><rootfile full-path=\"OEBPS/content.opf\"/></container>",
                "META-INF/encryption.xml",
                "<encryption><CipherReference URI=\"%s\"/></encryption>".formatted(part),
                "OEBPS/content.opf",
                "<package><manifest><item id=\"a\" href=\"page.xhtml\" media-type=\"application/xhtml+xml\"/></manifest>"
                        + "<spine><itemref idref=\"a\"/></spine></package>",
                "OEBPS/page.xhtml",
                "<html><body><p>Words.</p></body></html>"));
    }

    private static byte[] container(String entry) throws IOException {
        try (var container = new POIFSFileSystem()) {
            container.createDocument(new java.io.ByteArrayInputStream(new byte[8_192]), entry);
            var bytes = new ByteArrayOutputStream();
            container.writeFilesystem(bytes);
            return bytes.toByteArray();
        }
    }

    private static void refuses(QuarantineReason reason, ThrowingCallable reading) {
        assertThatThrownBy(reading)
                .isInstanceOfSatisfying(
                        UnreadableDocument.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
