package dev.concordance.parse;

/** Maps offsets of a document's text to its decoded source. Both count UTF-16 units. */
public final class Origin {
    private final String source;
    /** For each unit of the text the unit of the source that it begins at; empty: text and source are the same. */
    private final int[] offsets;

    private Origin(String source, int[] offsets) {
        this.source = source;
        this.offsets = offsets;
    }

    static Origin same(String source) {
        return new Origin(source, new int[0]);
    }

    static Origin mapped(String source, int[] offsets) {
        return new Origin(source, offsets);
    }

    /** The decoded source. */
    public String source() {
        return source;
    }

    /** Where the unit {@code offset} of the text begins in the source. */
    public int of(int offset) {
        return offsets.length == 0 ? offset : offsets[offset];
    }

    /** Where in the source the text up to {@code offset}, exclusive, ends. */
    public int ofEnd(int offset) {
        if (offsets.length == 0 || offset == 0) {
            return offset;
        }
        var last = offsets[offset - 1];
        return source.charAt(last) == '&' ? Entities.end(source, last) : last + 1;
    }
}
