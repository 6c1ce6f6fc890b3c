package dev.concordance.inlet;

import dev.concordance.endpoint.Problem;
import dev.concordance.inbox.Change;
import dev.concordance.source.Hash;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells requests from repeated ones by the header {@code Idempotency-Key}.
 *
 * @param key that was sent; null: none
 * @param sender whose keys are no one else's
 */
record Requests(@Nullable String key, String sender) {
    static final String HEADER = "Idempotency-Key";

    private static final Pattern KEY = Pattern.compile("\"?([\\x21\\x23-\\x5b\\x5d-\\x7e]{1,255})\"?");

    static Requests of(@Nullable String header, String sender) {
        if (header == null) {
            return new Requests(null, sender);
        }
        var match = KEY.matcher(header.strip());
        if (!match.matches()) {
            throw Problem.invalid(
                    "Idempotency-Key: expected 1 to 255 visible ASCII characters, such as a UUID, without \\ and inner quotes",
                    HEADER);
        }
        return new Requests(match.group(1), sender);
    }

    /** @param document null: it is to be deleted */
    Change.Request request(@Nullable String ifMatch, @Nullable String ifNoneMatch, Change.@Nullable Document document) {
        var asked = "%s\n%s\n%s".formatted(ifMatch, ifNoneMatch, document == null ? "delete" : document.hash());
        var known = key == null ? UUID.randomUUID().toString() : sender + "\n" + key;
        return new Change.Request(hash(known), hash(asked), key != null);
    }

    private static String hash(String text) {
        return Hash.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
