package dev.concordance.ingest;

import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.embedding.Embedders;
import dev.concordance.embedding.ModelFiles;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.RunReport.Failure;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.source.Sources;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;

/** The verb {@code ingest}: does the run that a mounted specification describes. */
public final class IngestCommand {
    private static final System.Logger LOG = System.getLogger(IngestCommand.class.getName());
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(60);
    private static final int SUCCEEDED = 0;
    private static final int RETRY = 1;
    private static final int WAIT_FOR_USER = 2;

    private IngestCommand() {}

    /**
     * Does the run.
     *
     * @param mounts folder of a mount by its name
     * @param out takes as its last line, if the run fails, why: {@code {"reason": …, "message": …}}
     * @return the exit code: 0, or 1 if it's worth another try, or 2 if only the user can help
     */
    public static int run(Path specificationFile, Path workspace, Function<String, Path> mounts, PrintStream out) {
        try {
            var specification = read(specificationFile);
            var maxBytes = specification.limits().maxDocumentBytes();
            try (var elasticsearch =
                    ElasticsearchConnection.open(specification.elasticsearch(), mounts, REQUEST_TIMEOUT)) {
                var files = new ModelFiles(mounts);
                var counts = new Ingestion(
                                specification,
                                elasticsearch,
                                source -> Sources.open(source, mounts, workspace, maxBytes),
                                () -> Embedders.open(specification.manifest().model(), files),
                                Clock.systemUTC())
                        .run();
                LOG.log(System.Logger.Level.INFO, "done run={0} {1}", specification.run(), counts);
                return SUCCEEDED;
            }
        } catch (RuntimeException e) {
            var failure = Failures.of(e);
            if (failure.reason() == FailureReason.Internal) {
                LOG.log(System.Logger.Level.ERROR, "failed", e);
            }
            out.println(lastLine(failure));
            return failure.retryable() ? RETRY : WAIT_FOR_USER;
        }
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
