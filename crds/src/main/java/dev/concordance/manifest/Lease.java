package dev.concordance.manifest;

import java.time.Instant;

/**
 * Who may write to a corpus's generations: the ledger's document {@code lease}. A writer takes it by raising the epoch in
 * a conditional write and checks before each bulk request that it still holds it.
 *
 * @param clean whether the holder ended in order; if not, the next one looks for what it left half done
 */
public record Lease(long epoch, String holder, boolean clean, Instant since) {
    /** Id of the lease in the ledger. */
    public static final String ID = "lease";
}
