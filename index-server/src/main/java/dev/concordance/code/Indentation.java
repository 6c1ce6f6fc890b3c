package dev.concordance.code;

import dev.concordance.code.Lexer.Kind;
import java.util.ArrayList;
import java.util.List;

/** Reads Python, where what is indented deeper is a body. */
final class Indentation {
    private static final int DEEPEST = 100;

    private final Lexer lexer;

    private Indentation(Lexer lexer) {
        this.lexer = lexer;
    }

    static List<Construct> read(Lexer lexer) {
        lexer.next();
        var constructs = new ArrayList<Construct>();
        new Indentation(lexer).block(0, 0, constructs);
        return constructs;
    }

    /** The lines that are indented at least so much; each is one with what is indented deeper. */
    private void block(int indent, int depth, List<Construct> constructs) {
        while (isIndented(indent)) {
            var start = lexer.attached();
            while (lexer.is('@')) {
                line();
            }
            var deeper = lexer.column() + 1;
            var signature = line();
            var hasBody = isIndented(deeper);
            var inner = body(deeper, depth + 1);
            if (hasBody || !signature.isEmpty()) {
                constructs.add(new Construct(start, lexer.trailing(), signature, inner));
            }
        }
    }

    private List<Construct> body(int indent, int depth) {
        var inner = new ArrayList<Construct>();
        if (isIndented(indent) && depth < DEEPEST) {
            block(indent, depth, inner);
        }
        while (isIndented(indent)) {
            line();
        }
        return inner;
    }

    private boolean isIndented(int indent) {
        return lexer.kind() != Kind.END && lexer.column() >= indent;
    }

    /** Past a line and those that it goes on in; its signature if it defines something. */
    private String line() {
        var start = lexer.start();
        var isAsync = lexer.is("async");
        var defines = lexer.is("def") || lexer.is("class");
        var signature = "";
        var open = 0;
        var continued = false;
        do {
            open += depth();
            defines |= isAsync && lexer.is("def");
            if (defines && open == 0 && lexer.is(':')) {
                signature = lexer.words(start, lexer.start());
                defines = false;
            }
            continued = open > 0 || lexer.isBackslash();
            lexer.next();
        } while (continued ? lexer.kind() != Kind.END : !isAtLine());
        return signature;
    }

    private boolean isAtLine() {
        return lexer.kind() == Kind.END || lexer.opensLine();
    }

    /** By how much the present token changes the depth in brackets. */
    private int depth() {
        if (lexer.kind() != Kind.SYMBOL) {
            return 0;
        }
        return switch (lexer.words()) {
            case "(", "[", "{" -> 1;
            case ")", "]", "}" -> -1;
            default -> 0;
        };
    }
}
