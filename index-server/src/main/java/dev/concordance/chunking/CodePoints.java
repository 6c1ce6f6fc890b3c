package dev.concordance.chunking;

/** Turns offsets in UTF-16 units into code points; cheap for offsets that rise by little. */
final class CodePoints {
    private final String text;
    private int unit;
    private int codePoint;

    CodePoints(String text) {
        this.text = text;
    }

    int at(int offset) {
        if (offset >= unit) {
            codePoint += text.codePointCount(unit, offset);
        } else {
            codePoint -= text.codePointCount(offset, unit);
        }
        unit = offset;
        return codePoint;
    }
}
