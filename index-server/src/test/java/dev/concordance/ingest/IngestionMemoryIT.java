package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.localcluster.servers.ElasticsearchProcess;
import dev.concordance.localcluster.servers.EmbeddingEndpoint;
import dev.concordance.manifest.BundledModel;
import dev.concordance.manifest.Chunking;
import dev.concordance.manifest.EmbeddingModelManifest;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.RemoteAccess;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.IngestProcess;
import dev.concordance.testing.LargeSource;
import dev.concordance.testing.NoModel;
import dev.concordance.testing.RemoteModels;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a worker and the process that parses for it need to ingest a source that is larger than their memory, with the options and
 * limits of a Job. With {@code -Dconcordance.source.megabytes=1024} it is the long form; it takes some 6 GB of disk space.
 */
class IngestionMemoryIT {
    private static final long MEGABYTES = Long.getLong("concordance.source.megabytes", 16);
    private static final long MEGABYTES_COMPUTED = Long.getLong("concordance.source.computed.megabytes", 1);
    private static final int POD_MEGABYTES = 2048;
    private static final long MOST_MEGABYTES = 700;
    private static final Duration LIMIT = Duration.ofMinutes(60);
    /** Long chunks, so that a gigabyte takes Elasticsearch minutes and not hours. */
    private static final Chunking LONG = new Chunking.ByTokens(448, 0, "{title} > {headings}");

    private static final Chunking DEFAULT = new Chunking.ByHeadings(256, 32, "{title} > {headings}");

    @TempDir
    private Path folder;

    @Test
    void ingestsALargeSourceInLittleMemoryWithARemoteModel() throws Exception {
        try (var endpoint = EmbeddingEndpoint.start()) {
            endpoint.observe(texts -> endpoint.forget());
            // What holds where nothing is declared.
            var limits = new RemoteAccess.Limits(32, 8_192, 4, 0, 0, 60_000, 400);
            ingest("remote", MEGABYTES, LONG, RemoteModels.limited(RemoteModels.openAi(endpoint), limits));
        }
    }

    @Test
    void ingestsInLittleMemoryWithTheBundledModel() throws Exception {
        ingest("bundled", MEGABYTES_COMPUTED, DEFAULT, BundledModel.BGE_SMALL_EN_V1_5_Q.manifest());
    }

    private void ingest(String name, long megabytes, Chunking chunking, EmbeddingModelManifest model) throws Exception {
        try (var node =
                ElasticsearchProcess.start(ElasticsearchProcess.Options.forMeasurement(folder.resolve("node")))) {
            var corpus = Corpora.in(folder.resolve(name), node.url(), new NoModel(), null);
            var documents = LargeSource.write(corpus.mount(), megabytes << 20, 1);
            var manifest = new GenerationManifest(1, GenerationManifest.PIPELINE, chunking, model, 1, List.of());
            corpus.create(manifest);
            var given = corpus.specification(name, manifest, List.of(), List.of(corpus.source()));
            var begun = System.nanoTime();
            try (var process = IngestProcess.startAsInPod(
                    limited(given), corpus.workspace(), List.of("data=" + corpus.mount()), POD_MEGABYTES)) {
                assertThat(process.exitCode(LIMIT))
                        .as(String.join("\n", process.log()))
                        .isZero();
                var counts = corpus.ledger("run-" + name).path("counts");
                System.out.printf(
                        "%s: %d MB, %d documents, %s in %.0f s; at most %d MiB, of it the worker %d MiB, the process that parses %d MiB at most%n",
                        name,
                        megabytes,
                        documents,
                        counts,
                        Duration.ofNanos(System.nanoTime() - begun).toMillis() / 1e3,
                        process.peakTogetherMegabytes(),
                        process.peakMegabytes(),
                        process.peakOfChildrenMegabytes());
                assertThat(counts.path("added").asInt()).isEqualTo(documents);
                assertThat(process.peakTogetherMegabytes()).isLessThanOrEqualTo(MOST_MEGABYTES);
            }
        }
    }

    /** As the operator gives them where nothing is declared. */
    private static RunSpecification limited(RunSpecification given) {
        return Corpora.limited(given, new RunSpecification.Limits(10 << 20, 10_000, 100, 0));
    }
}
