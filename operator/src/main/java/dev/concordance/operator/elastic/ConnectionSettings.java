package dev.concordance.operator.elastic;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to open a connection.
 *
 * @param caCertificates PEM certificates to trust instead of the platform's; null: the platform's
 * @param authorization value of the Authorization header; null: none
 * @param timeout after it a request counts as unanswered
 */
public record ConnectionSettings(
        List<String> urls,
        @Nullable String caCertificates,
        @Nullable String authorization,
        Duration timeout) {
    public ConnectionSettings {
        urls = List.copyOf(urls);
    }

    /** The header for a user and password. */
    public static String basic(String username, String password) {
        var pair = (username + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    /** The header for an API key in its encoded form. */
    public static String apiKey(String encoded) {
        return "ApiKey " + encoded;
    }

    /** Never the credentials. */
    @Override
    public String toString() {
        return "ConnectionSettings" + urls;
    }
}
