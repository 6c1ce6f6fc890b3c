package dev.concordance.privacy.secret;

import dev.concordance.manifest.Privacy.Kind;
import dev.concordance.privacy.finding.Ascii;
import dev.concordance.privacy.finding.Detector;
import dev.concordance.privacy.finding.Finding;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Values of keys that are named as a secret, as in {@code password=}, {@code "api_key": } or {@code --token }: those that look
 * drawn at random. The name stays.
 */
public final class NamedSecrets implements Detector {
    private static final List<String> NAMES = List.of(
            "password",
            "passwd",
            "passphrase",
            "pwd",
            "secret",
            "token",
            "apikey",
            "api_key",
            "api-key",
            "accesskey",
            "access_key",
            "access-key",
            "secretkey",
            "secret_key",
            "secret-key",
            "privatekey",
            "private_key",
            "private-key",
            "accountkey",
            "authkey",
            "auth_key",
            "credential",
            "credentials");

    private static final int LONGEST_NAME = 64;
    private static final int SHORTEST = 8;
    /** As much of a value as is looked at to tell whether it is one. */
    private static final int TELLING = 512;
    /** Digits in the name of something, such as that of the Secret where the secret is. */
    private static final int MOST_OF_A_NAME = 2;

    private static final double LEAST_ENTROPY = 3.0;

    /** Characters of a value in a row: where they end, and where what may be punctuation behind a value begins. */
    private record Run(int end, int punctuation) {}

    @Override
    public void find(String text, Consumer<Finding> found) {
        var run = new Run(0, 0);
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (c != ':' && c != '=' || !isNamed(text, i)) {
                continue;
            }
            var start = valueStart(text, i + 1);
            // Values that end together are walked through once.
            run = start < run.end() ? run : run(text, start);
            var end = Math.max(start, run.punctuation());
            if (isSecret(text, start, end)) {
                found.accept(new Finding(Kind.Secret, start, end));
                i = end - 1;
            }
        }
    }

    private static boolean isNamed(String text, int at) {
        var end = at;
        while (end > 0 && at - end < 2 && " \"'`".indexOf(text.charAt(end - 1)) >= 0) {
            end--;
        }
        var start = end;
        while (start > 0 && end - start < LONGEST_NAME && isName(text.charAt(start - 1))) {
            start--;
        }
        var name = text.substring(start, end).toLowerCase(Locale.ROOT);
        return NAMES.stream().anyMatch(name::endsWith);
    }

    private static boolean isName(char c) {
        return Ascii.isAlphanumeric(c) || c == '_' || c == '-';
    }

    /** Behind what else may stand between name and value: a second sign of assignment, spaces, a quote. */
    private static int valueStart(String text, int from) {
        var at = from;
        while (at < text.length() && at - from < 4 && "=> \t\"'`".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        return at;
    }

    private static Run run(String text, int start) {
        var end = start;
        while (end < text.length() && isValue(text.charAt(end))) {
            end++;
        }
        var punctuation = end;
        while (punctuation > start && ".,;".indexOf(text.charAt(punctuation - 1)) >= 0) {
            punctuation--;
        }
        return new Run(end, punctuation);
    }

    private static boolean isValue(char c) {
        return c > ' ' && c <= '~' && "\"'`<>(){}[],;|\\".indexOf(c) < 0;
    }

    /** Long enough, of letters and digits, no path, call or name, and with the entropy of what a machine draws. */
    private static boolean isSecret(String text, int start, int end) {
        if (end - start < SHORTEST || isCode(text, end)) {
            return false;
        }
        var telling = Math.min(end, start + TELLING);
        var value = text.substring(start, telling);
        var digits = value.chars().filter(Character::isDigit).count();
        return digits > 0
                && value.chars().anyMatch(Character::isLetter)
                && (digits > MOST_OF_A_NAME || !isLowerCase(value))
                && !value.contains("://")
                && "/.".indexOf(value.charAt(0)) < 0
                && Placeholders.isMeant(value)
                && Randomness.entropy(text, start, telling) >= LEAST_ENTROPY;
    }

    /** Whether a call or an index follows. */
    private static boolean isCode(String text, int end) {
        return end < text.length() && "([".indexOf(text.charAt(end)) >= 0;
    }

    /** As names of Kubernetes are, which may have a digit. */
    private static boolean isLowerCase(String value) {
        return value.chars().allMatch(c -> c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || "-_.:/".indexOf(c) >= 0);
    }
}
