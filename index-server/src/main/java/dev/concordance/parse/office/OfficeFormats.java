package dev.concordance.parse.office;

import dev.concordance.manifest.QuarantineReason;
import dev.concordance.parse.DocumentText;
import dev.concordance.parse.ParsedDocument;
import dev.concordance.parse.UnreadableDocument;
import dev.concordance.parse.pdf.PdfReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.apache.poi.poifs.filesystem.POIFSFileSystem;

/** Tells binary formats by their content, whatever the file is called, and reads them. */
public final class OfficeFormats {
    private static final String PDF = "%PDF-";
    /** As far as readers of PDF look for its beginning (ISO 32000-1, annex H). */
    private static final int PDF_WITHIN = 1024;

    private static final byte[] ZIP = {'P', 'K', 3, 4};
    private static final byte[] OLE = {(byte) 0xD0, (byte) 0xCF, 0x11, (byte) 0xE0};
    private static final String EPUB = "application/epub+zip";
    private static final String OPEN_DOCUMENT_TEXT = "application/vnd.oasis.opendocument.text";

    private OfficeFormats() {}

    /** Whether a file is of one of these formats. Its name counts only where others wouldn't look for a beginning. */
    public static boolean isOne(String name, byte[] bytes) {
        return startsWith(bytes, ZIP) || startsWith(bytes, OLE) || isPdf(name, bytes);
    }

    /** Reads it; an IOException means that it is broken. */
    public static ParsedDocument read(String name, byte[] bytes) throws UnreadableDocument, IOException {
        var text = new DocumentText();
        if (startsWith(bytes, ZIP)) {
            unpack(bytes, text);
        } else if (startsWith(bytes, OLE)) {
            refuse(bytes);
        } else {
            PdfReader.read(bytes, text);
        }
        return text.document(name);
    }

    private static void unpack(byte[] bytes, DocumentText text) throws UnreadableDocument, IOException {
        try (var archive = Archive.open(bytes)) {
            try {
                read(archive, text);
            } catch (IOException e) {
                if (archive.isTooLarge()) {
                    throw new UnreadableDocument(
                            QuarantineReason.TooLarge, "it unpacks to more than is read: divide or exclude it");
                }
                throw e;
            }
        }
    }

    private static void read(Archive archive, DocumentText text) throws UnreadableDocument, IOException {
        var type = archive.has("mimetype") ? archive.text("mimetype").strip() : "";
        if (type.equals(EPUB)) {
            EpubReader.read(archive, text);
            return;
        }
        if (type.startsWith(OPEN_DOCUMENT_TEXT)) {
            OpenDocumentReader.read(archive, text);
            return;
        }
        var parts = new OfficeParts(archive);
        var main = parts.main();
        switch (Xml.root(archive.open(main))) {
            case "document" -> WordReader.read(archive, main, text);
            case "presentation" -> SlideReader.read(archive, main, text);
            case "workbook" -> SheetReader.read(archive, main, text);
            default -> throw unknown("an archive of none of the kinds that are read");
        }
    }

    /** The container of files of Office before 2007, and of encrypted ones since then ([MS-OFFCRYPTO]). */
    private static void refuse(byte[] bytes) throws UnreadableDocument, IOException {
        try (var container = new POIFSFileSystem(new ByteArrayInputStream(bytes))) {
            if (container.getRoot().hasEntryCaseInsensitive("EncryptedPackage")) {
                throw UnreadableDocument.encrypted();
            }
        }
        throw unknown("a file of Office before 2007");
    }

    static UnreadableDocument unknown(String what) {
        return new UnreadableDocument(
                QuarantineReason.Binary, "it is " + what + ": save it in a format that is read, or exclude it");
    }

    private static boolean isPdf(String name, byte[] bytes) {
        var head = new String(bytes, 0, Math.min(bytes.length, PDF_WITHIN), StandardCharsets.ISO_8859_1);
        return head.startsWith(PDF)
                || (head.contains(PDF) && name.toLowerCase(Locale.ROOT).endsWith(".pdf"));
    }

    private static boolean startsWith(byte[] bytes, byte[] mark) {
        return bytes.length >= mark.length && Arrays.equals(bytes, 0, mark.length, mark, 0, mark.length);
    }
}
