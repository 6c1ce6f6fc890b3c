package dev.concordance.chunking;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Finds sentences in a text, as Unicode Standard Annex 29 does. For one thread. */
final class Sentences {
    private final String text;
    private final BreakIterator boundaries = BreakIterator.getSentenceInstance(Locale.ROOT);

    Sentences(String text) {
        this.text = text;
    }

    /** Where each sentence of a stretch ends, in order; the last one ends with the stretch. */
    List<Integer> ends(int start, int end) {
        if (isOne(start, end)) {
            return List.of(end);
        }
        var ends = new ArrayList<Integer>();
        boundaries.setText(text.substring(start, end).replace('\n', ' ').replace('\r', ' '));
        boundaries.first();
        for (var to = boundaries.next(); to != BreakIterator.DONE; to = boundaries.next()) {
            ends.add(start + to);
        }
        return ends;
    }

    /** Whether certainly nothing there ends a sentence, as in most headings and items of lists. */
    private boolean isOne(int start, int end) {
        for (var i = start; i < end; i++) {
            var c = text.charAt(i);
            if (c > '~' || c == '.' || c == '?' || c == '!' || (c < ' ' && c != '\n' && c != '\r' && c != '\t')) {
                return false;
            }
        }
        return end > start;
    }
}
