package dev.concordance.code;

import java.util.Set;

/** Walks through source code token by token. Comments are no tokens, but a token knows those right above it. */
final class Lexer {
    /** What a token is. */
    enum Kind {
        WORD,
        /** One character that is none of the others. */
        SYMBOL,
        LITERAL,
        /** A line of C's preprocessor with those that it goes on in. */
        DIRECTIVE,
        END
    }

    /** Words after which a slash begins a regular expression. */
    private static final Set<String> BEFORE_REGEX = Set.of(
            "return", "typeof", "case", "in", "of", "delete", "void", "throw", "new", "else", "do", "await", "yield");

    private static final int LONGEST_SIGNATURE = 300;

    private final String text;
    private final Language language;
    private final Literals literals;
    private final Directives directives;
    private Kind kind = Kind.SYMBOL;
    private int start;
    private int end;
    private int attached;
    private int trailing;
    private boolean opensLine;
    private boolean failed;

    /** Before the first token. */
    Lexer(String text, Language language) {
        this.text = text;
        this.language = language;
        this.literals = new Literals(text, language);
        this.directives = new Directives(text);
    }

    Kind kind() {
        return kind;
    }

    /** First unit of the token. */
    int start() {
        return start;
    }

    /** Unit after the token's last one. */
    int end() {
        return end;
    }

    /** Where the comments right above the token begin, or else the token. */
    int attached() {
        return attached;
    }

    /** Where the token before this one ends, with the comments that follow it in its line. */
    int trailing() {
        return trailing;
    }

    /** Whether no other token is before it in its line. */
    boolean opensLine() {
        return opensLine;
    }

    boolean is(char symbol) {
        return kind == Kind.SYMBOL && text.charAt(start) == symbol;
    }

    /** Whether it is a backslash, with what it escapes. */
    boolean isBackslash() {
        return is('\\');
    }

    boolean is(String word) {
        return kind == Kind.WORD && end - start == word.length() && text.startsWith(word, start);
    }

    /** The token's characters. */
    String words() {
        return text.substring(start, end);
    }

    /** What is between two offsets. */
    String words(int from, int to) {
        return text.substring(from, to);
    }

    /** What begins with the token, as far as a signature may go. */
    String beginning() {
        return text.substring(start, Math.min(text.length(), start + LONGEST_SIGNATURE));
    }

    /** Columns before the token in its line; a tab goes to the next multiple of eight. */
    int column() {
        var column = 0;
        for (var i = text.lastIndexOf('\n', start - 1) + 1; i < start; i++) {
            column = text.charAt(i) == '\t' ? (column / 8 + 1) * 8 : column + 1;
        }
        return column;
    }

    /** Gives up: the code isn't what it seemed to be, and there are no more tokens. */
    void fail() {
        failed = true;
        kind = Kind.END;
    }

    boolean hasFailed() {
        return failed;
    }

    /** Goes to the next token. */
    void next() {
        if (failed) {
            return;
        }
        var before = kind;
        var beforeStart = start;
        skip();
        if (start == text.length()) {
            kind = Kind.END;
            end = start;
            return;
        }
        var c = text.charAt(start);
        if (language == Language.C && c == '#' && opensLine) {
            kind = Kind.DIRECTIVE;
            end = directives.end(start);
        } else if (Character.isJavaIdentifierPart(c) && !language.mayOpenLiteral(c)) {
            word();
        } else {
            literalOrSymbol(before, beforeStart);
        }
    }

    /** Past white space and comments. */
    private void skip() {
        opensLine = end == 0;
        trailing = end;
        attached = -1;
        var at = skipSpace(end);
        for (var close = commentEnd(at); close >= 0; close = commentEnd(at)) {
            if (!opensLine) {
                trailing = close;
            } else if (attached < 0 && !text.startsWith("#!", at)) {
                attached = at;
            }
            at = skipSpace(close);
        }
        start = at;
        attached = attached < 0 ? at : attached;
    }

    /** An empty line parts a comment from what is below it. */
    private int skipSpace(int from) {
        var newlines = 0;
        var at = from;
        while (at < text.length() && (Character.isWhitespace(text.charAt(at)) || text.charAt(at) == '\uFEFF')) {
            newlines += text.charAt(at) == '\n' ? 1 : 0;
            at++;
        }
        opensLine |= newlines > 0;
        attached = newlines > 1 ? -1 : attached;
        return at;
    }

    /** Where the comment that begins here ends; less than 0 if none does. */
    private int commentEnd(int at) {
        if (language.hasBlockComments() && text.startsWith("/*", at)) {
            return language == Language.RUST ? nestedEnd(at) : closed(text.indexOf("*/", at + 2));
        }
        for (var opener : language.lineComments()) {
            if (text.startsWith(opener, at) && isComment(opener, at)) {
                var newline = text.indexOf('\n', at);
                return newline < 0 ? text.length() : newline;
            }
        }
        return -1;
    }

    private int closed(int close) {
        return close < 0 ? text.length() : close + 2;
    }

    private int nestedEnd(int at) {
        var depth = 0;
        for (var i = at; i + 1 < text.length(); i++) {
            if (text.startsWith("/*", i)) {
                depth++;
                i++;
            } else if (text.startsWith("*/", i)) {
                i++;
                if (--depth == 0) {
                    return i + 1;
                }
            }
        }
        return text.length();
    }

    /** A hash is an operator of SQL but at the beginning of a line, and part of a shell's word but at its beginning. */
    private boolean isComment(String opener, int at) {
        if (!opener.equals("#") || at == 0 || language == Language.PYTHON) {
            return true;
        }
        var before = text.charAt(at - 1);
        return language == Language.SQL
                ? opensLine
                : Character.isWhitespace(before) || before == ';' || before == '(' || before == ')';
    }

    private void word() {
        kind = Kind.WORD;
        end = start;
        var isNumber = Character.isDigit(text.charAt(start));
        while (end < text.length() && isPart(end, isNumber)) {
            end++;
        }
        var raw = end < text.length() && (text.charAt(end) == '"' || text.charAt(end) == '#')
                ? literals.rawEnd(start)
                : Literals.NONE;
        if (raw != Literals.NONE) {
            literal(raw);
        }
    }

    /** In C an apostrophe may divide the digits of a number. */
    private boolean isPart(int at, boolean isNumber) {
        var c = text.charAt(at);
        return Character.isJavaIdentifierPart(c) && !language.mayOpenLiteral(c)
                || isNumber
                        && c == '\''
                        && language == Language.C
                        && at + 1 < text.length()
                        && Character.isLetterOrDigit(text.charAt(at + 1));
    }

    private void literalOrSymbol(Kind before, int beforeStart) {
        var c = text.charAt(start);
        var literal = Literals.NONE;
        if (language.mayOpenLiteral(c)) {
            literal = literals.end(start);
        } else if (c == '/' && language == Language.JAVASCRIPT && mayBeRegex(before, beforeStart)) {
            literal = literals.regexEnd(start);
        }
        if (literal == Literals.NONE) {
            kind = Kind.SYMBOL;
            end = start + (c == '\\' && start + 1 < text.length() ? 2 : 1);
        } else {
            literal(literal);
        }
    }

    private void literal(int close) {
        kind = Kind.LITERAL;
        end = close;
        if (close == Literals.ENDLESS) {
            end = text.length();
            fail();
        }
    }

    private boolean mayBeRegex(Kind before, int beforeStart) {
        return switch (before) {
            case SYMBOL -> beforeStart == start || ")]}<".indexOf(text.charAt(beforeStart)) < 0;
            case WORD -> BEFORE_REGEX.contains(text.substring(beforeStart, wordEnd(beforeStart)));
            default -> false;
        };
    }

    private int wordEnd(int from) {
        var i = from;
        while (i < start && Character.isJavaIdentifierPart(text.charAt(i))) {
            i++;
        }
        return i;
    }
}
