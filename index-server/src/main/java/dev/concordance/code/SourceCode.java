package dev.concordance.code;

import java.util.List;
import java.util.Optional;

/** Source code of a language whose definitions are found. */
public final class SourceCode {
    private SourceCode() {}

    /**
     * The constructs at the top of a file, in order: none if it isn't what its name says, and nothing if its name is of no
     * known language.
     */
    public static Optional<List<Construct>> constructs(String fileName, String text) {
        var language = Language.of(fileName);
        if (language.isEmpty()) {
            return Optional.empty();
        }
        var lexer = new Lexer(text, language.get());
        var constructs = switch (language.get()) {
            case JAVA, GO, JAVASCRIPT, C, RUST -> Braces.read(lexer, language.get());
            case PYTHON -> Indentation.read(lexer);
            case SQL -> Statements.read(lexer);
            case SHELL -> Script.read(lexer);
        };
        return Optional.of(lexer.hasFailed() ? List.of() : constructs);
    }
}
