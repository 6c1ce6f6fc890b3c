package dev.concordance.chunking;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SentencesTest {
    @Test
    void endWhereTheLibrarySaysAroundAnyCharacter() {
        for (var c = 1; c < 0x3000; c++) {
            assertEndsAsTheLibrarySays("One thing" + (char) c + " And another" + (char) c);
        }
    }

    @Test
    void endWhereTheLibrarySaysInRandomTexts() {
        var random = new Random(11);
        for (var round = 0; round < 20_000; round++) {
            var text = new StringBuilder();
            for (var i = random.nextInt(12); i >= 0; i--) {
                text.append((char) (random.nextInt(3) == 0 ? ' ' : random.nextInt(0x7F)));
            }
            assertEndsAsTheLibrarySays(text.toString());
        }
    }

    @Test
    void endWhereTheLibrarySaysInStretchesFullOfMarks() {
        var marks =
                ".?!.. aAbB1\"')([-,;:$~_\t\n\u00e9\u00c9\u201d\u2019\u201c\u3002\u4e2d\u0964\u2029\u0301\u2028\u00a0\u0085"
                        + "\u0001\u007f\uff0e\uff01\u00ad\u2013\ud83d\ude00";
        var random = new Random(12);
        for (var round = 0; round < 50_000; round++) {
            var text = new StringBuilder();
            for (var i = 2 + random.nextInt(20); i >= 0; i--) {
                var from = random.nextBoolean() ? "a. A" : marks;
                text.append(from.charAt(random.nextInt(from.length())));
            }
            var start = random.nextInt(text.length());
            var stretch = text.substring(start);
            assertThat(new Sentences("A. " + text + " a.").ends(3 + start, 3 + text.length()))
                    .as(stretch)
                    .isEqualTo(library(stretch).stream()
                            .map(end -> end + 3 + start)
                            .toList());
        }
    }

    @Test
    void aLineThatEndsEndsNoSentence() {
        var text = "A sentence\nover lines.\r\nAnd the next";
        assertThat(new Sentences(text).ends(2, text.length())).containsExactly(24, text.length());
    }

    @Test
    void nothingHasNone() {
        assertThat(new Sentences("text").ends(2, 2)).isEmpty();
    }

    private static void assertEndsAsTheLibrarySays(String text) {
        assertThat(new Sentences(text).ends(0, text.length())).as(text).isEqualTo(library(text));
    }

    private static List<Integer> library(String text) {
        var boundaries = BreakIterator.getSentenceInstance(Locale.ROOT);
        boundaries.setText(text.replace('\n', ' ').replace('\r', ' '));
        var ends = new ArrayList<Integer>();
        boundaries.first();
        for (var end = boundaries.next(); end != BreakIterator.DONE; end = boundaries.next()) {
            ends.add(end);
        }
        return ends;
    }
}
