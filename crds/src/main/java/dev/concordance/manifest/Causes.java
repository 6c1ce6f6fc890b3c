package dev.concordance.manifest;

import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import org.jspecify.annotations.Nullable;

/** What lies under a failure, in words for the message of a report or a condition. */
public final class Causes {
    private static final int LONGEST = 300;

    private Causes() {}

    /** Whether a failure is of this type, or has a cause that is. */
    public static boolean has(@Nullable Throwable failure, Class<? extends Throwable> type) {
        return find(failure, type) != null;
    }

    /** The first of a failure and its causes that is of this type; null: none is. */
    public static <T extends Throwable> @Nullable T find(@Nullable Throwable failure, Class<T> type) {
        for (var at = failure; at != null; at = at.getCause()) {
            if (type.isInstance(at)) {
                return type.cast(at);
            }
        }
        return null;
    }

    /** What the deepest cause says, in one line of at most 300 characters. */
    public static String told(Throwable failure) {
        var deepest = failure;
        for (var at = failure.getCause(); at != null; at = at.getCause()) {
            deepest = at;
        }
        var message = deepest.getMessage();
        if (message == null) {
            return deepest instanceof UnresolvedAddressException
                    ? "no address for the host name"
                    : deepest.getClass().getSimpleName();
        }
        // Its message is nothing but the name.
        return shortened(deepest instanceof UnknownHostException ? "no address for the host name " + message : message);
    }

    /** In one line of at most 300 characters. */
    public static String shortened(String text) {
        var line = text.replaceAll("\\s+", " ").strip();
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }
}
