package dev.concordance.ingest;

import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.erasure.Erasing;
import dev.concordance.index.Ledger;
import dev.concordance.manifest.RunReport.Counts;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.source.Reading;
import dev.concordance.spool.Spools;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Objects;

/** One run that erases: what other runs are to a sync, with the same lease and the same reports. */
public final class ErasingRun {
    private final RunSpecification specification;
    private final ElasticsearchConnection elasticsearch;
    private final Path workspace;
    private final Clock clock;
    private final StopSignal stop;

    /** Prepares a run whose specification has an erasure. */
    public ErasingRun(
            RunSpecification specification,
            ElasticsearchConnection elasticsearch,
            Path workspace,
            Clock clock,
            StopSignal stop) {
        this.specification = specification;
        this.elasticsearch = elasticsearch;
        this.workspace = workspace;
        this.clock = clock;
        this.stop = stop;
    }

    /** Does the run and gives its counts; throws what {@link Failures} knows, after having reported it in the ledger. */
    public Counts run() {
        var ledger = new Ledger(elasticsearch, specification.names());
        ledger.take(specification.run(), clock.instant());
        var progress = new Progress();
        try (var reporting = new Reporting(specification, specification.run(), ledger, progress, () -> null, clock)) {
            reporting.begin();
            try (var spools = Spools.in(workspace)) {
                progress.erased(erasing(ledger).erase(spools));
                reporting.end(null);
            } catch (RuntimeException e) {
                reporting.fail(e);
                throw e;
            }
        }
        return progress.counts();
    }

    private Erasing erasing(Ledger ledger) {
        var order = Objects.requireNonNull(specification.erasure(), "a run that erases has an order");
        return new Erasing(
                elasticsearch,
                specification.names(),
                ledger,
                specification.run(),
                order,
                pushed()::find,
                clock,
                stop::check);
    }

    /** Whatever its size is: what is too large to be indexed says something all the same. */
    private PushedCoverage pushed() {
        var inbox = Reading.Inbox.of(elasticsearch, specification.names(), clock);
        var reading = new Reading(
                mount -> {
                    throw new IllegalStateException("what was pushed is in no mount");
                },
                workspace,
                Long.MAX_VALUE,
                path -> false,
                inbox);
        var sources = specification.sources().stream()
                .filter(SourceManifest::isPushed)
                .toList();
        return new PushedCoverage(sources, reading, inbox, stop::check);
    }
}
