package dev.concordance.ingest;

import dev.concordance.index.Ledger;
import dev.concordance.manifest.RunReport;
import dev.concordance.manifest.RunReport.Phase;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.manifest.Spending;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Keeps the run's report in the ledger up to date while the run works. */
final class Reporting implements AutoCloseable {
    private static final long INTERVAL_MILLIS = 1_000;
    private static final System.Logger LOG = System.getLogger(Reporting.class.getName());

    private final RunSpecification specification;
    private final String name;
    private final Ledger ledger;
    private final Progress progress;
    private final Supplier<Spending.@Nullable Amount> spent;
    private final Clock clock;
    private final Instant startedAt;
    private final Map<String, String> positions = new TreeMap<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("report").factory());
    private Phase phase = Phase.Listing;
    private boolean isWritten = true;
    private @Nullable Instant freshAsOf;

    /** @param name under which is reported: the run's, or that of one of its shards */
    Reporting(
            RunSpecification specification,
            String name,
            Ledger ledger,
            Progress progress,
            Supplier<Spending.@Nullable Amount> spent,
            Clock clock) {
        this.spent = spent;
        this.specification = specification;
        this.name = name;
        this.ledger = ledger;
        this.progress = progress;
        this.clock = clock;
        this.startedAt = clock.instant();
    }

    /** Writes the first report now, and from now on one a second. */
    void begin() {
        write(null);
        var unused = timer.scheduleWithFixedDelay(this::tick, INTERVAL_MILLIS, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    synchronized void listed(Map<String, String> newPositions, @Nullable Instant listedAt) {
        phase = Phase.Indexing;
        positions.putAll(newPositions);
        freshAsOf = listedAt;
    }

    /** Writes the last report; nothing is written after it. */
    void end(RunReport.@Nullable Failure failure) {
        close();
        synchronized (this) {
            phase = failure == null ? Phase.Succeeded : Phase.Failed;
            write(failure);
        }
    }

    /** The same for what the run fails with, which it goes on failing with if it can't be told. */
    void fail(RuntimeException cause) {
        try {
            end(Failures.of(cause));
        } catch (RuntimeException unreported) {
            cause.addSuppressed(unreported);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    private synchronized void tick() {
        try {
            if (phase == Phase.Listing || phase == Phase.Indexing) {
                write(null);
                isWritten = true;
            }
        } catch (RuntimeException e) {
            if (isWritten) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "report not written reason={0}",
                        Failures.of(e).message());
            }
            isWritten = false;
        }
    }

    private synchronized void write(RunReport.@Nullable Failure failure) {
        var now = clock.instant();
        var ended = phase == Phase.Succeeded || phase == Phase.Failed;
        ledger.write(new RunReport(
                name,
                specification.manifest().generation(),
                specification.mode(),
                phase,
                ledger.epoch(),
                startedAt,
                now,
                ended ? now : null,
                freshAsOf,
                progress.counts(),
                spent.get(),
                positions,
                progress.drift(),
                progress.quarantineSample(),
                failure));
    }
}
