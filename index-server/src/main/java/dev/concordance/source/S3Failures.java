package dev.concordance.source;

import dev.concordance.manifest.Causes;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.SourceManifest;
import java.util.Set;
import javax.net.ssl.SSLException;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What the failure of a conversation with an object store means to the user. */
final class S3Failures {
    private static final Set<Integer> REFUSED = Set.of(401, 403);
    private static final Set<String> ELSEWHERE =
            Set.of("PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException");

    private S3Failures() {}

    static SourceException explained(String source, SourceManifest.S3 s3, Exception e) {
        var store = s3.endpoint() == null ? "Amazon S3 in " + s3.region() : s3.endpoint();
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
                    source,
                    FailureReason.SourceUnreachable,
                    "the certificate of %s isn't trusted: give its CA in s3.caConfigMapRef; %s"
                            .formatted(store, Causes.told(e)),
                    e);
        }
        return SourceException.of(
                source, FailureReason.SourceUnreachable, "%s can't be read: %s".formatted(store, Causes.told(e)), e);
    }

    private static SourceException answered(String source, SourceManifest.S3 s3, String store, S3Exception e) {
        var details = e.awsErrorDetails();
        var code = details == null || details.errorCode() == null ? "no error code" : details.errorCode();
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

    private static String remedy(SourceManifest.S3 s3) {
        return s3.podIdentity()
                ? "see that the role of the pod's service account"
                : "give credentials in s3.credentialsSecretRef that";
    }
}
