package dev.concordance.search;

import dev.concordance.manifest.PushPosition;
import dev.concordance.manifest.Reached;
import java.time.Duration;
import java.util.Map;

/**
 * What was pushed and has to be searchable before a search is answered.
 *
 * @param positions by source
 * @param patience for how long it is waited for
 */
public record WaitFor(Map<String, PushPosition> positions, Duration patience) {
    public WaitFor {
        positions = Map.copyOf(positions);
    }

    /** Whether all of it is searchable; throws {@link SearchException} if one of them never will be. */
    boolean isReachedBy(Reached reached) {
        return positions.entrySet().stream()
                .allMatch(wanted -> PushPosition.parse(reached.positions().get(wanted.getKey()))
                        .filter(now -> isReached(wanted.getKey(), wanted.getValue(), now))
                        .isPresent());
    }

    private static boolean isReached(String source, PushPosition wanted, PushPosition now) {
        if (!now.inbox().equals(wanted.inbox())) {
            throw SearchException.invalid(
                    "waitFor." + source, "is a position of another inbox: the corpus was made anew or restored since");
        }
        return now.covers(wanted);
    }
}
