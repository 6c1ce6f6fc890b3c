package dev.concordance.privacy.secret;

import java.util.List;
import java.util.Locale;

/** What documentation writes where a secret goes. */
final class Placeholders {
    private static final List<String> WORDS = List.of(
            "password",
            "passwd",
            "secret",
            "example",
            "changeme",
            "change-me",
            "your",
            "token",
            "placeholder",
            "redacted",
            "dummy",
            "foobar",
            "xxxx",
            "****",
            "....",
            "todo");

    private static final List<String> VARIABLES = List.of("$", "{", "<", "%(", "[");
    private static final int SHORTEST = 4;

    private Placeholders() {}

    /** Whether a value can be a secret, and doesn't only hold its place. */
    static boolean isMeant(String value) {
        var lower = value.toLowerCase(Locale.ROOT);
        return value.length() >= SHORTEST
                && VARIABLES.stream().noneMatch(value::startsWith)
                && !lower.equals("pass")
                && WORDS.stream().noneMatch(lower::contains);
    }
}
