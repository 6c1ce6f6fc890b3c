package dev.concordance.parse;

import java.util.regex.Pattern;

/**
 * The rows of an AsciiDoc table: of one that separates cells by bars a line that begins with one and those that don't, or, where
 * each line is a cell, what is between blank lines; of another one each line.
 */
final class AsciiDocTable {
    /** A cell begins with a bar, perhaps after what says how it is shown ({@code 2+|}, {@code a|}). */
    private static final Pattern CELL = Pattern.compile("(?:^|\\s)[\\d.+*<>^]*[a-z]?\\|");

    private final Lines lines;
    private final SourceText source;

    AsciiDocTable(Lines lines, SourceText source) {
        this.lines = lines;
        this.source = source;
    }

    /**
     * Adds each row.
     *
     * @param at line of the delimiter that begins the table
     * @param end line after the one that ends it
     * @param from first line of what belongs to it, its title or attributes
     */
    void rows(int at, int end, int from) {
        var last = lines.words(end - 1).equals(lines.words(at)) ? end - 1 : end;
        var first = Math.min(lines.filledFrom(at + 1), last);
        if (from < at) {
            source.add(Block.Kind.PROSE, from, at);
        }
        var separated = lines.words(at).charAt(0) != '|';
        var byLine = separated || CELL.matcher(lines.words(first)).results().count() != 1;
        for (var line = first; line < last; ) {
            var next = line + 1;
            while (next < last && !lines.isBlank(next) && !(byLine && (separated || begins(next)))) {
                next++;
            }
            source.add(Block.Kind.WHOLE, line, next);
            line = Math.min(lines.filledFrom(next), last);
        }
    }

    private boolean begins(int line) {
        return CELL.matcher(lines.words(line)).lookingAt();
    }
}
