package dev.concordance.privacy;

import dev.concordance.manifest.Privacy.Kind;
import dev.concordance.parse.Block;
import dev.concordance.parse.ParsedDocument;
import dev.concordance.parse.Replacements;
import dev.concordance.parse.Replacements.Replacement;
import dev.concordance.parse.Words;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Screens the headings of a document as they stand beside passages. Those above a heading may announce what it is, and so may
 * any words before it in the text, so what is replaced of it there is replaced here too.
 */
final class Headings {
    /** More than what announces something stands away from it. */
    private static final int NEAR = 64;

    /** Where a heading's words are sought in its block: behind signs such as "##". */
    private static final int MOST_MARKUP = 64;

    /** Each is looked for by itself, so of a heading with more of them a placeholder is all that is shown. */
    private static final int MOST_VALUES = 50;

    private static final Comparator<String> LONGEST_FIRST =
            Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder());

    private final Supplier<Redaction> redactions;
    /**
     * Of a heading that doesn't stand so in the text, what is replaced in it there: the longest first, so that none is taken for
     * a part of another.
     */
    private final Map<String, NavigableMap<String, String>> values = new HashMap<>();

    /** Of a heading what is replaced where in it, by its beginnings. */
    private final Map<String, NavigableMap<Integer, Replacement>> places = new HashMap<>();

    private final Map<List<String>, List<String>> known = new HashMap<>();
    private final NavigableMap<String, Set<Kind>> signals = new TreeMap<>();
    private final Map<Kind, Long> found = new EnumMap<>(Kind.class);

    /** @param replacements those of the document's text */
    Headings(ParsedDocument document, Replacements replacements, Supplier<Redaction> redactions) {
        this.redactions = redactions;
        var all = replacements.all();
        var next = 0;
        for (var block : document.blocks()) {
            while (next < all.size() && all.get(next).end() <= block.start()) {
                next++;
            }
            if (block.kind() == Block.Kind.HEADING && !block.headings().isEmpty()) {
                var at = place(block, document.text());
                for (var i = next; i < all.size() && all.get(i).start() < block.end(); i++) {
                    replaced(block, at, document.text(), all.get(i));
                }
            }
        }
    }

    /** Where a heading's words stand in its block; negative: not as they are. */
    private static int place(Block block, String text) {
        var words = block.headings().getLast();
        var end = Math.min(block.end(), block.start() + words.length() + MOST_MARKUP);
        return text.indexOf(words, block.start(), end);
    }

    private void replaced(Block block, int at, String text, Replacement one) {
        var words = block.headings().getLast();
        if (at < 0) {
            value(
                    words,
                    text.substring(Math.max(block.start(), one.start()), Math.min(block.end(), one.end())),
                    one.by());
            return;
        }
        var from = Math.max(0, one.start() - at);
        var to = Math.min(words.length(), one.end() - at);
        if (from < to) {
            places.computeIfAbsent(words, any -> new TreeMap<>())
                    .merge(from, new Replacement(from, to, one.by()), (a, b) -> a.end() < b.end() ? b : a);
        }
    }

    /** What stands in for nothing is left: its letters may be those of other words. */
    private void value(String words, String value, String by) {
        if (!value.isBlank() && !by.isEmpty()) {
            values.computeIfAbsent(words, any -> new TreeMap<>(LONGEST_FIRST)).put(value.strip(), by);
        }
    }

    /** The words with what is replaced in all headings of these words. */
    private String placed(String words) {
        var all = new ArrayList<Replacement>();
        for (var one :
                places.getOrDefault(words, Collections.emptyNavigableMap()).values()) {
            var end = all.isEmpty() ? 0 : all.getLast().end();
            if (one.end() > end) {
                all.add(new Replacement(Math.max(end, one.start()), one.end(), one.start() < end ? "" : one.by()));
            }
        }
        return new Replacements(all).in(words);
    }

    /** A title, which may be a heading. */
    String title(String title, Redaction redaction) {
        return screened("", title, redaction);
    }

    /** What may be known of the headings above a block. */
    List<String> of(List<String> path) {
        if (path.isEmpty()) {
            return path;
        }
        var before = known.get(path);
        if (before != null) {
            return before;
        }
        var above = path.subList(0, path.size() - 1);
        var all = new ArrayList<>(of(above));
        all.add(heading(above, path.getLast()));
        // One list for all blocks of a section.
        var screened = List.copyOf(all);
        known.put(path, screened);
        return screened;
    }

    private String heading(List<String> above, String words) {
        var redaction = redactions.get();
        var screened = screened(announcement(above), words, redaction);
        redaction.found().forEach((kind, count) -> found.merge(kind, count, Long::sum));
        if (!redaction.signals().isEmpty()) {
            // Long ones may be the same when they are cut.
            signals.computeIfAbsent(screened, any -> EnumSet.noneOf(Kind.class)).addAll(redaction.signals());
        }
        return screened;
    }

    private String screened(String announcement, String words, Redaction redaction) {
        var screened = redaction.behind(announcement, placed(words));
        var inText = values.getOrDefault(words, Collections.emptyNavigableMap());
        if (inText.size() > MOST_VALUES) {
            return inText.firstEntry().getValue();
        }
        for (var value : inText.entrySet()) {
            screened = screened.replace(value.getKey(), value.getValue());
        }
        return Words.shortened(screened);
    }

    /** Not a name with a colon, as metadata have: below a heading such as "Token" not everything is one. */
    private static String announcement(List<String> above) {
        var words = new StringBuilder();
        for (var heading : above) {
            words.append(heading, Math.max(0, heading.length() - NEAR), heading.length())
                    .append('\n');
        }
        return words.substring(Math.max(0, words.length() - NEAR));
    }

    /** How much of each kind was found. */
    Map<Kind, Long> found() {
        return found;
    }

    /** Marks of headings by what stands beside passages. */
    NavigableMap<String, Set<Kind>> signals() {
        return signals;
    }
}
