package dev.concordance.localcluster.node.pod;

import java.time.Instant;

/** Why a container could not be started, in the words that a kubelet uses for {@code reason}. */
record Refusal(String reason, String message, Instant retryAt) {
    /** What a container needs and the node can't give now. */
    static final class CannotStart extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final String reason;

        CannotStart(String reason, String message) {
            super(message);
            this.reason = reason;
        }

        Refusal retriedAt(Instant retryAt) {
            return new Refusal(reason, String.valueOf(getMessage()), retryAt);
        }
    }

    static CannotStart missing(String what) {
        return new CannotStart("CreateContainerConfigError", what);
    }
}
