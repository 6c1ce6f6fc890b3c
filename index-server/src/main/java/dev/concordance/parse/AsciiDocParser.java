package dev.concordance.parse;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * AsciiDoc as the language documentation of Asciidoctor describes it: document header, section titles, delimited blocks,
 * tables, paragraphs and lists. Files that it includes aren't. Inline markup stays as it is written.
 */
final class AsciiDocParser {
    private static final Pattern TITLE = Pattern.compile("(={1,6}|#{1,6})\\s+(\\S.*?)(?:\\s+\\1)?");
    private static final Pattern ATTRIBUTE = Pattern.compile(":([\\w-]{1,50}):(?:\\s+(\\S.*))?");
    private static final Pattern DELIMITER =
            Pattern.compile("(-{4,}|\\.{4,}|\\+{4,}|/{4,}|={4,}|\\*{4,}|_{4,}|--|`{3,}\\w*|[|,:!]={3,})");
    private static final Pattern ATTRIBUTES = Pattern.compile("\\[.*]");
    private static final Pattern BLOCK_TITLE = Pattern.compile("\\.[^\\s.].*");
    private static final Pattern CONDITION = Pattern.compile("(ifdef|ifndef|ifeval|endif)::.*");
    private static final Pattern INLINE = Pattern.compile("\\[\\[[^\\]]*]]|link:[^\\[\\s]*\\[|[`*_#+]|]$");
    /** Beyond it a line is no title: to find out takes time in the square of its length. */
    private static final int LONGEST_TITLE = 1_000;

    private static final Pattern DISCRETE = Pattern.compile("\\[(discrete|float).*");
    private static final Pattern ITEM = Pattern.compile("([*.-]+|\\d+\\.|\\S.*::)(\\s.*)?");
    private static final Pattern ADDRESS = Pattern.compile("\\s*<[^>]*>");
    private static final Set<String> FACTS =
            Set.of("author", "description", "keywords", "revdate", "revnumber", "lang");

    private final Lines lines;
    private final SourceText source;
    private final Map<String, Object> facts = new LinkedHashMap<>();
    /** Ends of blocks that hold blocks, the innermost last. */
    private final Deque<String> open = new ArrayDeque<>();

    private int at;
    /** First line of what belongs to the next block: its title and attributes; -1: nothing does. */
    private int pending = -1;

    private AsciiDocParser(String text) {
        this.lines = new Lines(text);
        this.source = new SourceText(lines);
    }

    static ParsedDocument parse(String text, String fallbackTitle) throws UnreadableDocument {
        var parser = new AsciiDocParser(text);
        parser.header();
        while (parser.at < parser.lines.count()) {
            parser.block();
        }
        return parser.source.document(text, parser.source.firstHeading().orElse(fallbackTitle), parser.facts);
    }

    /** A title, then lines of authors and of the revision, then attributes, up to a blank line; all may be missing. */
    private void header() {
        at = lines.filledFrom(0);
        while (isComment() || ATTRIBUTE.matcher(lines.words(at)).matches()) {
            attribute();
            at = lines.filledFrom(at + 1);
        }
        if (lines.words(at).startsWith("= ")) {
            source.heading(1, words(lines.words(at).substring(2)), at, at + 1);
            at++;
            author();
            for (var end = lines.blankFrom(at); at < end; at++) {
                attribute();
            }
        }
    }

    private void author() {
        var words = lines.words(at);
        if (!words.isEmpty() && words.length() <= LONGEST_TITLE && words.charAt(0) != ':' && !isComment()) {
            facts.put("author", ADDRESS.matcher(words).replaceAll(""));
            at++;
        }
    }

    private boolean isComment() {
        return lines.words(at).startsWith("//") && !lines.words(at).startsWith("///");
    }

    private void attribute() {
        var attribute = ATTRIBUTE.matcher(lines.words(at));
        if (attribute.matches() && FACTS.contains(attribute.group(1)) && attribute.group(2) != null) {
            facts.put(attribute.group(1), attribute.group(2));
        }
    }

    private void block() {
        var words = lines.words(at);
        if (words.isEmpty()) {
            at++;
            pending = -1;
        } else if (isNoText(words)) {
            at++;
        } else if (ATTRIBUTES.matcher(words).matches()
                || BLOCK_TITLE.matcher(words).matches()) {
            pending = pending < 0 ? at : pending;
            at++;
        } else if (DELIMITER.matcher(words).matches()) {
            delimited(words);
        } else if (words.length() <= LONGEST_TITLE && TITLE.matcher(words).matches()) {
            title(words);
        } else {
            paragraph();
        }
    }

    /** A comment, a condition, an attribute, or what attaches a block to the item before it. */
    private boolean isNoText(String words) {
        return isComment()
                || words.equals("+")
                || CONDITION.matcher(words).matches()
                || ATTRIBUTE.matcher(words).matches();
    }

    private void title(String words) {
        var title = TITLE.matcher(words);
        var discrete = pending >= 0 && DISCRETE.matcher(lines.words(pending)).matches();
        if (!title.matches() || discrete || !open.isEmpty()) {
            paragraph();
            return;
        }
        source.heading(title.group(1).length(), words(title.group(2)), from(), at + 1);
        at++;
    }

    private void delimited(String words) {
        if (words.equals(open.peekLast())) {
            open.removeLast();
            at++;
            return;
        }
        var end = end(words);
        switch (words.charAt(0)) {
            case '=', '*', '_' -> enter(words, end);
            case '-' -> {
                if (words.equals("--")) {
                    enter(words, end);
                } else {
                    whole(end);
                }
            }
            case '/' -> at = end;
            case '|', ',', ':', '!' -> {
                if (end - at > 1) {
                    new AsciiDocTable(lines, source).rows(at, end, from());
                    pending = -1;
                }
                at = end;
            }
            default -> whole(end);
        }
    }

    /** The line after the delimiter that ends the block; after the last line if there is none. */
    private int end(String words) {
        var closing = words.startsWith("`") ? words.replaceAll("\\w", "") : words;
        var line = at + 1;
        while (line < lines.count() && !lines.is(line, closing)) {
            line++;
        }
        return Math.min(line + 1, lines.count());
    }

    /** Of a block that holds blocks only the delimiters aren't text; one that doesn't end is none. */
    private void enter(String words, int end) {
        if (lines.is(end - 1, words) && end - 1 > at) {
            open.addLast(words);
        }
        at++;
    }

    private void whole(int end) {
        source.add(Block.Kind.WHOLE, from(), end);
        at = end;
    }

    private void paragraph() {
        var from = from();
        var indented =
                lines.indent(at) > 0 && !ITEM.matcher(lines.words(at).strip()).matches();
        var end = at + 1;
        while (!lines.isBlank(end)
                && !lines.words(end).equals("+")
                && !DELIMITER.matcher(lines.words(end)).matches()) {
            end++;
        }
        source.add(indented ? Block.Kind.WHOLE : Block.Kind.PROSE, from, end);
        at = end;
    }

    private int from() {
        var from = pending < 0 ? at : pending;
        pending = -1;
        return from;
    }

    private static String words(String markup) {
        return INLINE.matcher(markup).replaceAll("").strip();
    }
}
