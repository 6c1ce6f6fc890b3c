package dev.concordance.parse.pdf;

import dev.concordance.parse.DocumentText;
import dev.concordance.parse.UnreadableDocument;
import java.io.IOException;
import java.io.Writer;
import java.util.Calendar;
import java.util.List;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.encryption.InvalidPasswordException;
import org.apache.pdfbox.text.PDFTextStripper;
import org.apache.pdfbox.text.TextPosition;
import org.jspecify.annotations.Nullable;

/**
 * PDF: the text of each page in the order in which the file holds it, in paragraphs. Entries of its outline are headings from
 * where they lead to. Pictures of text are pictures.
 */
public final class PdfReader extends PDFTextStripper {
    private final DocumentText document;
    private final PdfOutline outline;
    private final StringBuilder line = new StringBuilder();
    private float lineFromTop;
    private int begun;
    private PdfLines lines = new PdfLines();
    private final PdfHiding hiding = new PdfHiding();

    /** Carries a refusal through a library that knows only of broken files. */
    private static final class Refused extends IOException {
        private static final long serialVersionUID = 1;
        private final UnreadableDocument refusal;

        Refused(UnreadableDocument refusal) {
            this.refusal = refusal;
        }
    }

    private PdfReader(DocumentText document, PdfOutline outline) {
        this.document = document;
        this.outline = outline;
    }

    /** Adds its text to a document; an IOException means that it is broken. */
    public static void read(byte[] bytes, DocumentText document) throws UnreadableDocument, IOException {
        try (var pdf = open(bytes)) {
            var outline = PdfOutline.of(pdf);
            facts(pdf, document);
            new PdfReader(document, outline).writeText(pdf, Writer.nullWriter());
        } catch (Refused e) {
            throw e.refusal;
        }
    }

    private static PDDocument open(byte[] bytes) throws UnreadableDocument, IOException {
        try {
            return Loader.loadPDF(bytes);
        } catch (InvalidPasswordException | NoClassDefFoundError e) {
            // A file that is encrypted to certificates would take a library that isn't here.
            throw UnreadableDocument.encrypted();
        }
    }

    private static void facts(PDDocument pdf, DocumentText document) {
        var said = pdf.getDocumentInformation();
        document.title(orNone(said.getTitle()));
        document.fact("author", orNone(said.getAuthor()));
        document.fact("subject", orNone(said.getSubject()));
        document.fact("keywords", orNone(said.getKeywords()));
        document.fact("created", moment(said.getCreationDate()));
        document.fact("modified", moment(said.getModificationDate()));
    }

    private static String orNone(@Nullable String said) {
        return said == null ? "" : said;
    }

    private static String moment(@Nullable Calendar said) {
        return said == null ? "" : said.toInstant().toString();
    }

    @Override
    protected void startPage(PDPage page) {
        // Pages without content are not announced.
        while (begun < getCurrentPageNo()) {
            begun++;
            document.beginPage();
            if (begun < getCurrentPageNo()) {
                outline.of(begun).forEach(entry -> document.enter(entry.level(), entry.title()));
            }
        }
        lines = new PdfLines();
        hiding.begin(page);
    }

    @Override
    protected void processTextPosition(TextPosition text) {
        hiding.look(text, getGraphicsState().getTextState().getRenderingMode());
        super.processTextPosition(text);
    }

    @Override
    protected void writeString(String text, List<TextPosition> positions) {
        if (line.isEmpty() && !positions.isEmpty()) {
            lineFromTop = positions.getFirst().getYDirAdj();
        }
        line.append(hiding.isHidden(positions) ? DocumentText.hidden(text) : text);
    }

    @Override
    protected void writeWordSeparator() {
        line.append(' ');
    }

    @Override
    protected void writeLineSeparator() {
        lines.add(line.toString(), lineFromTop);
        line.setLength(0);
    }

    @Override
    protected void writeParagraphStart() {
        writeParagraphEnd();
    }

    @Override
    protected void writeParagraphEnd() {
        writeLineSeparator();
        lines.endParagraph();
    }

    @Override
    protected void endPage(PDPage page) throws IOException {
        writeLineSeparator();
        try {
            lines.tell(outline.of(begun), document);
        } catch (UnreadableDocument e) {
            throw new Refused(e);
        }
    }
}
