package dev.concordance.privacy.suspicious;

import dev.concordance.manifest.Privacy.Kind;
import dev.concordance.privacy.finding.Detector;
import dev.concordance.privacy.finding.Finding;
import dev.concordance.privacy.suspicious.InstructionPatterns.Step;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** Words that tell a language model what to do, in the phrases of {@link InstructionPatterns}. */
public final class Instructions implements Detector {
    private static final Map<String, List<List<Step>>> PHRASES = InstructionPatterns.phrases();
    private static final Map<String, List<List<Step>>> GLYPHS = InstructionPatterns.glyphs();
    private static final Map<Character, List<String>> MARKS = InstructionPatterns.marks();
    private static final int LONGEST_WORD = 20;
    private static final int MOST_BETWEEN = 3;
    private static final int MOST_GLYPHS_BETWEEN = 12;
    private static final int LONGEST_GLYPHS = 4;
    private static final BitSet MAY_BEGIN = beginnings();
    private static final char FIRST_GLYPH = '\u1100';

    @Override
    public void find(String text, Consumer<Finding> found) {
        for (var i = 0; i < text.length(); ) {
            var c = text.charAt(i);
            var next = i + 1;
            int end;
            if (c >= FIRST_GLYPH) {
                end = glyphs(text, i);
            } else if (Character.isLetterOrDigit(c)) {
                next = wordEnd(text, i);
                end = phrase(text, i, next);
            } else {
                end = mark(text, i);
            }
            if (end > 0) {
                found.accept(new Finding(Kind.InstructionInjection, i, end));
            }
            i = Math.max(next, end);
        }
    }

    /** First character and length of a word, of which few begin a phrase. */
    private static int key(char first, int length) {
        return length > LONGEST_WORD ? 0 : Character.toLowerCase(first) * (LONGEST_WORD + 1) + length;
    }

    private static BitSet beginnings() {
        var keys = new BitSet();
        PHRASES.keySet().forEach(word -> keys.set(key(word.charAt(0), word.length())));
        return keys;
    }

    private static int wordEnd(String text, int start) {
        var end = start;
        while (end < text.length() && Character.isLetterOrDigit(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private static String word(String text, int start, int end) {
        return end - start > LONGEST_WORD ? "" : text.substring(start, end).toLowerCase(Locale.ROOT);
    }

    /** Where the phrase ends that a word begins; -1 if it begins none. */
    private static int phrase(String text, int start, int wordEnd) {
        if (!MAY_BEGIN.get(key(text.charAt(start), wordEnd - start))) {
            return -1;
        }
        for (var steps : PHRASES.getOrDefault(word(text, start, wordEnd), List.of())) {
            var at = wordEnd;
            for (var step = 1; step < steps.size() && at > 0; step++) {
                at = follow(text, at, steps.get(step));
            }
            if (at > 0) {
                return at;
            }
        }
        return -1;
    }

    /** Where the word of a step ends that follows in the same sentence; -1 if none does. */
    private static int follow(String text, int from, Step step) {
        var at = from;
        for (var between = 0; between <= (step.adjacent() ? 0 : MOST_BETWEEN); between++) {
            var start = wordStart(text, at);
            if (start < 0) {
                return -1;
            }
            at = wordEnd(text, start);
            if (step.words().contains(word(text, start, at))) {
                return at;
            }
        }
        return -1;
    }

    private static int wordStart(String text, int from) {
        for (var i = from; i < text.length() && i - from < LONGEST_WORD; i++) {
            var c = text.charAt(i);
            if (Character.isLetterOrDigit(c)) {
                return i;
            }
            if (".!?;".indexOf(c) >= 0) {
                return -1;
            }
        }
        return -1;
    }

    private static int glyphs(String text, int start) {
        for (var length = 1; length <= LONGEST_GLYPHS && start + length <= text.length(); length++) {
            for (var steps : GLYPHS.getOrDefault(text.substring(start, start + length), List.of())) {
                var at = start + length;
                for (var step = 1; step < steps.size() && at > 0; step++) {
                    at = follow(text, at, steps.get(step), MOST_GLYPHS_BETWEEN);
                }
                if (at > 0) {
                    return at;
                }
            }
        }
        return -1;
    }

    private static int follow(String text, int from, Step step, int between) {
        for (var i = from; i < text.length() && i - from <= between; i++) {
            for (var word : step.words()) {
                if (text.startsWith(word, i)) {
                    return i + word.length();
                }
            }
        }
        return -1;
    }

    private static int mark(String text, int start) {
        for (var mark : MARKS.getOrDefault(text.charAt(start), List.of())) {
            if (text.startsWith(mark, start)) {
                return start + mark.length();
            }
        }
        return -1;
    }
}
