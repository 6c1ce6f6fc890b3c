package dev.concordance.manifest;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Up to where an inbox was read, or where in it a pushed document is.
 *
 * @param inbox history of the index, which one that was made anew or restored doesn't have
 * @param sequence number of a write to it; later writes have higher ones; -1: before all of them
 */
public record PushPosition(String inbox, long sequence) {
    private static final Pattern TEXT = Pattern.compile("(-1|[0-9]{1,18})[.]([A-Za-z0-9_-]{1,64})(/.*)?");

    /** Reads what {@link #text} wrote, whatever stands behind a slash; nothing, if it was something else. */
    public static Optional<PushPosition> parse(@Nullable String text) {
        var match = TEXT.matcher(text == null ? "" : text);
        return match.matches()
                ? Optional.of(new PushPosition(match.group(2), Long.parseLong(match.group(1))))
                : Optional.empty();
    }

    /** The form that clients get and send back. */
    public String text() {
        return sequence + "." + inbox;
    }

    /** Whether everything up to the other position is before this one. */
    public boolean covers(PushPosition other) {
        return inbox.equals(other.inbox()) && sequence >= other.sequence();
    }
}
