package dev.concordance.operator.corpus;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where an IngestionRun stands, in the order in which a run passes through it. */
public enum RunPhase {
    /** It waits for something that its condition names. */
    Queued,
    /** Its Job exists, and has not reported yet. */
    Starting,
    /** It finds out what has changed in the sources. */
    Listing,
    /** It writes. */
    Indexing,
    /** All that was listed is searchable, and it goes on to follow its sources. */
    Following,
    /** All that was listed is searchable. */
    Succeeded,
    /** It has given up. */
    Failed;

    /** The reason of a run whose pod can't start. */
    public static final String POD_WAITS = "PodWaits";

    /** The reason of a run that waits until somebody says that it may start. */
    public static final String ERASURES_MISSING = "ErasuresMissing";

    /** The phase of this name; {@link #Queued} for none or an unknown one. */
    public static RunPhase named(@Nullable String name) {
        return Arrays.stream(values())
                .filter(phase -> Optional.of(phase.name()).equals(Optional.ofNullable(name)))
                .findFirst()
                .orElse(Queued);
    }

    /** Whether a run that hasn't ended waits for this reason, and hasn't failed before. */
    static boolean isWaiting(String reason) {
        return reason.equals(POD_WAITS) || reason.equals(ERASURES_MISSING);
    }

    /** Whether it stays so. */
    public boolean isFinal() {
        return this == Succeeded || this == Failed;
    }
}
