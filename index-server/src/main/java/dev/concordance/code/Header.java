package dev.concordance.code;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The words of a statement up to its body, outside of parentheses, by which it is known whether it defines something. */
final class Header {
    /** No definition has more of them. */
    private static final int MOST_WORDS = 200;

    private static final Set<String> CONTROL = Set.of(
            "if",
            "else",
            "for",
            "while",
            "do",
            "switch",
            "case",
            "catch",
            "try",
            "finally",
            "synchronized",
            "return",
            "throw",
            "new",
            "goto",
            "with",
            "await",
            "yield",
            "match",
            "loop",
            "select",
            "defer",
            "go",
            "super",
            "foreach");
    /** Labels of C++ that aren't part of what they are before. */
    private static final Set<String> ACCESS = Set.of("public", "private", "protected");

    private static final Set<String> JAVA_TYPES = Set.of("class", "interface", "enum", "record");
    private static final Set<String> GO_DEFINITIONS = Set.of("func", "type");
    private static final Set<String> SCRIPT_DEFINITIONS =
            Set.of("class", "interface", "enum", "namespace", "module", "type", "function");
    private static final Set<String> C_TYPES = Set.of("class", "struct", "union", "enum", "namespace");
    private static final Set<String> RUST_DEFINITIONS =
            Set.of("fn", "struct", "enum", "union", "trait", "impl", "mod", "macro_rules");

    /** A word or symbol; of parentheses and what is in them only the opening one. */
    private record Part(String word, int start) {}

    private final Language language;
    private final List<Part> parts = new ArrayList<>();
    private int annotations;
    private String signature = "";

    Header(Language language) {
        this.language = language;
    }

    boolean isEmpty() {
        return parts.isEmpty();
    }

    /** Whether there is nothing yet but annotations, which a line may end after. */
    boolean isAnnotationOnly() {
        return annotations > 0 && annotations == parts.size();
    }

    String first() {
        return annotations < parts.size() ? parts.get(annotations).word() : "";
    }

    String last() {
        return last(0);
    }

    /** Whether a line may end the statement here: after a name, a literal, what is closed, or one of a list. */
    boolean mayEndWithLine() {
        var last = last();
        var end = last.charAt(last.length() - 1);
        return Character.isJavaIdentifierPart(end)
                || "([\"'`/,".indexOf(end) >= 0
                || end == '>' && !last(1).equals("=");
    }

    /** Takes the present token, which isn't in parentheses or opens them. */
    void add(Lexer lexer) {
        if (lexer.is(':') && parts.size() <= 2 && ACCESS.contains(first())) {
            parts.clear();
            annotations = 0;
        } else if (parts.size() < MOST_WORDS) {
            parts.add(new Part(lexer.words(), lexer.start()));
            if (annotations == parts.size() - 1 && isAnnotation()) {
                annotations = parts.size();
            }
        }
    }

    /** The body begins at the present token: what is before it is the signature, if it defines something. */
    void end(Lexer lexer, boolean inFunction) {
        if (signature.isEmpty() && !first().isEmpty() && parts.size() < MOST_WORDS && defines(inFunction)) {
            signature = lexer.words(parts.get(annotations).start(), lexer.start());
        }
    }

    /** Empty: nothing is defined, as far as is known. */
    String signature() {
        return signature;
    }

    /** Whether it has statements in its body, not members: what looks like a function there may be a macro. */
    boolean isFunction() {
        return !signature.isEmpty() && language == Language.C && isCallable();
    }

    /** Whether the last part goes on in what may be an annotation: {@code @a.b(…)}, {@code #[…]}. */
    private boolean isAnnotation() {
        var last = last();
        if (last.equals("@")) {
            return true;
        }
        var opener = last(1);
        return switch (language) {
            case JAVA, JAVASCRIPT ->
                annotations > 0
                        && (opener.equals("@") && !last.equals("interface")
                                || last.equals(".")
                                || opener.equals(".")
                                || last.equals("(") && !opener.equals("("));
            case RUST ->
                last.equals("#")
                        || last.equals("[") && (opener.equals("#") || opener.equals("!"))
                        || last.equals("!") && opener.equals("#");
            case C -> last.equals("[");
            default -> false;
        };
    }

    private String last(int before) {
        return parts.size() > before ? parts.get(parts.size() - 1 - before).word() : "";
    }

    private boolean defines(boolean inFunction) {
        if (CONTROL.contains(first())) {
            return false;
        }
        return switch (language) {
            case JAVA -> isNamed(JAVA_TYPES) || isCallable();
            case GO -> GO_DEFINITIONS.contains(first());
            case JAVASCRIPT -> isNamed(SCRIPT_DEFINITIONS) || isAssignedFunction() || isCallable();
            case C -> !last().equals("=") && isNamed(C_TYPES) || !inFunction && isCallable();
            case RUST -> isNamed(RUST_DEFINITIONS);
            default -> false;
        };
    }

    private boolean has(String symbol) {
        return parts.stream().anyMatch(part -> part.word().equals(symbol));
    }

    /** Whether one of the words is there with a name after it. */
    private boolean isNamed(Set<String> definitions) {
        for (var i = annotations; i + 1 < parts.size(); i++) {
            var next = parts.get(i + 1).word();
            if (definitions.contains(parts.get(i).word())
                    && (i == 0 || !parts.get(i - 1).word().equals("."))
                    && (isName(next) || "<!".contains(next))) {
                return true;
            }
        }
        return false;
    }

    /** A name with parameters, and nothing assigned. */
    private boolean isCallable() {
        var mayAssign = has("operator") || first().equals("template");
        for (var i = annotations; i + 1 < parts.size(); i++) {
            var word = parts.get(i).word();
            if (word.equals("new") || word.equals("=") && !mayAssign) {
                return false;
            }
            if (parts.get(i + 1).word().equals("(") && mayBeCalled(word)) {
                return true;
            }
        }
        return false;
    }

    private boolean mayBeCalled(String word) {
        return isName(word) && !CONTROL.contains(word) || word.equals("[") || has("operator");
    }

    /** {@code name = function (…)}, {@code name: (…) =>}. */
    private boolean isAssignedFunction() {
        var isFunction = last().equals(">") && last(1).equals("=") || has("function");
        return isFunction && parts.size() > 3 && (has("=") || has(":")) && isName(first());
    }

    private static boolean isName(String word) {
        return Character.isJavaIdentifierStart(word.codePointAt(0));
    }
}
