package dev.concordance.code;

import dev.concordance.code.Lexer.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads languages whose bodies are in braces. */
final class Braces {
    private static final int DEEPEST = 100;
    /** Words that go on with the statement before, though its body has ended and they open a line. */
    private static final Set<String> AFTER_BODY = Set.of("else", "catch", "finally");

    private static final Set<String> AFTER_LINE =
            Set.of("extends", "implements", "instanceof", "in", "of", "as", "satisfies");
    /** Symbols before which a line of JavaScript doesn't end a statement. */
    private static final String BEFORE = ".?:=+-*/%&|^<>,([{)";

    private final Lexer lexer;
    private final Language language;

    private Braces(Lexer lexer, Language language) {
        this.lexer = lexer;
        this.language = language;
    }

    static List<Construct> read(Lexer lexer, Language language) {
        lexer.next();
        var all = new Braces(lexer, language).statements(0, false);
        if (lexer.kind() != Kind.END) {
            lexer.fail();
        }
        return all;
    }

    /** Those up to the brace that closes them, or the end. */
    private List<Construct> statements(int depth, boolean inFunction) {
        var constructs = new ArrayList<Construct>();
        while (lexer.kind() != Kind.END && !lexer.is('}')) {
            statement(depth, inFunction, constructs);
        }
        return constructs;
    }

    /** One statement; it is a construct if it has a body of more than a line, or is a definition on a line of its own. */
    private void statement(int depth, boolean inFunction, List<Construct> constructs) {
        var start = lexer.attached();
        var opensLine = lexer.opensLine();
        var header = new Header(language);
        var inner = new ArrayList<Construct>();
        var parentheses = 0;
        var hasBody = false;
        var ended = false;
        while (!ended) {
            if (lexer.is('{')) {
                if (parentheses == 0) {
                    header.end(lexer, inFunction);
                }
                hasBody |= body(depth + 1, inFunction || header.isFunction(), inner);
                ended = parentheses == 0 && !goesOn(header);
            } else {
                parentheses += parenthesis(header, parentheses);
                ended = passes(parentheses);
            }
            ended |= endsBefore(parentheses, header);
        }
        if (hasBody || opensLine && !header.signature().isEmpty()) {
            constructs.add(new Construct(start, lexer.trailing(), header.signature(), inner));
        }
    }

    /** Past a token that is no brace; whether it ends its statement. */
    private boolean passes(int parentheses) {
        var ends = lexer.is(';') || lexer.kind() == Kind.DIRECTIVE;
        lexer.next();
        return ends && parentheses == 0;
    }

    /** Takes a token that is no brace; by how much the depth in parentheses changes. */
    private int parenthesis(Header header, int parentheses) {
        if (parentheses == 0 && lexer.kind() != Kind.DIRECTIVE) {
            header.add(lexer);
        }
        if (lexer.is('(') || lexer.is('[')) {
            return 1;
        }
        if (!lexer.is(')') && !lexer.is(']')) {
            return 0;
        }
        if (parentheses == 0) {
            lexer.fail();
            return 0;
        }
        return -1;
    }

    /** Past a body; whether it goes over more than a line. */
    private boolean body(int depth, boolean inFunction, List<Construct> inner) {
        lexer.next();
        var lines = lexer.opensLine();
        if (depth > DEEPEST) {
            skipBody();
        } else {
            inner.addAll(statements(depth, inFunction));
        }
        if (!lexer.is('}')) {
            lexer.fail();
        }
        lines |= lexer.opensLine();
        lexer.next();
        return lines || !inner.isEmpty();
    }

    private void skipBody() {
        for (var open = 1; lexer.kind() != Kind.END; lexer.next()) {
            open += lexer.is('{') ? 1 : lexer.is('}') ? -1 : 0;
            if (open == 0) {
                return;
            }
        }
    }

    /** Whether the statement goes on after one of its bodies; takes what closes it. */
    private boolean goesOn(Header header) {
        if (lexer.kind() == Kind.END || lexer.is('}')) {
            return false;
        }
        if (lexer.is(';') || lexer.is(',')) {
            var comma = lexer.is(',');
            lexer.next();
            return comma && !lexer.opensLine();
        }
        return !lexer.opensLine() || goesOnInLine(header);
    }

    private boolean goesOnInLine(Header header) {
        return switch (lexer.kind()) {
            case WORD ->
                AFTER_BODY.contains(lexer.words())
                        || lexer.is("while") && header.first().equals("do");
            case SYMBOL -> ".?=".contains(lexer.words()) || lexer.is('{') && language == Language.C;
            default -> false;
        };
    }

    /** Whether the statement has ended before the present token. */
    private boolean endsBefore(int parentheses, Header header) {
        if (lexer.kind() == Kind.END || lexer.is('}')) {
            if (parentheses > 0) {
                lexer.fail();
            }
            return true;
        }
        if (parentheses > 0 || header.isEmpty()) {
            return false;
        }
        return lexer.kind() == Kind.DIRECTIVE || lexer.opensLine() && lineEnds(header);
    }

    /** Whether the end of a line ends the statement, in languages where it can. */
    private boolean lineEnds(Header header) {
        return switch (language) {
            case GO -> header.mayEndWithLine();
            case JAVASCRIPT ->
                header.mayEndWithLine()
                        && !header.isAnnotationOnly()
                        && !(lexer.kind() == Kind.SYMBOL && BEFORE.contains(lexer.words()))
                        && !AFTER_LINE.contains(lexer.words());
            default -> false;
        };
    }
}
