package dev.concordance.parse;

import dev.concordance.manifest.QuarantineReason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The decoded text of a document whose source is no text, built in reading order: a block is a line or more, and ends with a
 * line feed. It refuses to become too large.
 */
public final class DocumentText {
    private static final int MOST_CHARACTERS = 10_000_000;
    private static final int LONGEST_FACT = 1_000;

    /** What programs write where nobody said anything. */
    private static final Set<String> NOTHING =
            Set.of("(anonymous)", "(unspecified)", "untitled", "powerpoint presentation");

    /** Noncharacters, which no text has: they are for what goes on inside a program (Unicode Standard, 23.7). */
    private static final char HIDDEN = '\uFDD0';

    private static final char SEEN = '\uFDD1';

    private final StringBuilder text = new StringBuilder();
    private final HeadingPath headings = new HeadingPath();
    private final List<Block> blocks = new ArrayList<>();
    private final List<Origin.Range> hidden = new ArrayList<>();
    private final List<Integer> pages = new ArrayList<>();
    private final Map<String, Object> metadata = new LinkedHashMap<>();
    private Optional<String> title = Optional.empty();
    private int counted;
    private int codePoints;

    /** These words, marked as what a reader of the document doesn't see; it can be part of what is added to a document. */
    public static String hidden(String words) {
        var bare = unmarked(words);
        var first = bare.length() - bare.stripLeading().length();
        var last = first + bare.strip().length();
        return bare.isBlank()
                ? bare
                : bare.substring(0, first) + HIDDEN + bare.substring(first, last) + SEEN + bare.substring(last);
    }

    /** Words without such marks. */
    public static String unmarked(String words) {
        return words.indexOf(HIDDEN) < 0 && words.indexOf(SEEN) < 0
                ? words
                : words.replace(String.valueOf(HIDDEN), "").replace(String.valueOf(SEEN), "");
    }

    /** What comes is on the next page. */
    public void beginPage() {
        codePoints += text.codePointCount(counted, text.length());
        counted = text.length();
        pages.add(codePoints);
    }

    /** What comes is below a heading that isn't part of the text. */
    public void enter(int level, String words) {
        if (!words.isBlank()) {
            headings.enter(level, readable(unmarked(words)));
        }
    }

    /** What comes is below no heading. */
    public void leave() {
        headings.leave();
    }

    /** A heading; {@code level} counts from 1, and beyond 20 all are equal. */
    public void heading(int level, String words) throws UnreadableDocument {
        if (!words.isBlank()) {
            enter(level, words);
            add(Block.Kind.HEADING, words);
        }
    }

    /** A paragraph; none, if it is blank. */
    public void paragraph(String words) throws UnreadableDocument {
        add(Block.Kind.PROSE, words);
    }

    /** A row of a table or the like, which stays whole where it fits. */
    public void whole(String words) throws UnreadableDocument {
        add(Block.Kind.WHOLE, words);
    }

    /** A part that is a document by itself, such as a chapter; its headings stay as they are. */
    public void part(ParsedDocument part) throws UnreadableDocument {
        headings.leave();
        var sections = new HashMap<Integer, Integer>();
        var ranges = part.hidden().stream()
                .sorted(Comparator.comparingInt(Origin.Range::start))
                .toList();
        for (var block : part.blocks()) {
            sections.computeIfAbsent(block.section(), from -> {
                headings.leave();
                return headings.section();
            });
            var start = text.length();
            append(marked(part, block, ranges));
            if (text.length() > start) {
                close(block.kind(), start, block.headings());
            }
        }
    }

    private static String marked(ParsedDocument part, Block block, List<Origin.Range> ranges) {
        var marked = new StringBuilder();
        var at = block.start();
        for (var range : ranges) {
            var from = Math.max(at, range.start());
            var to = Math.min(block.end(), range.end());
            if (from < to) {
                marked.append(part.text(), at, from).append(hidden(part.text().substring(from, to)));
                at = to;
            }
        }
        return marked.append(part.text(), at, block.end()).toString();
    }

    /** The document's own title; a later one doesn't count, a blank one is none. */
    public void title(String words) {
        if (title.isEmpty() && isSaid(words)) {
            title = Optional.of(readable(unmarked(words)));
        }
    }

    /** What the document says of itself; a blank or overlong value is left out. */
    public void fact(String name, String value) {
        if (isSaid(value) && value.length() <= LONGEST_FACT) {
            metadata.putIfAbsent(name, readable(unmarked(value)));
        }
    }

    /** The document. */
    public ParsedDocument document(String fallbackTitle) throws UnreadableDocument {
        return ParsedDocument.ofDecoded(text.toString(), title.orElse(fallbackTitle), blocks, new Pages(pages), hidden)
                .with(null, metadata);
    }

    private void add(Block.Kind kind, String words) throws UnreadableDocument {
        var start = text.length();
        append(words);
        if (text.length() > start) {
            close(kind, start, headings.path());
        }
    }

    private void append(String words) throws UnreadableDocument {
        var readable = readable(words);
        check(text.length() + (long) readable.length() <= MOST_CHARACTERS, MOST_CHARACTERS, "characters of text");
        for (var at = 0; at < readable.length(); ) {
            var begin = readable.indexOf(HIDDEN, at);
            var end = begin < 0 ? -1 : readable.indexOf(SEEN, begin);
            text.append(unmarked(readable.substring(at, begin < 0 ? readable.length() : begin)));
            at = end < 0 ? readable.length() : end;
            if (begin >= 0) {
                hide(unmarked(readable.substring(begin, at)));
            }
        }
    }

    /** Ranges with nothing but white space between them are one. */
    private void hide(String words) {
        var start = text.length();
        text.append(words);
        var before = hidden.isEmpty() ? new Origin.Range(start, start) : hidden.getLast();
        if (before.start() < start && text.substring(before.end(), start).isBlank()) {
            hidden.set(hidden.size() - 1, new Origin.Range(before.start(), text.length()));
        } else if (start < text.length()) {
            hidden.add(new Origin.Range(start, text.length()));
        }
    }

    private void close(Block.Kind kind, int start, List<String> path) throws UnreadableDocument {
        check(blocks.size() < Parser.MOST_PARTS, Parser.MOST_PARTS, "paragraphs and rows");
        blocks.add(new Block(kind, start, text.length(), headings.section(), path));
        text.append('\n');
    }

    private static void check(boolean holds, int most, String what) throws UnreadableDocument {
        if (!holds) {
            throw new UnreadableDocument(
                    QuarantineReason.TooLarge,
                    "it has more than the %d %s that are read: divide or exclude it".formatted(most, what));
        }
    }

    /** Without what isn't text: halves of characters and control characters. */
    private static String readable(String words) {
        var formed = Words.wellFormed(words).strip();
        if (formed.chars().noneMatch(DocumentText::isControl)) {
            return formed;
        }
        var cleaned = new StringBuilder(formed.length());
        formed.chars().forEach(c -> cleaned.append(isControl(c) ? ' ' : (char) c));
        return cleaned.toString().strip();
    }

    private static boolean isSaid(String words) {
        return !words.isBlank() && !NOTHING.contains(words.strip().toLowerCase(Locale.ROOT));
    }

    private static boolean isControl(int c) {
        return Character.isISOControl(c) && c != '\n' && c != '\t';
    }
}
