package dev.concordance.ingest;

import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.embedding.Embedder;
import dev.concordance.embedding.Embedders;
import dev.concordance.embedding.ModelFiles;
import dev.concordance.embedding.remote.Purse;
import dev.concordance.index.Shard;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.RunReport.Counts;
import dev.concordance.manifest.RunReport.Failure;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.parse.Parser;
import dev.concordance.parse.remote.ParsingService;
import dev.concordance.source.Reading;
import dev.concordance.source.Sources;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.StringJoiner;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The verb {@code ingest}: does the run that a mounted specification describes. */
public final class IngestCommand {
    private static final System.Logger LOG = System.getLogger(IngestCommand.class.getName());
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(60);
    /** Longer than anything that a run waits for without asking whether it shall end. */
    private static final Duration DEAD = Duration.ofMinutes(10);

    private static final int MOST_FRAMES = 12;
    private static final int SUCCEEDED = 0;
    private static final int RETRY = 1;
    private static final int WAIT_FOR_USER = 2;

    private IngestCommand() {}

    /**
     * What a worker is started with.
     *
     * @param specification file that holds the run's
     * @param workspace folder for what the run has to remember
     * @param mounts folder of a mount by its name
     * @param shard that is prepared; null: the run itself is done
     * @param healthPort where a run that follows its sources tells how it is; empty: nowhere
     */
    public record Start(
            Path specification,
            Path workspace,
            Function<String, Path> mounts,
            @Nullable Shard shard,
            OptionalInt healthPort) {}

    /**
     * Does the run.
     *
     * @param out takes as its last line, if the run fails, why: {@code {"reason": …, "message": …}}
     * @param stop given when the worker is told to end
     * @return the exit code: 0, or 1 if it's worth another try, or 2 if only the user can help
     */
    public static int run(Start start, PrintStream out, StopSignal stop) {
        try {
            var read = read(start.specification());
            var shard = start.shard();
            var specification = shard == null ? read : read.dividedBy(shard.count());
            try (var elasticsearch = ElasticsearchConnection.open(
                            specification.elasticsearch(), start.mounts(), REQUEST_TIMEOUT)
                    .patient(stop.time())) {
                switch (specification.mode()) {
                    case Follow -> follow(specification, elasticsearch, start, stop);
                    case Erase -> {
                        var run = new ErasingRun(
                                specification, elasticsearch, start.workspace(), Clock.systemUTC(), stop);
                        done(specification, run.run());
                    }
                    case Incremental, Verify, Build -> sync(specification, elasticsearch, start, stop);
                }
                return SUCCEEDED;
            }
        } catch (RuntimeException | Error e) {
            return fail(e, out);
        }
    }

    private static void done(RunSpecification specification, Counts counts) {
        LOG.log(System.Logger.Level.INFO, "done run=%s %s".formatted(specification.run(), counts));
    }

    private static Reading reading(RunSpecification specification, ElasticsearchConnection elasticsearch, Start start) {
        var parser = specification.manifest().parser();
        return new Reading(
                start.mounts(),
                start.workspace(),
                specification.limits().maxDocumentBytes(),
                path -> Parser.isPassedOver(path) && !ParsingService.addsDocument(parser, path),
                Reading.Inbox.of(elasticsearch, specification.names(), Clock.systemUTC()));
    }

    private static void sync(
            RunSpecification specification, ElasticsearchConnection elasticsearch, Start start, StopSignal stop) {
        var reading = reading(specification, elasticsearch, start);
        var counts = new Ingestion(
                        specification,
                        elasticsearch,
                        source -> Sources.open(source, reading),
                        purse -> model(specification, new ModelFiles(start.mounts(), start.workspace()), purse),
                        start.workspace(),
                        Clock.systemUTC(),
                        stop,
                        start.shard())
                .parsing(declared -> ParsingService.open(declared, start.mounts()))
                .run();
        done(specification, counts);
    }

    private static void follow(
            RunSpecification specification, ElasticsearchConnection elasticsearch, Start start, StopSignal stop) {
        var reading = reading(specification, elasticsearch, start);
        var following = new Following(
                        specification,
                        elasticsearch,
                        source -> Sources.open(source, reading),
                        source -> Sources.watch(source, reading),
                        purse -> model(specification, new ModelFiles(start.mounts(), start.workspace()), purse),
                        start.workspace(),
                        Clock.systemUTC(),
                        stop,
                        new Random()::nextDouble)
                .parsing(declared -> ParsingService.open(declared, start.mounts()));
        if (start.healthPort().isEmpty()) {
            following.run();
            return;
        }
        var port = start.healthPort().getAsInt();
        try (var health = Health.serve(port, () -> isAlive(stop), following::isReady)) {
            LOG.log(System.Logger.Level.INFO, "health served port={0,number,#}", health.port());
            following.run();
        }
    }

    /** Whether what should ask for the signal does so. */
    static boolean isAlive(StopSignal stop) {
        return stop.sinceAsked().compareTo(DEAD) < 0;
    }

    private static Embedder model(RunSpecification specification, ModelFiles files, Purse purse) {
        var begun = System.nanoTime();
        var model = Embedders.open(specification.manifest().model(), files, purse);
        LOG.log(
                System.Logger.Level.INFO,
                "model loaded run=%s digest=%s millis=%d"
                        .formatted(
                                specification.run(),
                                specification.manifest().model().digest(),
                                (System.nanoTime() - begun) / 1_000_000));
        return model;
    }

    private static int fail(Throwable cause, PrintStream out) {
        var failure = Failures.of(cause);
        if (failure.reason() == FailureReason.Internal) {
            // Where it was, and not what it said, which may quote a document.
            LOG.log(System.Logger.Level.ERROR, "failed, which is a bug at={0}", frames(cause));
        }
        out.println(lastLine(failure));
        return failure.retryable() ? RETRY : WAIT_FOR_USER;
    }

    private static String frames(Throwable cause) {
        var frames = new StringJoiner(" < ");
        for (var at = cause; at != null; at = at.getCause()) {
            frames.add(at.getClass().getName());
            Arrays.stream(at.getStackTrace()).limit(MOST_FRAMES).forEach(frame -> frames.add(frame.toString()));
        }
        return frames.toString();
    }

    private static RunSpecification read(Path file) {
        try {
            return ManifestJson.mapper().readValue(Files.readAllBytes(file), RunSpecification.class);
        } catch (IOException e) {
            throw new UncheckedIOException("the run's specification can't be read", e);
        }
    }

    private static String lastLine(Failure failure) {
        try {
            return ManifestJson.mapper()
                    .writeValueAsString(Map.of(
                            "reason", failure.reason().name(),
                            "message", failure.message(),
                            "retryable", failure.retryable()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
