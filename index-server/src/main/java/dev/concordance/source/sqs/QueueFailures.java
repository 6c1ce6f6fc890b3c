package dev.concordance.source.sqs;

import dev.concordance.manifest.BucketQueue;
import dev.concordance.manifest.Causes;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.source.SourceException;
import dev.concordance.tls.Authorities;
import java.util.Set;
import javax.net.ssl.SSLException;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** What the failure of a conversation with a queue means to the user. */
final class QueueFailures {
    private static final Set<Integer> REFUSED = Set.of(401, 403);

    private final String source;
    private final SourceManifest.S3 s3;
    private final BucketQueue queue;

    QueueFailures(String source, SourceManifest.S3 s3, BucketQueue queue) {
        this.source = source;
        this.s3 = s3;
        this.queue = queue;
    }

    SourceException explained(Exception e) {
        if (e instanceof QueueDoesNotExistException) {
            return failure(
                    FailureReason.SourceInvalid,
                    "there is no queue %s in region %s: correct queueUrl and region of s3.notifications.sqs, or create it"
                            .formatted(queue.url(), queue.region()),
                    e);
        }
        if (e instanceof SqsException answered) {
            return answered(answered);
        }
        if (Causes.has(e, SSLException.class)) {
            return failure(
                    FailureReason.SourceUnreachable,
                    Authorities.remedy("the queue " + queue.url(), e, "s3.caConfigMapRef"),
                    e);
        }
        return failure(
                FailureReason.SourceUnreachable,
                "the queue %s can't be read: %s".formatted(queue.url(), Causes.told(e)),
                e);
    }

    private SourceException answered(SqsException e) {
        var details = e.awsErrorDetails();
        var code = details == null || details.errorCode() == null ? "no error code" : details.errorCode();
        // A key that decrypts messages is refused by 400.
        if (REFUSED.contains(e.statusCode()) || code.contains("AccessDenied")) {
            return failure(
                    FailureReason.SourceUnauthorized,
                    "the queue %s may not be read (%s): allow %s sqs:ReceiveMessage and sqs:DeleteMessage on it"
                            .formatted(queue.url(), code, who()),
                    e);
        }
        return failure(
                FailureReason.SourceUnreachable,
                "the queue %s answered %d (%s)".formatted(queue.url(), e.statusCode(), code),
                e);
    }

    private String who() {
        if (s3.podIdentity()) {
            return "the role of the pod's service account";
        }
        return s3.credentialsMount() == null
                ? "a key, to be given in s3.credentialsSecretRef,"
                : "the key of s3.credentialsSecretRef";
    }

    private SourceException failure(FailureReason reason, String what, Exception e) {
        return SourceException.unheard(source, reason, what, e);
    }
}
