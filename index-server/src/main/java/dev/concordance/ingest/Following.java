package dev.concordance.ingest;

import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.embedding.Embedder;
import dev.concordance.embedding.remote.Purse;
import dev.concordance.index.DocumentChange;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.RemoteParser;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.parse.remote.ParsingService;
import dev.concordance.parse.worker.ParserProcess;
import dev.concordance.source.Source;
import dev.concordance.source.Watch;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A run that goes on until it is told to end: whenever its sources have changed, so does what is searchable. What it can't go on
 * from it begins again, with the next epoch, as if another worker took over.
 */
public final class Following {
    private static final System.Logger LOG = System.getLogger(Following.class.getName());
    private static final Set<FailureReason> FINAL = Set.of(
            FailureReason.Stopped, FailureReason.LeaseLost, FailureReason.GenerationMissing, FailureReason.Superseded);

    private final RunSpecification specification;
    private final Function<SourceManifest, Source> sources;
    private final Function<SourceManifest, Optional<Watch>> watches;
    private final Path workspace;
    private final Clock clock;
    private final StopSignal stop;
    private final DoubleSupplier random;
    private final Worker worker;
    private final Chronicle chronicle;
    private @Nullable HeldRecords held;
    private int failures;
    private volatile boolean ready;

    /**
     * Prepares it.
     *
     * @param watches what tells of changes of a source, if there is such a thing
     * @param model loads the model, which spends from the purse
     * @param workspace a folder for what the run has to remember and doesn't fit in memory
     * @param random from 0 to 1, so that those who fail together don't come again together
     */
    public Following(
            RunSpecification specification,
            ElasticsearchConnection elasticsearch,
            Function<SourceManifest, Source> sources,
            Function<SourceManifest, Optional<Watch>> watches,
            Function<Purse, Embedder> model,
            Path workspace,
            Clock clock,
            StopSignal stop,
            DoubleSupplier random) {
        this.specification = specification;
        this.sources = sources;
        this.watches = watches;
        this.workspace = workspace;
        this.clock = clock;
        this.stop = stop;
        this.random = random;
        this.worker = new Worker(specification, elasticsearch, model, clock, null, this::record);
        this.chronicle = new Chronicle(specification, worker, clock);
    }

    /** Has the service that reads documents, where one is declared, opened so. */
    public Following parsing(Function<RemoteParser, ParsingService> opening) {
        worker.parsing(opening);
        return this;
    }

    /** Follows the sources; throws what {@link Failures} knows where only another worker, or nobody, can go on. */
    public void run() {
        try (var embedder = worker.embedder();
                var parser = new ParserProcess(workspace);
                var announcements = new Announcements(specification.sources(), watches, random)) {
            LOG.log(System.Logger.Level.INFO, "following run={0}", specification.run());
            while (true) {
                try {
                    follow(new Lent(embedder), parser, announcements);
                } catch (RuntimeException e) {
                    ready = false;
                    if (FINAL.contains(Failures.of(e).reason())) {
                        throw e;
                    }
                    failures++;
                    chronicle.failed(Failures.of(e));
                    pauseUntil(clock.instant().plus(Agenda.retry(failures, random)));
                }
            }
        } catch (RuntimeException e) {
            if (Failures.of(e).reason() != FailureReason.Stopped) {
                throw e;
            }
            LOG.log(System.Logger.Level.INFO, "told to end run={0}", specification.run());
        }
    }

    /** Whether what the sources held when it began has been searchable since. */
    public boolean isReady() {
        return ready;
    }

    private void record(DocumentChange change) {
        if (held != null) {
            held.record(change);
        }
    }

    private void follow(Embedder embedder, ParserProcess parser, Announcements announcements) {
        var unfinishedSince = worker.take();
        chronicle.begin();
        Inventory[] found = new Inventory[1];
        try (var records = new HeldRecords(workspace, spools -> {
            found[0] = worker.inventory(unfinishedSince, false, spools);
            return found[0].records();
        })) {
            held = records;
            var agenda = new Agenda(specification.sources(), readWithin(), clock.instant(), random);
            var rounds =
                    new Rounds(specification, worker, records, chronicle, sources, embedder, parser, workspace, stop);
            try {
                rounds.first(found[0], unfinishedSince, agenda);
                failures = 0;
                ready = true;
                while (true) {
                    awaitWork(agenda, rounds, announcements);
                    rounds.next(agenda);
                }
            } catch (RuntimeException e) {
                if (Failures.of(e).reason() == FailureReason.Stopped) {
                    rounds.stop();
                }
                throw e;
            }
        } finally {
            held = null;
        }
    }

    private Duration readWithin() {
        var following = Objects.requireNonNull(specification.following(), "the run is told how to follow");
        return Duration.ofMillis(following.readWithinMillis());
    }

    private void awaitWork(Agenda agenda, Rounds rounds, Announcements announcements) {
        for (var left = hear(Duration.ZERO, agenda, rounds, announcements); left.isPositive(); ) {
            left = hear(StopSignal.shortened(left), agenda, rounds, announcements);
        }
    }

    /** Listens for so long; gives how long it is until a source is to be asked. */
    private Duration hear(Duration atMost, Agenda agenda, Rounds rounds, Announcements announcements) {
        stop.check();
        announcements.await(atMost).forEach(source -> agenda.hurry(source, clock.instant()));
        agenda.hear(announcements.heard());
        chronicle.unheard(announcements.unheard().orElse(null));
        return Duration.between(clock.instant(), rounds.due(agenda));
    }

    private void pauseUntil(Instant moment) {
        for (var left = Duration.between(clock.instant(), moment);
                left.isPositive();
                left = Duration.between(clock.instant(), moment)) {
            stop.pause(left);
        }
        stop.check();
    }
}
