package dev.concordance.ingest;

import dev.concordance.parse.remote.ParserException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Documents that a remote parser was to read and could not be asked for. They stay as they were, and the run goes on with the
 * others.
 */
final class Unparsed {
    private int documents;
    private @Nullable ParserException first;

    synchronized void add(ParserException cause) {
        documents++;
        first = first == null ? cause : first;
    }

    /** What the run fails with in the end, if there were any. */
    synchronized Optional<RuntimeException> failure() {
        return Optional.ofNullable(first)
                .map(cause -> new ParserException(
                        cause.reason(),
                        "%s; %d documents that it reads stay as they were".formatted(cause.getMessage(), documents)));
    }
}
