package dev.concordance.chunking;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Finds sentences in a text, as Java's BreakIterator does, which knows each script; the ends of lines are spaces to it. It is shown
 * only the places where a sentence may end: from a mark to the next letter or digit of ASCII, before which it ends or doesn't. For
 * one thread.
 */
final class Sentences {
    private final String text;
    private final BreakIterator boundaries = BreakIterator.getSentenceInstance(Locale.ROOT);

    Sentences(String text) {
        this.text = text;
    }

    /** Where each sentence of a stretch ends, in order; the last one ends with the stretch. */
    List<Integer> ends(int start, int end) {
        var ends = new ArrayList<Integer>();
        var from = start;
        for (var at = start; at < end; ) {
            if (!mayEndAt(at, end)) {
                at++;
                continue;
            }
            var next = nextPlain(at + 1, end);
            var before = Math.max(from, at - 1);
            boundaries.setText(text.substring(before, next).replace('\n', ' ').replace('\r', ' '));
            for (var to = before + boundaries.next(); to < next; to = before + boundaries.next()) {
                ends.add(to);
                from = to;
            }
            at = next;
        }
        if (start < end) {
            ends.add(end);
        }
        return ends;
    }

    private boolean mayEndAt(int at, int end) {
        var c = text.charAt(at);
        return switch (c) {
            case '.' -> at + 1 == end || !isSmallOrDigit(text.charAt(at + 1));
            case '?', '!' -> true;
            default -> c > '~' || (c < ' ' && c != '\t' && c != '\n' && c != '\r');
        };
    }

    /** Where the next letter or digit of ASCII ends. */
    private int nextPlain(int from, int end) {
        var at = from;
        while (at < end && !isSmallOrDigit(text.charAt(at)) && !('A' <= text.charAt(at) && text.charAt(at) <= 'Z')) {
            at++;
        }
        return Math.min(end, at + 1);
    }

    private static boolean isSmallOrDigit(char c) {
        return ('a' <= c && c <= 'z') || ('0' <= c && c <= '9');
    }
}
