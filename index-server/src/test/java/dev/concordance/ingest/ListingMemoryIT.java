package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.index.ManifestRecord;
import dev.concordance.index.ManifestRecord.State;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.source.LargeBucket;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.IngestProcess;
import dev.concordance.testing.NoModel;
import dev.concordance.testing.SharedNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a worker needs to find out that nothing has changed in a large bucket, with the options and limits of a Job. With {@code -Dconcordance.keys=1000000} it is
 * the long form.
 */
class ListingMemoryIT {
    private static final int KEYS = Integer.getInteger("concordance.keys", 50_000);
    private static final int AT_ONCE = 5_000;
    private static final int POD_MEGABYTES = 2048;
    private static final long MOST_MEGABYTES = 300;

    @TempDir
    private Path folder;

    @Test
    void comparesALargeListingWithALargeManifestInLittleMemory() throws Exception {
        try (var bucket = LargeBucket.of(KEYS)) {
            var source = Corpora.bucket("manuals", "large", bucket.url());
            var corpus = Corpora.in(folder, SharedNode.url(), new NoModel(), null);
            var manifest = Corpora.manifest(1);
            corpus.create(manifest);
            try (var connection = corpus.connection()) {
                record(connection, corpus.names().manifest(1), source);
            }
            // As the operator gives them where nothing is declared.
            var specification = Corpora.limited(
                    corpus.specification("large", manifest, List.of(), List.of(source)),
                    new RunSpecification.Limits(10 << 20, 10_000, 100, 0));
            var begun = System.nanoTime();
            try (var process =
                    IngestProcess.startAsInPod(specification, folder.resolve("work"), List.of(), POD_MEGABYTES)) {
                assertThat(process.exitCode())
                        .as(String.join("\n", process.log()))
                        .isZero();
                System.out.printf(
                        "listed and compared %,d keys in %.1f s with at most %d MiB%n",
                        KEYS, Duration.ofNanos(System.nanoTime() - begun).toMillis() / 1e3, process.peakMegabytes());
                assertThat(process.peakMegabytes()).isLessThanOrEqualTo(MOST_MEGABYTES);
            }
            assertThat(corpus.ledger("run-large")
                            .path("counts")
                            .path("unchanged")
                            .asInt())
                    .isEqualTo(KEYS);
            assertThat(bucket.pages()).isEqualTo((KEYS + 999) / 1_000);
        }
    }

    /** As if a run had indexed all of them. */
    private static void record(ElasticsearchConnection connection, String index, SourceManifest source)
            throws Exception {
        for (var from = 0; from < KEYS; from += AT_ONCE) {
            var bulk = new ByteArrayOutputStream();
            for (var number = from; number < Math.min(KEYS, from + AT_ONCE); number++) {
                var record = new ManifestRecord(
                        source.name(),
                        LargeBucket.key(number),
                        LargeBucket.changeKey(number) + "/" + source.settingsDigest(),
                        "%032x".formatted(number),
                        "%032x".formatted(number),
                        1,
                        1,
                        9,
                        null,
                        0,
                        State.Indexed,
                        null,
                        null,
                        null,
                        null);
                bulk.write(
                        "{\"index\":{\"_id\":\"%s\"}}\n".formatted(record.key()).getBytes(StandardCharsets.UTF_8));
                bulk.write(ManifestJson.mapper().writeValueAsBytes(record));
                bulk.write('\n');
            }
            var answer = connection.send("POST", "/" + index + "/_bulk", bulk.toByteArray());
            assertThat(answer.json().path("errors").asBoolean()).isFalse();
        }
        connection.send("POST", "/" + index + "/_refresh", null);
    }
}
