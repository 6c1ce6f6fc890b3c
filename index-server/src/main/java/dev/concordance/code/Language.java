package dev.concordance.code;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Languages whose definitions are found, with what their comments and literals look like. */
enum Language {
    JAVA(Set.of("java"), List.of("//"), true, "\"'"),
    GO(Set.of("go"), List.of("//"), true, "\"'`"),
    JAVASCRIPT(Set.of("js", "mjs", "cjs", "jsx", "ts", "mts", "cts", "tsx"), List.of("//"), true, "\"'`"),
    C(
            Set.of("c", "h", "cc", "cpp", "cxx", "c++", "hh", "hpp", "hxx", "h++", "inl", "ipp", "tpp"),
            List.of("//"),
            true,
            "\"'"),
    RUST(Set.of("rs"), List.of("//"), true, "\"'"),
    PYTHON(Set.of("py", "pyi", "pyw"), List.of("#"), false, "\"'"),
    SQL(Set.of("sql", "ddl", "psql", "pgsql"), List.of("--", "#"), true, "\"'`$"),
    SHELL(Set.of("sh", "bash", "ksh", "zsh"), List.of("#"), false, "\"'`<");

    private final Set<String> extensions;
    private final List<String> lineComments;
    private final boolean blockComments;
    private final String openers;

    /** @param openers characters that may begin a literal */
    Language(Set<String> extensions, List<String> lineComments, boolean blockComments, String openers) {
        this.extensions = extensions;
        this.lineComments = lineComments;
        this.blockComments = blockComments;
        this.openers = openers;
    }

    static Optional<Language> of(String fileName) {
        var extension = fileName.substring(fileName.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(language -> language.extensions.contains(extension))
                .findFirst();
    }

    List<String> lineComments() {
        return lineComments;
    }

    boolean hasBlockComments() {
        return blockComments;
    }

    boolean mayOpenLiteral(char c) {
        return openers.indexOf(c) >= 0;
    }
}
