package dev.concordance.endpoint;

import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The name of one request in its answer and in logs: the sender's own, if it is harmless, or a new one. */
public final class RequestId {
    /** Has it in requests and answers. */
    public static final String HEADER = "X-Request-Id";

    private static final Pattern HARMLESS = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

    private RequestId() {}

    /** The sender's, if it is harmless. */
    public static String of(@Nullable String given) {
        return given != null && HARMLESS.matcher(given).matches()
                ? given
                : UUID.randomUUID().toString();
    }
}
