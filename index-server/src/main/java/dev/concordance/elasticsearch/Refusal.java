package dev.concordance.elasticsearch;

import dev.concordance.manifest.Causes;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.tls.Authorities;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.time.Duration;
import javax.net.ssl.SSLException;

/** What an answer that is no use, or none at all, means to the user. */
final class Refusal {
    private Refusal() {}

    static ElasticsearchException of(Answer answer) {
        var said = reason(answer.body());
        if (isDiskFull(said)) {
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
        if (Causes.has(cause, SSLException.class) || Causes.has(cause, CertificateException.class)) {
            return new ElasticsearchException(
                    FailureReason.ElasticsearchTlsFailed,
                    Authorities.remedy("Elasticsearch", cause, "the SearchCluster's certificateAuthority"),
                    cause);
        }
        return new ElasticsearchException(
                FailureReason.ElasticsearchUnreachable,
                "Elasticsearch can't be reached: see whether it runs and the SearchCluster's urls are right; "
                        + Causes.told(cause),
                cause);
    }

    /** What was waited for in vain. */
    static ElasticsearchException busy(Answer answer, Duration waited) {
        return new ElasticsearchException(
                FailureReason.ElasticsearchUnreachable,
                "Elasticsearch has no room for requests, or not all of its shards, and has not had them for %d s (%d): give it more resources, or let fewer workers run at a time; %s"
                        .formatted(waited.toSeconds(), answer.status(), reason(answer.body())),
                null);
    }

    static boolean isDiskFull(Answer answer) {
        return isDiskFull(reason(answer.body()));
    }

    private static boolean isDiskFull(String said) {
        return said.contains("disk usage exceeded") || said.contains("read-only-allow-delete");
    }

    /** The type of the error that the body tells; empty: it tells none. */
    static String type(byte[] body) {
        try {
            return ManifestJson.mapper()
                    .readTree(body)
                    .path("error")
                    .path("type")
                    .asText();
        } catch (IOException notJson) {
            return "";
        }
    }

    private static String reason(byte[] body) {
        try {
            var error = ManifestJson.mapper().readTree(body).path("error");
            var root = error.path("root_cause")
                    .path(0)
                    .path("reason")
                    .asText(error.path("reason").asText(""));
            return Causes.shortened(error.isTextual() ? error.asText() : root);
        } catch (IOException notJson) {
            return "its answer is not JSON";
        }
    }
}
