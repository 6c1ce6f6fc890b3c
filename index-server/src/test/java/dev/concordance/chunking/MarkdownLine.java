package dev.concordance.chunking;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A line of a Markdown source without the marks of the containers around it: what kind of block it can begin by CommonMark 0.31, from
 * its own characters alone.
 */
record MarkdownLine(String source, int start, int end) {
    private static final int CODE = 4;
    private static final Pattern FENCE = Pattern.compile("(`{3,})[^`]*|(~{3,}).*");
    private static final Pattern HEADING = Pattern.compile("#{1,6}([ \t].*)?");
    private static final Pattern RULE = Pattern.compile("(?:\\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,}");
    private static final Pattern UNDERLINE = Pattern.compile("(?:=+|-+)[ \t]*");
    private static final Pattern ITEM = Pattern.compile("(?:[-+*]|\\d{1,9}[.)])(?=[ \t]|$)");
    private static final Pattern FIRST_ITEM = Pattern.compile("(?:[-+*]|0{0,8}1[.)])[ \t]+\\S.*");
    private static final Pattern RAW = Pattern.compile("(?i)<(?:script|pre|style|textarea)(?:[\\s>].*)?");
    private static final Pattern RAW_END = Pattern.compile("(?i)</(?:script|pre|style|textarea)>");
    private static final Pattern BLOCK_TAG = Pattern.compile("(?i)</?(?:address|article|aside|base|basefont|blockquote"
            + "|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form"
            + "|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|menuitem|nav|noframes|ol"
            + "|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul)"
            + "(?:[\\s>].*|/>.*)?");
    private static final Pattern ANY_TAG = Pattern.compile("(?:<[A-Za-z][A-Za-z0-9-]*"
            + "(?:\\s+[A-Za-z_:][\\w.:-]*(?:\\s*=\\s*(?:[^\\s\"'=<>`]+|'[^']*'|\"[^\"]*\"))?)*\\s*/?>"
            + "|</[A-Za-z][A-Za-z0-9-]*\\s*>)\\s*");

    /** The end of a block of HTML that goes to the next blank line. */
    static final Pattern BLANK = Pattern.compile("\\A\\s*\\z");

    /** Its characters behind the white space that it begins with. */
    String words() {
        return source.substring(start, end).strip();
    }

    /** All of its characters. */
    String text() {
        return source.substring(start, end);
    }

    boolean isBlank() {
        return words().isEmpty();
    }

    /** How wide the white space is that it begins with. */
    int indent() {
        var columns = 0;
        for (var at = start; at < end && isSpace(at); at++) {
            columns = after(columns, at);
        }
        return columns;
    }

    /** What is behind so many columns of white space. */
    MarkdownLine behind(int columns) {
        var at = start;
        for (var passed = 0; passed < columns && at < end && isSpace(at); at++) {
            passed = after(passed, at);
        }
        return new MarkdownLine(source, at, end);
    }

    private boolean isSpace(int at) {
        return source.charAt(at) == ' ' || source.charAt(at) == '\t';
    }

    private int after(int columns, int at) {
        return source.charAt(at) == '\t' ? columns + CODE - columns % CODE : columns + 1;
    }

    /** Whether it is so far to the right that it begins nothing but indented code. */
    boolean isIndented() {
        return indent() >= CODE;
    }

    /** The marks by which it opens fenced code. */
    Optional<String> fence() {
        var fence = FENCE.matcher(words());
        if (isIndented() || !fence.matches()) {
            return Optional.empty();
        }
        return Optional.of(fence.group(1) == null ? fence.group(2) : fence.group(1));
    }

    /** Whether it closes code that these marks have opened. */
    boolean closes(String marks) {
        return !isIndented() && words().startsWith(marks) && words().chars().allMatch(c -> c == marks.charAt(0));
    }

    /** Whether it makes a heading of the paragraph before. */
    boolean isUnderline() {
        return !isIndented() && UNDERLINE.matcher(words()).matches();
    }

    /** Whether it is a heading or a thematic break. */
    boolean isWhole() {
        return !isIndented()
                && (HEADING.matcher(words()).matches() || RULE.matcher(words()).matches());
    }

    boolean isQuote() {
        return !isIndented() && words().startsWith(">");
    }

    /** Without the mark of a quotation. */
    MarkdownLine unquoted() {
        var behind = new MarkdownLine(source, source.indexOf('>', start) + 1, end);
        return behind.behind(1);
    }

    boolean isItem() {
        return !isIndented() && ITEM.matcher(words()).lookingAt();
    }

    /** Whether it begins a list in the middle of a paragraph. */
    boolean isFirstItem() {
        return !isIndented() && FIRST_ITEM.matcher(words()).matches();
    }

    /** How far to the right what belongs to this item has to be. */
    int widthOfItem() {
        var mark = ITEM.matcher(words());
        if (!mark.lookingAt()) {
            throw new IllegalStateException("no item: " + text());
        }
        var width = indent() + mark.end();
        var content = new MarkdownLine(source, behind(indent()).start() + mark.end(), end);
        return content.isBlank() || content.indent() > CODE ? width + 1 : width + content.indent();
    }

    /** What this item begins with. */
    MarkdownLine item() {
        var mark = ITEM.matcher(words());
        if (!mark.lookingAt()) {
            throw new IllegalStateException("no item: " + text());
        }
        var content = new MarkdownLine(source, behind(indent()).start() + mark.end(), end);
        return content.behind(content.indent() > CODE ? 1 : content.indent());
    }

    /** By what the HTML ends that it begins with. */
    Optional<Pattern> html() {
        var words = words();
        if (isIndented() || !words.startsWith("<")) {
            return Optional.empty();
        }
        if (RAW.matcher(words).matches()) {
            return Optional.of(RAW_END);
        }
        if (words.startsWith("<!--") || words.startsWith("<?") || words.startsWith("<![CDATA[")) {
            var end = words.startsWith("<!--") ? "-->" : words.startsWith("<?") ? "?>" : "]]>";
            return Optional.of(Pattern.compile(Pattern.quote(end)));
        }
        if (words.matches("<![A-Za-z].*")) {
            return Optional.of(Pattern.compile(">"));
        }
        return BLOCK_TAG.matcher(words).matches() ? Optional.of(BLANK) : Optional.empty();
    }

    /** Whether it is one tag of any name, which begins HTML where there is no paragraph. */
    boolean isTag() {
        return !isIndented() && ANY_TAG.matcher(words()).matches();
    }

    /** Whether it begins a block where a paragraph of some container before it hasn't ended. */
    boolean opens() {
        return fence().isPresent() || isWhole() || html().isPresent() || isQuote() || isItem();
    }
}
