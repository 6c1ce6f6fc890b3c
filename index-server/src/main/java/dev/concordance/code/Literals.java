package dev.concordance.code;

import java.util.regex.Pattern;

/** Finds where strings, characters, regular expressions and here-documents end. */
final class Literals {
    /** No literal begins here, whatever it looks like. */
    static final int NONE = -1;

    /** A literal begins here and never ends. */
    static final int ENDLESS = -2;

    private static final int DEEPEST = 30;
    private static final int MOST_SHIFTS = 50;
    private static final int LONGEST_WORD = 200;
    private static final Pattern HERE_DOCUMENT = Pattern.compile("<<-?[ \\t]*[\"'\\\\]?([A-Za-z_]\\w*)");

    private static final Pattern RAW_OF_RUST = Pattern.compile("b?r(#*)\"");
    private static final Pattern RAW_OF_C = Pattern.compile("(?:u8|[uUL])?R\"([^()\\\\\\s]{0,16})\\(");

    private final String text;
    private final Language language;
    /** By the character that opens a literal up to where none is closed, so that nothing is searched again and again. */
    private final int[] unclosed = new int[128];

    private int shifts;

    Literals(String text, Language language) {
        this.text = text;
        this.language = language;
    }

    /** Where the literal that begins at {@code at} ends, or {@link #NONE}, or {@link #ENDLESS}. */
    int end(int at) {
        return switch (language) {
            case JAVA, PYTHON -> tripled(at);
            case GO, C, JAVASCRIPT -> ticked(at);
            case RUST -> rust(at);
            case SQL -> sql(at);
            case SHELL -> shell(at);
        };
    }

    /** The end of a raw string that begins with a word, as {@code r#"…"#} or {@code R"x(…)x"}. */
    int rawEnd(int word) {
        if (language != Language.RUST && language != Language.C) {
            return NONE;
        }
        var opener = (language == Language.RUST ? RAW_OF_RUST : RAW_OF_C)
                .matcher(text)
                .region(word, Math.min(text.length(), word + LONGEST_WORD));
        if (!opener.lookingAt()) {
            return NONE;
        }
        return raw(opener.end(), language == Language.RUST ? '"' + opener.group(1) : ")" + opener.group(1) + '"');
    }

    /** The end of a regular expression of JavaScript. */
    int regexEnd(int at) {
        if (at < unclosed['/']) {
            return NONE;
        }
        var inClass = false;
        var i = at + 1;
        for (; i < text.length() && text.charAt(i) != '\n'; i++) {
            var c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '/' && !inClass) {
                return i + 1;
            } else {
                inClass = c == '[' || inClass && c != ']';
            }
        }
        unclosed['/'] = i;
        return NONE;
    }

    private int raw(int from, String close) {
        var end = text.indexOf(close, from);
        return end < 0 ? ENDLESS : end + close.length();
    }

    /** Up to {@code close}, over lines, past what a backslash escapes. */
    private int closed(int from, String close) {
        for (var i = from; i < text.length(); i++) {
            if (text.charAt(i) == '\\') {
                i++;
            } else if (text.startsWith(close, i)) {
                return i + close.length();
            }
        }
        return ENDLESS;
    }

    /** A literal that ends in its line, unless a backslash ends the line; else it is none, as the apostrophe of a word. */
    private int inLine(int at) {
        var quote = text.charAt(at);
        if (at < unclosed[quote]) {
            return NONE;
        }
        var i = at + 1;
        for (; i < text.length() && text.charAt(i) != '\n'; i++) {
            if (text.charAt(i) == '\\') {
                i += text.startsWith("\r\n", i + 1) ? 2 : 1;
            } else if (text.charAt(i) == quote) {
                return i + 1;
            }
        }
        unclosed[quote] = i;
        return NONE;
    }

    private int tripled(int at) {
        var triple = text.substring(at, at + 1).repeat(3);
        return text.startsWith(triple, at) ? closed(at + 3, triple) : inLine(at);
    }

    private int ticked(int at) {
        if (text.charAt(at) == '`') {
            return language == Language.GO ? raw(at + 1, "`") : interpolated(at, 0);
        }
        return language == Language.JAVASCRIPT && isApostrophe(at) ? NONE : inLine(at);
    }

    private int rust(int at) {
        return text.charAt(at) == '\'' ? character(at) : closed(at + 1, "\"");
    }

    private int sql(int at) {
        return text.charAt(at) == '$' ? dollars(at) : quoted(at);
    }

    /** In text between tags. */
    private boolean isApostrophe(int at) {
        return text.charAt(at) == '\'' && at > 0 && Character.isLetter(text.charAt(at - 1));
    }

    /** A character, or else a lifetime. */
    private int character(int at) {
        if (text.startsWith("\\", at + 1)) {
            return inLine(at);
        }
        var next = at + 1 < text.length() ? text.offsetByCodePoints(at + 1, 1) : at + 1;
        return text.startsWith("'", next) ? next + 1 : NONE;
    }

    private int dollars(int at) {
        var close = at + 1;
        while (close < text.length()
                && Character.isJavaIdentifierPart(text.charAt(close))
                && text.charAt(close) != '$') {
            close++;
        }
        var isTag = text.startsWith("$", close) && (close == at + 1 || !Character.isDigit(text.charAt(at + 1)));
        return isTag ? raw(close + 1, text.substring(at, close + 1)) : NONE;
    }

    /**
     * A doubled quote is two strings beside each other. A backslash escapes a quote in one dialect and not in others: here
     * where what follows doesn't look as if the string had ended.
     */
    private int quoted(int at) {
        var quote = text.charAt(at);
        for (var i = at + 1; i < text.length(); i++) {
            if (text.charAt(i) == '\\' && i + 2 < text.length() && isEscaped(i, quote)) {
                i++;
            } else if (text.charAt(i) == quote) {
                return i + 1;
            }
        }
        return ENDLESS;
    }

    private boolean isEscaped(int backslash, char quote) {
        var next = text.charAt(backslash + 1);
        var after = text.charAt(backslash + 2);
        return next == '\\' || next == quote && !Character.isWhitespace(after) && ",);".indexOf(after) < 0;
    }

    private int shell(int at) {
        return switch (text.charAt(at)) {
            case '\'' -> at > 0 && text.charAt(at - 1) == '$' ? closed(at + 1, "'") : raw(at + 1, "'");
            case '<' -> hereDocument(at);
            default -> interpolated(at, 0);
        };
    }

    /** {@code <<WORD}: the lines down to one that holds nothing but the word. */
    private int hereDocument(int at) {
        var matcher = HERE_DOCUMENT.matcher(text).region(at, Math.min(text.length(), at + LONGEST_WORD));
        var isString = at > 0 && text.charAt(at - 1) == '<';
        if (isString || !matcher.lookingAt()) {
            return NONE;
        }
        for (var line = text.indexOf('\n', at); line >= 0; ) {
            var next = text.indexOf('\n', line + 1);
            var end = next < 0 ? text.length() : next;
            if (end - line < LONGEST_WORD && text.substring(line, end).strip().equals(matcher.group(1))) {
                return end;
            }
            line = next;
        }
        // A shift in arithmetic looks the same.
        return ++shifts > MOST_SHIFTS ? ENDLESS : NONE;
    }

    /** A string with code in it: <code>${…}</code> in a template, <code>$(…)</code> in a shell's. */
    private int interpolated(int at, int depth) {
        if (depth > DEEPEST) {
            return ENDLESS;
        }
        var quote = text.charAt(at);
        var open = language == Language.SHELL ? "$(" : "${";
        for (var i = at + 1; i < text.length(); i++) {
            if (text.charAt(i) == '\\') {
                i++;
            } else if (text.charAt(i) == quote) {
                return i + 1;
            } else if (text.startsWith(open, i)) {
                i = codeEnd(i + 2, depth + 1) - 1;
                if (i < at) {
                    return ENDLESS;
                }
            }
        }
        return ENDLESS;
    }

    /** After the bracket that closes code inside a string. */
    private int codeEnd(int from, int depth) {
        var open = language == Language.SHELL ? '(' : '{';
        var close = language == Language.SHELL ? ')' : '}';
        var opened = 1;
        for (var i = from; i < text.length(); i++) {
            var c = text.charAt(i);
            opened += c == open ? 1 : c == close ? -1 : 0;
            if (opened == 0) {
                return i + 1;
            }
            var end = c == '\\' ? i + 2 : innerEnd(i, depth);
            if (end == ENDLESS) {
                return ENDLESS;
            }
            i = end == NONE ? i : end - 1;
        }
        return ENDLESS;
    }

    private int innerEnd(int at, int depth) {
        var c = text.charAt(at);
        if (c != '"' && c != '`' && c != '\'') {
            return NONE;
        }
        return isInterpolated(c) ? interpolated(at, depth) : end(at);
    }

    private boolean isInterpolated(char quote) {
        return quote == '`' || language == Language.SHELL && quote == '"';
    }
}
