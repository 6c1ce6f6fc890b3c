package dev.concordance.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.manifest.Privacy;
import dev.concordance.manifest.Privacy.Action;
import dev.concordance.manifest.Privacy.Kind;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No text takes more than time in proportion to its length, however it is made. */
class HostileTextTest {
    private static final int CHARACTERS = 2_000_000;
    /** Some hundred times what one of the texts takes on an idle machine; the square of the length would take hours. */
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private static final Detectors ALL = new Detectors(new Privacy(
            Arrays.stream(Kind.values()).collect(Collectors.toMap(Function.identity(), kind -> Action.Quarantine)),
            List.of("DE", "FR", "GB", "US")));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "1",
                "@",
                "a@",
                "a.",
                "1 ",
                "12 34 56 78 ",
                "1234-",
                "+1 ",
                "4111 1111 ",
                "AD12",
                "AD12 ",
                "(1)",
                "://",
                "a://b:",
                "eyJ",
                "eyJ-",
                "eyJ.",
                "eyJa.eyJb.",
                "glpat-",
                "ya29.",
                "-----BEGIN PRIVATE KEY-----",
                "-----BEGIN ",
                "password=",
                "password:a1B2c3D4",
                "token=.",
                "token: ",
                "ignore ",
                "ignore previous ",
                "忽略之前",
                "\u200B",
                "a\u200B",
                "\u202E",
                "\uDB40\uDC61",
                "\uFF11",
                "<|",
                "[",
                "bsn 1234567",
                "12345678",
                "A1",
                "x@y.z.",
                "0 ("
            })
    void isReadInTimeThatGrowsWithItsLength(String part) {
        var text = part.repeat(CHARACTERS / part.length());
        var found = Assertions.assertTimeoutPreemptively(DEADLINE, () -> ALL.find(text));
        assertThat(found).allMatch(finding -> finding.start() < finding.end() && finding.end() <= text.length());
    }

    @Test
    void endsWherePunctuationWithoutEndFollowsManyNames() {
        var text = "token=a".repeat(CHARACTERS / 14) + ".".repeat(CHARACTERS / 2);
        Assertions.assertTimeoutPreemptively(DEADLINE, () -> ALL.find(text));
    }

    @Test
    void findsWhatStandsBehindMegabytesOfNothing() {
        var email = new Detectors(new Privacy(Map.of(Kind.Email, Action.Redact), List.of()));
        assertThat(email.find("@".repeat(CHARACTERS) + " a@example.com")).hasSize(1);
    }
}
