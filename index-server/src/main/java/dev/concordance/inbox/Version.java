package dev.concordance.inbox;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One state of a document, which no other state of it has.
 *
 * @param sequence number of the write
 * @param term under which Elasticsearch gave it
 */
public record Version(long sequence, long term) {
    private static final Pattern TEXT = Pattern.compile("([0-9]{1,18})-([0-9]{1,18})");

    /** Reads what {@link #text} wrote; nothing, if it was something else. */
    public static Optional<Version> parse(String text) {
        var match = TEXT.matcher(text);
        return match.matches()
                ? Optional.of(new Version(Long.parseLong(match.group(1)), Long.parseLong(match.group(2))))
                : Optional.empty();
    }

    /** As an entity tag has it between its quotes. */
    public String text() {
        return sequence + "-" + term;
    }
}
