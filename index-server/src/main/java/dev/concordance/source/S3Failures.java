package dev.concordance.source;

import dev.concordance.manifest.Causes;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.tls.Authorities;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLException;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What the failure of a conversation with an object store means to the user. */
final class S3Failures {
    private static final Set<Integer> REFUSED = Set.of(401, 403);
    private static final Set<String> ELSEWHERE =
            Set.of("PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException");

    private static final String CLOCK = "RequestTimeTooSkewed";

    private S3Failures() {}

    static SourceException explained(String source, SourceManifest.S3 s3, Exception e) {
        var store = store(s3);
        if (e instanceof NoSuchBucketException) {
            return SourceException.of(
                    source,
                    FailureReason.SourceUnreachable,
                    "there is no bucket %s at %s: correct s3.bucket".formatted(s3.bucket(), store),
                    e);
        }
        if (e instanceof S3Exception answered) {
            return answered(source, s3, store, answered);
        }
        if (Causes.has(e, SSLException.class)) {
            return SourceException.of(
                    source, FailureReason.SourceUnreachable, Authorities.remedy(store, e, "s3.caConfigMapRef"), e);
        }
        return SourceException.of(
                source, FailureReason.SourceUnreachable, "%s can't be read: %s".formatted(store, Causes.told(e)), e);
    }

    private static SourceException answered(String source, SourceManifest.S3 s3, String store, S3Exception e) {
        var code = code(e);
        if (code.equals(CLOCK)) {
            return SourceException.of(
                    source,
                    FailureReason.SourceUnreachable,
                    "the clocks of the worker and of %s differ by more than it allows (%s): set the clock of the node, or of the store, by NTP"
                            .formatted(store, code),
                    e);
        }
        if (ELSEWHERE.contains(code) || e.statusCode() == 301 || e.statusCode() == 307) {
            return SourceException.of(
                    source,
                    FailureReason.SourceInvalid,
                    "bucket %s is not in %s (%s): correct s3.region or s3.endpoint".formatted(s3.bucket(), store, code),
                    e);
        }
        if (REFUSED.contains(e.statusCode())) {
            return SourceException.of(
                    source,
                    FailureReason.SourceUnauthorized,
                    "%s refuses to list bucket %s (%s): %s may list it and read its objects"
                            .formatted(store, s3.bucket(), code, remedy(s3)),
                    e);
        }
        return SourceException.of(
                source,
                FailureReason.SourceUnreachable,
                "%s answered %d (%s)".formatted(store, e.statusCode(), code),
                e);
    }

    /** Why a file that has to be read to know what there is, an access file or one of JSON lines, isn't given. */
    static SourceException ofFile(String source, SourceManifest.S3 s3, String key, S3Exception e) {
        var file = key.replaceAll("\\p{Cntrl}", "?");
        return switch (code(e)) {
            case "AccessDenied" ->
                SourceException.of(
                        source,
                        FailureReason.SourceUnauthorized,
                        "%s refuses to give %s of bucket %s, which has to be read to list the source (AccessDenied): %s may read it (s3:GetObject)"
                                .formatted(store(s3), file, s3.bucket(), remedy(s3)),
                        e);
            case "InvalidObjectState" ->
                SourceException.of(
                        source,
                        FailureReason.SourceUnreachable,
                        "%s of bucket %s is archived and has to be read to list the source (InvalidObjectState): restore it"
                                .formatted(file, s3.bucket()),
                        e);
            case "NoSuchKey" ->
                SourceException.of(
                        source,
                        FailureReason.SourceUnreachable,
                        "%s of bucket %s has gone since it was listed, and has to be read to list the source"
                                .formatted(file, s3.bucket()),
                        e);
            default -> explained(source, s3, e);
        };
    }

    private static String store(SourceManifest.S3 s3) {
        return s3.endpoint() == null ? "Amazon S3 in " + s3.region() : s3.endpoint();
    }

    /** Why an object isn't given though others are; nothing where that says more of the store or of the key than of the object. */
    static Optional<String> ofObject(S3Exception e) {
        return switch (code(e)) {
            case "AccessDenied" ->
                Optional.of("the store lists it and refuses to give it (AccessDenied): let the key or role have"
                        + " s3:GetObject on it, or exclude it");
            case "InvalidObjectState" ->
                Optional.of("it is archived, so that the store doesn't give it (InvalidObjectState): restore it, or"
                        + " exclude it");
            default -> Optional.empty();
        };
    }

    private static String code(S3Exception e) {
        var details = e.awsErrorDetails();
        return details == null || details.errorCode() == null ? "no error code" : details.errorCode();
    }

    private static String remedy(SourceManifest.S3 s3) {
        return s3.podIdentity()
                ? "see that the role of the pod's service account"
                : "give credentials in s3.credentialsSecretRef that";
    }
}
