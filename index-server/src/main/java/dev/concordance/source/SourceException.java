package dev.concordance.source;

import dev.concordance.manifest.FailureReason;
import org.jspecify.annotations.Nullable;

/** A source that can't be listed; the message says what to do. */
public final class SourceException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final FailureReason reason;

    SourceException(FailureReason reason, String message) {
        this(reason, message, null);
    }

    SourceException(FailureReason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** A failure of a source, told in one sentence for all kinds of them. */
    public static SourceException of(String source, FailureReason reason, String what, @Nullable Throwable cause) {
        return new SourceException(reason, "source %s: %s; nothing was changed".formatted(source, what), cause);
    }

    /** What keeps a listing from being whole. */
    public static SourceException incomplete(String source, FailureReason reason, String what) {
        return new SourceException(
                reason,
                "source %s: %s; what could be read is in step, and nothing was deleted".formatted(source, what));
    }

    /** What keeps a source from telling of its changes. */
    public static SourceException unheard(String source, FailureReason reason, String what, @Nullable Throwable cause) {
        return new SourceException(
                reason, "source %s: %s; it is asked for changes more often instead".formatted(source, what), cause);
    }

    /** One of the source reasons of {@link FailureReason}. */
    public FailureReason reason() {
        return reason;
    }
}
