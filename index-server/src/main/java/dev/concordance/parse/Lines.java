package dev.concordance.parse;

import java.util.stream.IntStream;

/** The lines of a text, counted from 0, with their places. A line that doesn't exist is blank. */
final class Lines {
    private final String text;
    private final int[] starts;

    Lines(String text) {
        this.text = text;
        this.starts = IntStream.concat(
                        IntStream.of(0),
                        IntStream.range(0, text.length())
                                .filter(i -> text.charAt(i) == '\n')
                                .map(i -> i + 1))
                .toArray();
    }

    int count() {
        return starts.length;
    }

    int start(int line) {
        return line < starts.length ? starts[line] : text.length();
    }

    /** Where the line ends, without white space at its end. */
    int end(int line) {
        var end = start(line + 1);
        while (end > start(line) && Character.isWhitespace(text.charAt(end - 1))) {
            end--;
        }
        return end;
    }

    /** What the line says, without white space at its end. */
    String words(int line) {
        return text.substring(start(line), end(line));
    }

    /** Whether the line says exactly this. */
    boolean is(int line, String words) {
        return end(line) - start(line) == words.length() && text.startsWith(words, start(line));
    }

    boolean isBlank(int line) {
        return end(line) == start(line);
    }

    /** How many characters of white space the line begins with. */
    int indent(int line) {
        var at = start(line);
        while (at < end(line) && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at - start(line);
    }

    /** The first line from here on that is blank, or the one after the last. */
    int blankFrom(int line) {
        var at = line;
        while (at < count() && !isBlank(at)) {
            at++;
        }
        return at;
    }

    /** The first line from here on that isn't blank, or the one after the last. */
    int filledFrom(int line) {
        var at = line;
        while (at < count() && isBlank(at)) {
            at++;
        }
        return at;
    }
}
