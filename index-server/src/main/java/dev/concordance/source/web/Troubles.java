package dev.concordance.source.web;

import dev.concordance.manifest.FailureReason;
import dev.concordance.source.SourceException;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** What keeps a listing from being whole, and whether it is worth going on. */
final class Troubles {
    private static final int MOST_IN_A_ROW = 5;

    private final Set<Trouble> all = new LinkedHashSet<>();
    private int unansweredInARow;

    /**
     * One of them.
     *
     * @param what a sentence with the remedy; it has no credentials in it
     */
    record Trouble(FailureReason reason, String what) {}

    void add(Trouble trouble) {
        all.add(trouble);
    }

    /** A page that gave no answer, or none that tells anything. */
    void unanswered(Trouble trouble) {
        unansweredInARow++;
        add(trouble);
    }

    void answered() {
        unansweredInARow = 0;
    }

    /** So many pages were not answered in a row that the site seems to be away. */
    boolean isHopeless() {
        return unansweredInARow >= MOST_IN_A_ROW;
    }

    /** All of them as one failure; nothing if there were none. */
    Optional<SourceException> failure(String source) {
        var more = all.size() < 2 ? "" : "; %d more addresses failed".formatted(all.size() - 1);
        return all.stream()
                .findFirst()
                .map(first -> SourceException.incomplete(source, first.reason(), first.what() + more));
    }
}
