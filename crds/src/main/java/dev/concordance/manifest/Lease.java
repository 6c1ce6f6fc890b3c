package dev.concordance.manifest;

import java.time.Instant;
import java.util.Map;
import java.util.Set;

/**
 * Who may write to a corpus's generations: the ledger's document {@code lease}. A writer takes it by raising the epoch in
 * a conditional write and checks before each bulk request that it still holds it.
 *
 * @param unfinished for each generation that a run was writing to and hasn't finished, the first epoch of which something
 *     may be half done; a run enters its generation when it takes the lease and removes it when it ends in order
 * @param erasures UIDs of Erasures that runs have carried out: a run whose specification doesn't know one of them must not write
 */
public record Lease(long epoch, String holder, Map<Integer, Long> unfinished, Instant since, Set<String> erasures) {
    /** Id of the lease in the ledger. */
    public static final String ID = "lease";

    /** A lease that was written before there were Erasures knows of none. */
    @SuppressWarnings("ConstantValue")
    public Lease {
        unfinished = Map.copyOf(unfinished);
        erasures = erasures == null ? Set.of() : Set.copyOf(erasures);
    }
}
