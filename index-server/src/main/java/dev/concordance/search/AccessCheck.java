package dev.concordance.search;

import dev.concordance.manifest.RoutingTable.Access;
import dev.concordance.search.SearchException.Kind;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Whether what an index knows of who may see its documents is enough to answer. Pure. */
final class AccessCheck {
    private AccessCheck() {}

    /**
     * Whether a search finds only what its caller may see. It does if the corpus or the generation says so: one of them may
     * be told of a change before the other. Throws {@link SearchException} if that isn't known, or not lately.
     *
     * @param declared by the corpus; null: everybody may see everything
     */
    static boolean of(@Nullable Access declared, LiveGeneration live, Instant now) {
        if (declared == null) {
            return live.documentLevel();
        }
        if (!live.documentLevel()) {
            throw new SearchException(
                    Kind.UNAVAILABLE,
                    "the index doesn't know yet who may see which document: try again when it is rebuilt");
        }
        var longest = Duration.ofMillis(declared.maxStalenessMillis());
        if (live.freshAsOf() == null || live.freshAsOf().plus(longest).isBefore(now)) {
            throw new SearchException(
                    Kind.UNAVAILABLE,
                    "who may see which document was read more than %d s ago, the longest that access.maxStaleness allows: look at the conditions of the Corpus"
                            .formatted(longest.toSeconds()));
        }
        return true;
    }
}
