package dev.concordance.parse;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * reStructuredText as the specification of Docutils describes it: section titles, literal blocks, directives, tables,
 * paragraphs and lists. Comments and targets of links are no text. Inline markup stays as it is written.
 */
final class RestructuredTextParser {
    private static final String ADORNMENTS = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
    private static final int FEWEST_ADORNMENTS = 4;
    /** Beyond it a line is no title. */
    private static final int LONGEST_TITLE = 1_000;

    private static final Pattern FIELD = Pattern.compile(":([\\w -]{1,50}):\\s+(\\S.*)");
    private static final Pattern DIRECTIVE = Pattern.compile("\\.\\. (?:\\|[^|]+\\| )?([\\w:+.-]{1,50})::.*");
    private static final Pattern NOTE = Pattern.compile("\\.\\. \\[[^\\]]{1,100}] .*");

    private static final Pattern BORDER = Pattern.compile("\\+[-=+]{3,}\\+|=[= ]*=");
    private static final Pattern INLINE = Pattern.compile(":[\\w:-]{1,50}:`|\\s?<[^<>`]*>(?=`_)|``|`__?|[`*]");
    private static final Set<String> CODE = Set.of(
            "code",
            "code-block",
            "sourcecode",
            "parsed-literal",
            "literalinclude",
            "math",
            "doctest",
            "testcode",
            "productionlist",
            "csv-table");
    private static final Set<String> FACTS = Set.of("author", "authors", "date", "version", "organization", "status");

    private final Lines lines;
    private final SourceText source;
    /** What underlines, or, where it is doubled, also overlines titles, in the order in which they came. */
    private final List<String> adornments = new ArrayList<>();

    private final Map<String, Object> facts = new LinkedHashMap<>();
    private int at;
    private boolean titled;
    /** Whether a table may still end; nobody looks for the end of another one after that of one wasn't found. */
    private boolean tablesEnd = true;

    private RestructuredTextParser(String text) {
        this.lines = new Lines(text);
        this.source = new SourceText(lines);
    }

    static ParsedDocument parse(String text, String fallbackTitle) throws UnreadableDocument {
        var parser = new RestructuredTextParser(text);
        for (parser.at = parser.lines.filledFrom(0);
                parser.at < parser.lines.count();
                parser.at = parser.lines.filledFrom(parser.at)) {
            parser.block();
        }
        return parser.source.document(text, parser.source.firstHeading().orElse(fallbackTitle), parser.facts);
    }

    private void block() {
        if (isTitle(at + 1, at) && isAdornment(at) && lines.is(at + 2, lines.words(at))) {
            title(lines.words(at).substring(0, 1).repeat(2), at + 1, at + 3);
        } else if (isTitle(at, at) && isUnderline(at + 1, at)) {
            title(lines.words(at + 1).substring(0, 1), at, at + 2);
        } else if (isAdornment(at) && lines.isBlank(at + 1)) {
            // A transition.
            at++;
        } else if (isMarkup()) {
            markup();
        } else if (BORDER.matcher(lines.words(at)).matches()) {
            table();
        } else {
            paragraph();
        }
    }

    private boolean isMarkup() {
        var words = lines.words(at);
        return words.equals("..") || words.startsWith(".. ");
    }

    private boolean isTitle(int line, int from) {
        var length = lines.end(line) - lines.start(line);
        return !lines.isBlank(line)
                && length <= LONGEST_TITLE
                && !isAdornment(line)
                && (line > from || lines.indent(line) == 0);
    }

    /** A line of one punctuation mark. */
    private boolean isAdornment(int line) {
        return lines.end(line) - lines.start(line) >= FEWEST_ADORNMENTS && isRepeated(line);
    }

    private boolean isRepeated(int line) {
        var words = lines.words(line);
        return !words.isEmpty()
                && ADORNMENTS.indexOf(words.charAt(0)) >= 0
                && words.chars().allMatch(c -> c == words.charAt(0));
    }

    /** An underline is as long as its title, or has four marks at least. */
    private boolean isUnderline(int line, int title) {
        var length = lines.end(line) - lines.start(line);
        var titleLength = lines.end(title) - lines.start(title);
        return isRepeated(line) && (length >= titleLength || length >= FEWEST_ADORNMENTS);
    }

    private void title(String adornment, int title, int end) {
        if (!adornments.contains(adornment)) {
            adornments.add(adornment);
        }
        var words = INLINE.matcher(lines.words(title).strip()).replaceAll("");
        source.heading(adornments.indexOf(adornment) + 1, words, at, end);
        at = end;
        if (!titled) {
            titled = true;
            facts();
        }
    }

    /** The field list that may follow the document's title. */
    private void facts() {
        var line = lines.filledFrom(at);
        if (!FIELD.matcher(lines.words(line)).matches()) {
            return;
        }
        for (at = line; at < lines.count() && !lines.isBlank(at); at++) {
            var field = FIELD.matcher(lines.words(at));
            if (field.matches() && FACTS.contains(field.group(1).toLowerCase(Locale.ROOT))) {
                facts.put(field.group(1).toLowerCase(Locale.ROOT), field.group(2));
            }
        }
    }

    /** Explicit markup: a directive, a footnote or citation, or else nothing that is shown. */
    private void markup() {
        var words = lines.words(at);
        var directive = DIRECTIVE.matcher(words);
        if (directive.matches()) {
            var name = directive.group(1);
            if (CODE.contains(name)) {
                whole(at, endOfIndented(at + 1, lines.indent(at)));
            } else {
                paragraph();
            }
        } else if (NOTE.matcher(words).matches()) {
            paragraph();
        } else {
            at = endOfIndented(at + 1, lines.indent(at));
        }
    }

    /** The line after all that is indented by more, blank lines within it included. */
    private int endOfIndented(int from, int indent) {
        var end = from;
        for (var line = from; line < lines.count(); line++) {
            if (!lines.isBlank(line)) {
                if (lines.indent(line) <= indent) {
                    break;
                }
                end = line + 1;
            }
        }
        return end;
    }

    private void whole(int from, int end) {
        source.add(Block.Kind.WHOLE, from, end);
        at = end;
    }

    private void table() {
        if (lines.words(at).startsWith("+")) {
            gridTable(lines.blankFrom(at));
        } else {
            simpleTable(endOfSimpleTable());
        }
    }

    /** What is between two borders is a row. */
    private void gridTable(int end) {
        var row = at + 1;
        for (var line = at + 1; line < end; line++) {
            if (BORDER.matcher(lines.words(line)).matches()) {
                row(row, line);
                row = line + 1;
            }
        }
        row(row, end);
        at = end;
    }

    private void simpleTable(int end) {
        for (var line = at + 1; line < end; line++) {
            if (!BORDER.matcher(lines.words(line)).matches() && !lines.isBlank(line)) {
                row(line, line + 1);
            }
        }
        at = end;
    }

    private void row(int from, int end) {
        if (from < end) {
            source.add(Block.Kind.WHOLE, from, end);
        }
    }

    /** After the last border that the table has before a blank line follows one. */
    private int endOfSimpleTable() {
        for (var line = at + 1; tablesEnd && line < lines.count(); line++) {
            if (BORDER.matcher(lines.words(line)).matches() && lines.isBlank(line + 1)) {
                return line + 1;
            }
        }
        tablesEnd = false;
        return at + 1;
    }

    private void paragraph() {
        var end = at + 1;
        while (!lines.isBlank(end) && !(end > at + 1 && isSectionAt(end))) {
            end++;
        }
        var begins = lines.words(at).strip();
        var kind = begins.startsWith(">>>") ? Block.Kind.WHOLE : Block.Kind.PROSE;
        var indent = lines.indent(at);
        var literal = lines.words(end - 1).endsWith("::") && !begins.startsWith("..");
        source.add(kind, at, end);
        at = end;
        if (literal) {
            var code = lines.filledFrom(end);
            if (code < lines.count() && lines.indent(code) > indent) {
                whole(code, endOfIndented(code, indent));
            }
        }
    }

    private boolean isSectionAt(int line) {
        return isTitle(line, line) && isAdornment(line + 1) && isUnderline(line + 1, line);
    }
}
