package dev.concordance.operator.platform;

import java.time.Duration;
import java.time.Instant;

/** Until when this process may take itself for the one that works, as far as it has read the Lease. */
final class Tenure {
    private final Duration lasting;
    private Instant until = Instant.MAX;

    /** A tenure that lasts so long after each renewal. */
    Tenure(Duration lasting) {
        this.lasting = lasting;
    }

    /** What a Lease says. */
    record Reading(boolean ours, Instant renewedAt) {}

    synchronized void read(Reading lease) {
        until = lease.ours() ? lease.renewedAt().plus(lasting) : Instant.MIN;
    }

    synchronized boolean isOver(Instant now) {
        return now.isAfter(until);
    }
}
