package dev.concordance.operator.elastic;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.manifest.Causes;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.operator.elastic.BackendException.Obstacle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;

/** What an answer other than success, or no answer, means. */
final class Refusals {
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
        if (Causes.has(cause, SSLException.class) || Causes.has(cause, CertificateException.class)) {
            return new BackendException(Obstacle.CERTIFICATE_UNTRUSTED, Causes.told(cause), cause);
        }
        return new BackendException(Obstacle.UNREACHABLE, Causes.told(cause), cause);
    }

    private static String reason(byte[] body) {
        try {
            var error = ManifestJson.mapper().readTree(body).path("error");
            return Causes.shortened(error.isTextual() ? error.asText() : rootReason(error));
        } catch (IOException notJson) {
            return Causes.shortened(new String(body, StandardCharsets.UTF_8));
        }
    }

    private static String rootReason(JsonNode error) {
        var root = error.path("root_cause").path(0);
        return root.path("reason").asText(error.path("reason").asText(""));
    }
}
