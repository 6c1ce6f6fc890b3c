package dev.concordance.parse;

import java.util.List;

/** Maps offsets of a document's text to its decoded source. Both count UTF-16 units. */
public final class Origin {
    private final String source;
    /** For each unit of the text the unit of the source that it begins at; empty: text and source are the same. */
    private final int[] offsets;

    private final Replacements replacements;

    private Origin(String source, int[] offsets, Replacements replacements) {
        this.source = source;
        this.offsets = offsets;
        this.replacements = replacements;
    }

    static Origin same(String source) {
        return mapped(source, new int[0]);
    }

    static Origin mapped(String source, int[] offsets) {
        return new Origin(source, offsets, new Replacements(List.of()));
    }

    /** The origin of the text with replacements, which has none yet. */
    Origin replaced(Replacements made) {
        return new Origin(source, offsets, made);
    }

    /** The decoded source. */
    public String source() {
        return source;
    }

    /**
     * Where in the source {@code text[from:to]}, which isn't empty, is from. Of a page whose markup is so broken that what
     * is read comes in another order than what is written, it is all between the first and the last of it. Of something that
     * was replaced it is where that stands.
     */
    public Range range(int from, int to) {
        var read = replacements.isEmpty() ? new Range(from, to) : replacements.before(from, to);
        return offsets.length == 0 ? read : written(read.start(), read.end());
    }

    private Range written(int from, int to) {
        var start = offsets[from];
        var last = offsets[from];
        for (var i = from + 1; i < to; i++) {
            start = Math.min(start, offsets[i]);
            last = Math.max(last, offsets[i]);
        }
        return new Range(start, source.charAt(last) == '&' ? Entities.end(source, last) : last + 1);
    }

    /** Equal for two texts of which every part is from the same place, whatever stands there. */
    public String places() {
        var places = new StringBuilder(replacements.toString());
        for (var i = 0; i < offsets.length; i++) {
            if (i == 0 || offsets[i] != offsets[i - 1] + 1) {
                places.append(i).append('@').append(offsets[i]).append(' ');
            }
        }
        return places.toString();
    }

    /** Half-open, in UTF-16 units. */
    public record Range(int start, int end) {}
}
