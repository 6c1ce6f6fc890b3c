package dev.concordance.code;

import dev.concordance.code.Lexer.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads SQL: each statement is a construct, and one that creates or alters something a definition. */
final class Statements {
    private static final Set<String> DEFINES = Set.of("CREATE", "ALTER");
    private static final Set<String> ROUTINES = Set.of("FUNCTION", "PROCEDURE", "TRIGGER", "PACKAGE", "EVENT");
    /** Words after END that name what it ends, which wasn't counted as opened. */
    private static final Set<String> UNCOUNTED = Set.of("IF", "LOOP", "WHILE", "REPEAT", "FOR");

    private static final Set<String> TRANSACTIONS = Set.of("TRAN", "TRANSACTION", "WORK");
    /** What a routine's body may be without declarations before it. */
    private static final Set<String> BODIES =
            Set.of("BEGIN", "SELECT", "RETURN", "WITH", "INSERT", "UPDATE", "DELETE", "SET", "CALL", "EXECUTE");

    private static final int MOST_WORDS = 8;
    private static final Pattern BEFORE_BODY = Pattern.compile("[(;]|\\b(AS|IS)\\b", Pattern.CASE_INSENSITIVE);

    private final Lexer lexer;
    private final List<Construct> found = new ArrayList<>();

    private Statements(Lexer lexer) {
        this.lexer = lexer;
    }

    static List<Construct> read(Lexer lexer) {
        lexer.next();
        var reader = new Statements(lexer);
        while (lexer.kind() != Kind.END) {
            if (reader.isCommand()) {
                reader.line();
            } else {
                reader.statement();
            }
        }
        return reader.found;
    }

    /** A line that is told to the client, not to the database. */
    private boolean isCommand() {
        return lexer.opensLine()
                && (lexer.isBackslash()
                        || lexer.is('/')
                        || Set.of("DELIMITER", "GO").contains(word()));
    }

    private void line() {
        do {
            lexer.next();
        } while (lexer.kind() != Kind.END && !lexer.opensLine());
    }

    private void statement() {
        var start = lexer.attached();
        var opensLine = lexer.opensLine();
        var signature = signature();
        var isRoutine =
                Stream.of(signature.split(" ", -1)).anyMatch(word -> ROUTINES.contains(word.toUpperCase(Locale.ROOT)));
        var body = new Body();
        while (lexer.kind() != Kind.END && !isEnd(isRoutine && body.isOpen())) {
            body.take(lexer, word());
            lexer.next();
        }
        if (lexer.is(';')) {
            lexer.next();
        }
        if (opensLine) {
            found.add(new Construct(start, lexer.trailing(), signature, List.of()));
        }
    }

    /** How deep a statement is in BEGIN and CASE, where semicolons don't end it. */
    private static final class Body {
        private int open;
        private boolean isAwaited;
        private int parentheses;
        private String before = "";

        boolean isOpen() {
            return open > 0 || isAwaited;
        }

        void take(Lexer lexer, String word) {
            open = Math.max(0, open + opened(before, word));
            parentheses += lexer.is('(') ? 1 : lexer.is(')') ? -1 : 0;
            isAwaited = !word.equals("BEGIN") && (isAwaited || parentheses == 0 && awaits(before, word));
            before = word;
        }
    }

    private boolean isEnd(boolean inRoutine) {
        return lexer.is(';') && !inRoutine || lexer.opensLine() && lexer.is("GO");
    }

    /** The present token in capitals; empty if it is no word. */
    private String word() {
        return lexer.kind() == Kind.WORD ? lexer.words().toUpperCase(Locale.ROOT) : "";
    }

    /** By how much a word changes the depth in BEGIN and CASE. */
    private static int opened(String before, String word) {
        if (before.equals("END")) {
            return UNCOUNTED.contains(word) ? 1 : 0;
        }
        if (before.equals("BEGIN") && TRANSACTIONS.contains(word)) {
            return -1;
        }
        return switch (word) {
            case "BEGIN", "CASE" -> 1;
            case "END" -> -1;
            default -> 0;
        };
    }

    /** Declarations between {@code AS} and {@code BEGIN} end with semicolons too. */
    private static boolean awaits(String before, String word) {
        return (before.equals("AS") || before.equals("IS")) && !word.isEmpty() && !BODIES.contains(word);
    }

    /** The first words of a definition before what it is made of; empty for another statement. */
    private String signature() {
        return DEFINES.contains(word())
                ? Stream.of(BEFORE_BODY.split(lexer.beginning(), 2)[0].split("\\s+", -1))
                        .limit(MOST_WORDS)
                        .collect(Collectors.joining(" "))
                : "";
    }
}
