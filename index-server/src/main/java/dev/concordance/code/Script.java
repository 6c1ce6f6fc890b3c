package dev.concordance.code;

import dev.concordance.code.Lexer.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Reads scripts of a shell. Its grammar depends on what runs, so a construct ends where people end it: with the word that closes
 * it, in the column in which it began.
 */
final class Script {
    private static final int DEEPEST = 100;
    private static final Map<String, String> CLOSERS =
            Map.of("if", "fi", "case", "esac", "for", "done", "while", "done", "until", "done", "select", "done");

    private static final Pattern FUNCTION =
            Pattern.compile("(function[ \\t]+[\\w.:@-]+(?:[ \\t]*\\([ \\t]*\\))?|[\\w.:@-]+[ \\t]*\\([ \\t]*\\))");

    /** A construct whose end isn't seen yet. */
    private record Open(int start, int column, String signature, String closer, List<Construct> inner) {}

    private final Lexer lexer;
    private final Deque<Open> open = new ArrayDeque<>();
    private final List<Construct> found = new ArrayList<>();

    private Script(Lexer lexer) {
        this.lexer = lexer;
    }

    static List<Construct> read(Lexer lexer) {
        var script = new Script(lexer);
        lexer.next();
        while (lexer.kind() != Kind.END) {
            script.line();
        }
        while (!script.open.isEmpty()) {
            script.level(script.open.pop());
        }
        return script.found;
    }

    private void line() {
        var start = lexer.attached();
        var column = lexer.column();
        var first = lexer.words();
        var signature = signature();
        var closes = open.stream()
                .anyMatch(one -> one.column() == column && one.closer().equals(first));
        var last = first;
        do {
            last = lexer.words();
            lexer.next();
        } while (lexer.kind() != Kind.END && !lexer.opensLine());
        if (closes) {
            close(column, first);
        } else if (!signature.isEmpty()) {
            define(start, column, signature, last);
        } else if (CLOSERS.containsKey(first) && !last.equals(CLOSERS.get(first))) {
            open(new Open(start, column, "", CLOSERS.get(first), new ArrayList<>()));
        }
    }

    private void define(int start, int column, String signature, String last) {
        if (last.equals("}")) {
            add(new Construct(start, lexer.trailing(), signature, List.of()));
        } else {
            open(new Open(start, column, signature, last.equals("(") ? ")" : "}", new ArrayList<>()));
        }
    }

    private void open(Open construct) {
        if (open.size() < DEEPEST) {
            open.push(construct);
        }
    }

    /** What was opened inside and isn't closed by now never was a construct. */
    private void close(int column, String closer) {
        var one = open.pop();
        while (one.column() != column || !one.closer().equals(closer)) {
            level(one);
            one = open.pop();
        }
        add(new Construct(one.start(), lexer.trailing(), one.signature(), one.inner()));
    }

    private void level(Open one) {
        one.inner().forEach(this::add);
    }

    private void add(Construct construct) {
        (open.isEmpty() ? found : open.peek().inner()).add(construct);
    }

    /** {@code function name}, {@code name()}: of the line that begins at the present token; empty for another line. */
    private String signature() {
        if (lexer.kind() != Kind.WORD) {
            return "";
        }
        var head = FUNCTION.matcher(lexer.beginning());
        return head.lookingAt() ? head.group(1) : "";
    }
}
