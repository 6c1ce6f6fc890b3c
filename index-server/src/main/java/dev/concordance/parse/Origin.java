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

    /**
     * Where in the source {@code text[from:to]}, which isn't empty, is from. Of a page whose markup is so broken that what
     * is read comes in another order than what is written, it is all between the first and the last of it.
     */
    public Range range(int from, int to) {
        if (offsets.length == 0) {
            return new Range(from, to);
        }
        var start = offsets[from];
        var last = offsets[from];
        for (var i = from + 1; i < to; i++) {
            start = Math.min(start, offsets[i]);
            last = Math.max(last, offsets[i]);
        }
        return new Range(start, source.charAt(last) == '&' ? Entities.end(source, last) : last + 1);
    }

    /** Half-open, in UTF-16 units. */
    public record Range(int start, int end) {}
}
