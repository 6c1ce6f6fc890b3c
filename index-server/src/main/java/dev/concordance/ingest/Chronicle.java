package dev.concordance.ingest;

import dev.concordance.manifest.RunReport;
import dev.concordance.manifest.RunReport.Counts;
import dev.concordance.manifest.RunReport.Failure;
import dev.concordance.manifest.RunReport.Phase;
import dev.concordance.manifest.RunReport.Quarantined;
import dev.concordance.manifest.RunSpecification;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The report of a run that follows its sources: written when how it stands changes, and else once a minute. A ledger that can't be
 * written is no reason to end, since it is one to fail for whoever writes documents.
 */
final class Chronicle {
    private static final System.Logger LOG = System.getLogger(Chronicle.class.getName());
    private static final Duration SELDOM = Duration.ofMinutes(1);

    private final RunSpecification specification;
    private final Worker worker;
    private final Clock clock;
    private final Instant startedAt;
    private Counts counts = Counts.NONE;
    private Phase phase = Phase.Listing;
    private @Nullable Failure failure;
    private @Nullable String unheard;
    private @Nullable Instant freshAsOf;
    private List<Quarantined> quarantined = List.of();
    private Instant written = Instant.EPOCH;

    Chronicle(RunSpecification specification, Worker worker, Clock clock) {
        this.specification = specification;
        this.worker = worker;
        this.clock = clock;
        this.startedAt = clock.instant();
    }

    /** The lease was taken; sources are being listed. */
    void begin() {
        become(Phase.Listing, failure);
    }

    /** What a round has done. */
    void count(Counts round) {
        counts = counts.and(round);
    }

    /** How fresh the generation was by the last full round; it is told with what is told next. */
    void fresh(Instant asOf) {
        freshAsOf = asOf;
    }

    /** Some of what is in quarantine; it is told with what is told next. */
    void quarantined(List<Quarantined> sample) {
        quarantined = sample;
    }

    /** All is searchable that the sources told last. */
    void following() {
        become(Phase.Following, null);
    }

    /** It isn't, and is tried again. */
    void failed(Failure why) {
        become(phase, why);
    }

    /** Why a source that could tell of its changes can't be listened to; null: all that can are. */
    void unheard(@Nullable String why) {
        if (!Objects.equals(why, unheard)) {
            unheard = why;
            write(clock.instant());
        }
    }

    private void become(Phase next, @Nullable Failure why) {
        var before = failure;
        var isNews = next != phase
                || (why == null
                        ? before != null
                        : before == null || !why.reason().equals(before.reason()));
        phase = next;
        failure = why;
        if (why != null && isNews) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "tried again run=%s reason=%s: %s".formatted(specification.run(), why.reason(), why.message()));
        }
        var now = clock.instant();
        if (isNews || !written.plus(SELDOM).isAfter(now)) {
            write(now);
        }
    }

    private void write(Instant now) {
        try {
            worker.ledger()
                    .write(new RunReport(
                            specification.run(),
                            specification.manifest().generation(),
                            specification.mode(),
                            phase,
                            worker.ledger().epoch(),
                            startedAt,
                            now,
                            null,
                            freshAsOf,
                            counts,
                            worker.spent(),
                            Map.of(),
                            null,
                            quarantined,
                            failure,
                            unheard));
            written = now;
        } catch (RuntimeException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "report not written reason={0}",
                    Failures.of(e).message());
        }
    }
}
