package dev.concordance.parse.remote;

import dev.concordance.http.PostClient.Reply;
import dev.concordance.http.RetryAfter;
import dev.concordance.http.TooLongAnswer;
import dev.concordance.manifest.Causes;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.QuarantineReason;
import dev.concordance.parse.UnreadableDocument;
import dev.concordance.tls.Authorities;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the end of a request means for the document that was in it. */
sealed interface Verdict {
    /** So often a service may fail on the same document before that is suspected. */
    int SUSPECTED_AFTER = 3;

    /** It was read. */
    record Converted(byte[] answer) implements Verdict {}

    /** It is refused for itself. */
    record Refused(UnreadableDocument why) implements Verdict {}

    /**
     * It may be what the service fails on, or all documents may be: another one tells.
     *
     * @param after so many attempts another one is tried
     * @param why if the other one is read
     * @param otherwise if the other one isn't read either; null: the service is asked again
     */
    record Suspect(
            String said,
            int after,
            UnreadableDocument why,
            @Nullable ParserException otherwise) implements Verdict {}

    /**
     * The service can't answer now.
     *
     * @param after what it asks to wait, if it does
     */
    record Later(String said, Optional<Duration> after) implements Verdict {}

    /** Nothing will change by itself. */
    record Never(ParserException why) implements Verdict {}

    /** What an answer means. */
    static Verdict of(Reply reply, Instant now) {
        var status = reply.status();
        return switch (status) {
            case 200 -> read(reply.body());
            case 400, 415, 422 ->
                new Suspect(
                        "it answered " + status,
                        1,
                        unreadable(
                                QuarantineReason.ParserRefused,
                                "the remote parser refuses it (HTTP %d): exclude it".formatted(status)),
                        new ParserException(
                                FailureReason.ParserInvalid,
                                "the remote parser answers %d to every document: correct ocr.languages, or use a version that has /v1/convert/file"
                                        .formatted(status)));
            case 401, 403 ->
                never(
                        FailureReason.ParserUnauthorized,
                        "the remote parser answered %d: correct the Secret that parser.remote.credentialsSecretRef names"
                                .formatted(status));
            case 413 ->
                new Refused(unreadable(
                        QuarantineReason.TooLarge,
                        "it is larger than the remote parser takes (HTTP 413): divide or exclude it"));
            case 408, 409, 425, 429, 503 ->
                new Later(
                        "it answered " + status,
                        reply.headers().firstValue("Retry-After").flatMap(value -> RetryAfter.of(value, now)));
            case 504 -> late("it answered 504");
            default -> status >= 500 ? crash("it answered " + status) : misled(status);
        };
    }

    /** What a failure without an answer means. */
    static Verdict of(IOException failure) {
        if (Authorities.areMissing(failure)) {
            return never(
                    FailureReason.ParserTlsFailed,
                    Authorities.remedy(
                            "the remote parser", failure, "parser.remote.caConfigMapRef, or correct the URL"));
        }
        if (failure instanceof TooLongAnswer) {
            return new Refused(unreadable(
                    QuarantineReason.TooLarge,
                    "what the remote parser made of it is more than is read: divide or exclude it"));
        }
        if (failure instanceof ConnectException
                || failure instanceof HttpConnectTimeoutException
                || Causes.has(failure, UnknownHostException.class)) {
            return new Later(Causes.told(failure), Optional.empty());
        }
        return failure instanceof HttpTimeoutException
                ? late(Causes.told(failure))
                : crash("it ended the connection: " + Causes.told(failure));
    }

    private static Verdict read(byte[] body) {
        try {
            var envelope = Envelope.of(body);
            return switch (envelope.status()) {
                case "success" -> envelope.hasDocument() ? new Converted(body) : foreign("holds no document");
                case "partial_success" ->
                    failed("the remote parser read only parts of it, or not in time: divide it, or exclude it");
                case "skipped", "failure" ->
                    failed("the remote parser could not read it; its log says why: exclude it, or mend it");
                default -> foreign("has no status of a conversion");
            };
        } catch (IOException e) {
            // Its message quotes what is read.
            return foreign("is not JSON");
        }
    }

    private static Verdict failed(String message) {
        return new Refused(unreadable(QuarantineReason.ParserFailed, message));
    }

    private static Verdict foreign(String how) {
        return new Suspect(
                "its answer " + how,
                1,
                unreadable(
                        QuarantineReason.ParserFailed, "the remote parser's answer " + how + ": exclude the document"),
                new ParserException(
                        FailureReason.ParserInvalid,
                        "the answer of the remote parser %s: correct parser.remote.url, which docling-serve 1.0 or later has to be at"
                                .formatted(how)));
    }

    private static Verdict late(String said) {
        return new Suspect(
                said,
                1,
                unreadable(
                        QuarantineReason.ParserTimeout,
                        "the remote parser did not read it in time: divide or exclude it, or raise parser.remote.limits.requestTimeout,"
                                + " what the service waits, and parser.remote.revision to try it again"),
                null);
    }

    private static Verdict crash(String said) {
        return new Suspect(
                said,
                SUSPECTED_AFTER,
                unreadable(
                        QuarantineReason.ParserCrashed,
                        "the remote parser failed on it %d times while it read another one (%s): simplify or exclude the document"
                                .formatted(SUSPECTED_AFTER, said)),
                null);
    }

    private static Verdict misled(int status) {
        return never(
                FailureReason.ParserInvalid,
                "the remote parser answered %d%s: correct parser.remote.url"
                        .formatted(status, status / 100 == 3 ? ", and redirects are not followed" : ""));
    }

    private static Verdict never(FailureReason reason, String message) {
        return new Never(new ParserException(reason, message));
    }

    private static UnreadableDocument unreadable(QuarantineReason reason, String message) {
        return new UnreadableDocument(reason, message);
    }
}
