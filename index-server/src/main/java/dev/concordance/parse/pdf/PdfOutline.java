package dev.concordance.parse.pdf;

import dev.concordance.manifest.QuarantineReason;
import dev.concordance.parse.UnreadableDocument;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.interactive.action.PDActionGoTo;
import org.apache.pdfbox.pdmodel.interactive.documentnavigation.destination.PDDestination;
import org.apache.pdfbox.pdmodel.interactive.documentnavigation.destination.PDNamedDestination;
import org.apache.pdfbox.pdmodel.interactive.documentnavigation.destination.PDPageDestination;
import org.apache.pdfbox.pdmodel.interactive.documentnavigation.destination.PDPageXYZDestination;
import org.apache.pdfbox.pdmodel.interactive.documentnavigation.outline.PDOutlineItem;
import org.apache.pdfbox.pdmodel.interactive.documentnavigation.outline.PDOutlineNode;
import org.jspecify.annotations.Nullable;

/** The outline of a PDF, which readers show beside it: what begins where. Outlines may be broken, or lead round in circles. */
final class PdfOutline {
    private static final int MOST_PAGES = 20_000;
    private static final int MOST_ENTRIES = 20_000;
    private static final int DEEPEST = 20;

    private final PDDocument pdf;
    /** As they follow each other: by their numbers they are only found where the file counts them right. */
    private final List<PDPage> pages = new ArrayList<>();

    private final Map<COSDictionary, Integer> numbers = new IdentityHashMap<>();
    private final Map<Integer, List<Entry>> entries = new HashMap<>();
    private int count;

    /**
     * An entry.
     *
     * @param level from 1
     * @param fromTop how far below the page's upper edge it leads, in points
     */
    record Entry(int level, String title, float fromTop) {}

    private PdfOutline(PDDocument pdf) {
        this.pdf = pdf;
    }

    /** Refuses a document of too many pages, which have to be counted to know them. */
    static PdfOutline of(PDDocument pdf) throws UnreadableDocument {
        var outline = new PdfOutline(pdf);
        for (var page : pdf.getPages()) {
            outline.pages.add(page);
            outline.numbers.put(page.getCOSObject(), outline.pages.size());
            if (outline.pages.size() > MOST_PAGES) {
                throw new UnreadableDocument(
                        QuarantineReason.TooLarge,
                        "it has more than the %d pages that are read: divide or exclude it".formatted(MOST_PAGES));
            }
        }
        var root = pdf.getDocumentCatalog().getDocumentOutline();
        if (root != null) {
            outline.add(root, 1);
        }
        return outline;
    }

    /** The entries that lead to a page, counted from 1, in their order. */
    List<Entry> of(int page) {
        return entries.getOrDefault(page, List.of());
    }

    private void add(PDOutlineNode parent, int level) {
        for (var item = parent.getFirstChild(); item != null && count < MOST_ENTRIES; item = item.getNextSibling()) {
            count++;
            var destination = destination(item);
            var page = destination == null ? null : number(destination);
            var title = item.getTitle();
            if (destination != null && page != null && title != null && !title.isBlank()) {
                entries.computeIfAbsent(page, any -> new ArrayList<>())
                        .add(new Entry(level, title.strip().replaceAll("\\s+", " "), fromTop(destination, page)));
            }
            if (level < DEEPEST) {
                add(item, level + 1);
            }
        }
    }

    private @Nullable PDPageDestination destination(PDOutlineItem item) {
        try {
            PDDestination destination = item.getDestination();
            if (destination == null && item.getAction() instanceof PDActionGoTo goTo) {
                destination = goTo.getDestination();
            }
            if (destination instanceof PDNamedDestination named) {
                return pdf.getDocumentCatalog().findNamedDestinationPage(named);
            }
            return destination instanceof PDPageDestination there ? there : null;
        } catch (IOException broken) {
            return null;
        }
    }

    private @Nullable Integer number(PDPageDestination destination) {
        var page = destination.getPage();
        if (page != null) {
            return numbers.get(page.getCOSObject());
        }
        var number = destination.getPageNumber() + 1;
        return number >= 1 && number <= pages.size() ? (Integer) number : null;
    }

    private float fromTop(PDPageDestination destination, int page) {
        return destination instanceof PDPageXYZDestination place && place.getTop() > 0
                ? pages.get(page - 1).getCropBox().getUpperRightY() - place.getTop()
                : 0;
    }
}
