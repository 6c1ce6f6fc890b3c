package dev.concordance.elasticsearch;

import dev.concordance.manifest.FailureReason;
import org.jspecify.annotations.Nullable;

/** A request that was not done, with why and what to do; never with credentials in it. */
public final class ElasticsearchException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final FailureReason reason;

    ElasticsearchException(FailureReason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** One of the Elasticsearch reasons of {@link FailureReason}, or DiskWatermark. */
    public FailureReason reason() {
        return reason;
    }
}
