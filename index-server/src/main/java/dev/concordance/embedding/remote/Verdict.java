package dev.concordance.embedding.remote;

import dev.concordance.embedding.ModelException;
import dev.concordance.http.RetryAfter;
import dev.concordance.manifest.Causes;
import dev.concordance.manifest.FailureReason;
import dev.concordance.tls.Authorities;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** What the end of a request means for the texts that were in it. */
sealed interface Verdict {
    /** They were answered. */
    record Answered(Answer answer) implements Verdict {}

    /** The endpoint refuses them as they are; fewer of them it may take. */
    record Refused(int status) implements Verdict {}

    /**
     * It can't answer now.
     *
     * @param after what it asks to wait, if it does
     * @param suspicious whether one of the texts may be what it fails on
     */
    record Later(String said, Optional<Duration> after, boolean suspicious) implements Verdict {}

    /** Nothing will change by itself. */
    record Never(ModelException why) implements Verdict {}

    /** What a status that is no success means. */
    static Verdict of(int status, HttpHeaders headers, Instant now) {
        return switch (status) {
            case 400, 413, 422 -> new Refused(status);
            case 401, 403 ->
                never(
                        FailureReason.ModelUnauthorized,
                        "the model's endpoint answered %d: correct the Secret that credentialsSecretRef names"
                                .formatted(status));
            case 408, 409, 425, 429 -> later(status, headers, now, false);
            default -> other(status, headers, now);
        };
    }

    /** What a failure without an answer means. */
    static Verdict of(IOException failure) {
        if (Authorities.areMissing(failure)) {
            return never(
                    FailureReason.ModelTlsFailed,
                    Authorities.remedy("the model's endpoint", failure, "caConfigMapRef, or correct the URL"));
        }
        var said = failure instanceof SSLException ? "TLS failed: " + Causes.told(failure) : Causes.told(failure);
        return new Later(said, Optional.empty(), false);
    }

    private static Verdict other(int status, HttpHeaders headers, Instant now) {
        if (status >= 500) {
            return later(status, headers, now, status == 500);
        }
        if (status / 100 == 3) {
            return never(
                    FailureReason.ModelInvalid,
                    "the model's endpoint answered %d, and redirects are not followed: declare the URL where it is now"
                            .formatted(status));
        }
        return never(
                FailureReason.ModelInvalid,
                "the model's endpoint answered %d: correct protocol, url or model of the EmbeddingModel"
                        .formatted(status));
    }

    private static Verdict later(int status, HttpHeaders headers, Instant now, boolean suspicious) {
        return new Later(
                "it answered " + status,
                headers.firstValue("Retry-After").flatMap(value -> RetryAfter.of(value, now)),
                suspicious);
    }

    private static Verdict never(FailureReason reason, String message) {
        return new Never(new ModelException(reason, message));
    }
}
