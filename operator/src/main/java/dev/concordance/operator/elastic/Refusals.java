package dev.concordance.operator.elastic;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.operator.elastic.BackendException.Obstacle;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What an answer other than success, or no answer, means. */
final class Refusals {
    private static final int LONGEST = 300;

    private Refusals() {}

    static BackendException refused(int status, byte[] body) {
        var reason = reason(body);
        if (reason.contains("disk usage exceeded") || reason.contains("read-only-allow-delete")) {
            return new BackendException(Obstacle.DISK_WATERMARK, reason);
        }
        var obstacle = switch (status) {
            case 401 -> Obstacle.CREDENTIALS_REJECTED;
            case 403 -> Obstacle.PRIVILEGE_MISSING;
            case 408, 429 -> Obstacle.UNREACHABLE;
            default -> Obstacle.REFUSED;
        };
        return new BackendException(obstacle, reason.isEmpty() ? "HTTP status " + status : reason);
    }

    static BackendException unavailable(int status, Throwable cause) {
        return new BackendException(Obstacle.UNREACHABLE, "it answers with HTTP status " + status, cause);
    }

    static BackendException unanswered(Throwable cause) {
        if (has(cause, SSLException.class) || has(cause, CertificateException.class)) {
            return new BackendException(Obstacle.CERTIFICATE_UNTRUSTED, deepest(cause), cause);
        }
        if (has(cause, UnknownHostException.class)) {
            return new BackendException(Obstacle.UNREACHABLE, "its host name has no address: " + deepest(cause), cause);
        }
        return new BackendException(Obstacle.UNREACHABLE, deepest(cause), cause);
    }

    private static boolean has(@Nullable Throwable cause, Class<? extends Throwable> type) {
        for (var at = cause; at != null; at = at.getCause()) {
            if (type.isInstance(at)) {
                return true;
            }
        }
        return false;
    }

    private static String deepest(Throwable cause) {
        var deepest = cause;
        for (var at = cause.getCause(); at != null; at = at.getCause()) {
            deepest = at;
        }
        var message = deepest.getMessage();
        return shortened(message == null ? deepest.getClass().getSimpleName() : message);
    }

    private static String reason(byte[] body) {
        try {
            var error = ManifestJson.mapper().readTree(body).path("error");
            return shortened(error.isTextual() ? error.asText() : rootReason(error));
        } catch (IOException notJson) {
            return shortened(new String(body, StandardCharsets.UTF_8));
        }
    }

    private static String rootReason(JsonNode error) {
        var root = error.path("root_cause").path(0);
        return root.path("reason").asText(error.path("reason").asText(""));
    }

    private static String shortened(String text) {
        var line = text.replaceAll("\\s+", " ").trim();
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }
}
