package dev.concordance.ingest;

import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.embedding.Embedder;
import dev.concordance.embedding.Embedders;
import dev.concordance.embedding.ModelFiles;
import dev.concordance.embedding.remote.Purse;
import dev.concordance.index.Shard;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.RunMode;
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
import java.util.StringJoiner;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The verb {@code ingest}: does the run that a mounted specification describes. */
public final class IngestCommand {
    private static final System.Logger LOG = System.getLogger(IngestCommand.class.getName());
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(60);
    private static final int MOST_FRAMES = 12;
    private static final int SUCCEEDED = 0;
    private static final int RETRY = 1;
    private static final int WAIT_FOR_USER = 2;

    private IngestCommand() {}

    /**
     * Does the run.
     *
     * @param mounts folder of a mount by its name
     * @param out takes as its last line, if the run fails, why: {@code {"reason": …, "message": …}}
     * @param shard that is prepared; null: the run itself is done
     * @param stop given when the worker is told to end
     * @return the exit code: 0, or 1 if it's worth another try, or 2 if only the user can help
     */
    public static int run(
            Path specificationFile,
            @Nullable Shard shard,
            Path workspace,
            Function<String, Path> mounts,
            PrintStream out,
            StopSignal stop) {
        try {
            var read = read(specificationFile);
            var specification = shard == null ? read : read.dividedBy(shard.count());
            var maxBytes = specification.limits().maxDocumentBytes();
            var parser = specification.manifest().parser();
            try (var elasticsearch =
                    ElasticsearchConnection.open(specification.elasticsearch(), mounts, REQUEST_TIMEOUT)) {
                var reading = new Reading(
                        mounts,
                        workspace,
                        maxBytes,
                        path -> Parser.isPassedOver(path) && !ParsingService.addsDocument(parser, path),
                        Reading.Inbox.of(elasticsearch, specification.names(), Clock.systemUTC()));
                var counts = specification.mode() == RunMode.Erase
                        ? new ErasingRun(specification, elasticsearch, workspace, Clock.systemUTC(), stop).run()
                        : new Ingestion(
                                        specification,
                                        elasticsearch,
                                        source -> Sources.open(source, reading),
                                        purse -> model(specification, new ModelFiles(mounts, workspace), purse),
                                        workspace,
                                        Clock.systemUTC(),
                                        stop,
                                        shard)
                                .parsing(declared -> ParsingService.open(declared, mounts))
                                .run();
                LOG.log(System.Logger.Level.INFO, "done run=%s %s".formatted(specification.run(), counts));
                return SUCCEEDED;
            }
        } catch (RuntimeException | Error e) {
            return fail(e, out);
        }
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
