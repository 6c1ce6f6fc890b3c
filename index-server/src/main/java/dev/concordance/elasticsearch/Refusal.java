package dev.concordance.elasticsearch;

import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.ManifestJson;
import java.io.IOException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What an answer that is no use, or none at all, means to the user. */
final class Refusal {
    private static final int LONGEST = 300;

    private Refusal() {}

    static ElasticsearchException of(Answer answer) {
        var said = reason(answer.body());
        if (said.contains("disk usage exceeded") || said.contains("read-only-allow-delete")) {
            return new ElasticsearchException(
                    FailureReason.DiskWatermark,
                    "Elasticsearch blocks writes because its disks are nearly full: free space, and it lifts the block",
                    null);
        }
        return switch (answer.status()) {
            case 401, 403 ->
                new ElasticsearchException(
                        FailureReason.ElasticsearchUnauthorized,
                        "Elasticsearch answered %d: correct the credentials in the Secret or the privileges of their role; %s"
                                .formatted(answer.status(), said),
                        null);
            case 408, 429, 500, 502, 503, 504 ->
                new ElasticsearchException(
                        FailureReason.ElasticsearchUnreachable,
                        "Elasticsearch can't serve requests at the moment (%d): %s".formatted(answer.status(), said),
                        null);
            default ->
                new ElasticsearchException(
                        FailureReason.ElasticsearchRejected,
                        "Elasticsearch refused a request (%d): %s".formatted(answer.status(), said),
                        null);
        };
    }

    static ElasticsearchException noAnswer(Throwable cause) {
        if (has(cause, SSLException.class) || has(cause, CertificateException.class)) {
            return new ElasticsearchException(
                    FailureReason.ElasticsearchTlsFailed,
                    "Elasticsearch's certificate isn't trusted: give its CA in the SearchCluster's caSecretRef; "
                            + deepest(cause),
                    cause);
        }
        return new ElasticsearchException(
                FailureReason.ElasticsearchUnreachable,
                "Elasticsearch can't be reached: see whether it runs and the SearchCluster's urls are right; "
                        + deepest(cause),
                cause);
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
        return shortened(String.valueOf(deepest.getMessage()));
    }

    private static String reason(byte[] body) {
        try {
            var error = ManifestJson.mapper().readTree(body).path("error");
            var root = error.path("root_cause")
                    .path(0)
                    .path("reason")
                    .asText(error.path("reason").asText(""));
            return shortened(error.isTextual() ? error.asText() : root);
        } catch (IOException notJson) {
            return "its answer is not JSON";
        }
    }

    private static String shortened(String text) {
        var line = text.replaceAll("\\s+", " ").strip();
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }
}
