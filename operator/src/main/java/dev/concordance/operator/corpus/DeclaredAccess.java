package dev.concordance.operator.corpus;

import dev.concordance.manifest.SourceManifest;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A corpus whose documents say who may see them.
 *
 * @param syncInterval longest time between two readings of the access lists; empty: as freshness wants it
 * @param maxStaleness searches are refused while the access lists are older
 */
public record DeclaredAccess(SourceManifest.Access places, Optional<Duration> syncInterval, Duration maxStaleness) {
    /** When access lists as of a moment become too old to answer searches by. */
    Instant staleAt(Instant freshAsOf) {
        return freshAsOf.plus(maxStaleness);
    }
}
