package dev.concordance.parse.pdf;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDResources;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.graphics.state.RenderingMode;
import org.apache.pdfbox.text.TextPosition;

/**
 * Which characters of a page its readers don't see: those that are neither filled nor outlined, are off the page, or smaller than
 * a point. Programs that recognise scans lay the words unseen over the picture, which shows them: on a page with a picture these
 * are not hidden.
 */
final class PdfHiding {
    private static final float SMALLEST = 1;

    private final Set<TextPosition> hidden = Collections.newSetFromMap(new IdentityHashMap<>());
    private PDRectangle box = PDRectangle.A4;
    private boolean isPicture;

    void begin(PDPage page) {
        hidden.clear();
        box = page.getCropBox();
        isPicture = showsPicture(page.getResources());
    }

    private static boolean showsPicture(PDResources resources) {
        if (resources == null) {
            return false;
        }
        for (var name : resources.getXObjectNames()) {
            if (resources.isImageXObject(name)) {
                return true;
            }
        }
        return false;
    }

    void look(TextPosition text, RenderingMode mode) {
        var isDrawn = mode.isFill() || mode.isStroke();
        if (!isDrawn && !isPicture || text.getYScale() < SMALLEST || isOffPage(text)) {
            hidden.add(text);
        }
    }

    /** Its place is given from the lower left corner of what is shown of the page. */
    private boolean isOffPage(TextPosition text) {
        var x = text.getTextMatrix().getTranslateX();
        var y = text.getTextMatrix().getTranslateY();
        return Math.max(x, text.getEndX()) < 0
                || Math.min(x, text.getEndX()) > box.getWidth()
                || Math.max(y, text.getEndY()) + text.getYScale() < 0
                || Math.min(y, text.getEndY()) > box.getHeight();
    }

    boolean isHidden(List<TextPosition> word) {
        return word.stream().anyMatch(hidden::contains);
    }
}
