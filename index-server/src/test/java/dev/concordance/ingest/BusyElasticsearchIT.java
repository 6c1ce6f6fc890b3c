package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.embedding.Embedders;
import dev.concordance.embedding.ModelFiles;
import dev.concordance.http.VirtualTime;
import dev.concordance.localcluster.servers.EmbeddingEndpoint;
import dev.concordance.localcluster.servers.IndexSnapshot;
import dev.concordance.localcluster.servers.RecordingProxy;
import dev.concordance.localcluster.servers.RecordingProxy.Disturbance;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.RemoteModel;
import dev.concordance.manifest.RunReport.Counts;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.Guides;
import dev.concordance.testing.NoModel;
import dev.concordance.testing.RemoteModels;
import dev.concordance.testing.SharedNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run whose texts are paid for, in front of an Elasticsearch that refuses one of its requests, whichever that is. */
class BusyElasticsearchIT {
    private static final int DOCUMENTS = 3;

    private RecordingProxy proxy;
    private EmbeddingEndpoint endpoint;
    private RemoteModel model;
    private Corpora corpus;

    @TempDir
    private Path folder;

    @BeforeEach
    void makeACorpus() throws IOException {
        proxy = RecordingProxy.start(SharedNode.url());
        endpoint = EmbeddingEndpoint.start();
        model = RemoteModels.priced(RemoteModels.openAi(endpoint), "2.5", "1000");
        corpus = new Corpora(
                SharedNode.url(),
                new NoModel(),
                Corpora.volume("files", null),
                Files.createDirectories(folder.resolve("data")),
                folder.resolve("work"),
                new IndexNames("cc", "busy", "handbook"));
    }

    @AfterEach
    void stop() {
        proxy.close();
        endpoint.close();
    }

    @Test
    void doesTheSameWhicheverRequestElasticsearchRefusesOnce() throws IOException {
        var generation = 0;
        for (var refused = true; refused; ) {
            generation++;
            for (var i = 0; i < DOCUMENTS; i++) {
                corpus.write("d%d.md".formatted(i), "# Title\n\nNumber %d of %d.\n".formatted(i, generation));
            }
            var manifest = Guides.with(Corpora.manifest(generation), model);
            corpus.create(manifest);
            proxy.forget();
            proxy.calm();
            endpoint.forget();
            refused = isRefused(generation, manifest);
        }
        assertThat(generation).as("requests of a run").isGreaterThan(20);
    }

    private boolean isRefused(int request, GenerationManifest manifest) {
        var seen = new AtomicInteger();
        proxy.disturb(call -> seen.incrementAndGet() == request, 1, Disturbance.Refuse.with(429));
        var counts = run("run-" + request, manifest);
        assertThat(counts.added()).as("refused at request %d", request).isEqualTo(DOCUMENTS);
        assertThat(counts.embedded()).as("refused at request %d", request).isEqualTo(DOCUMENTS);
        assertThat(counts.quarantined() + counts.pendingEmbeddings()).isZero();
        assertThat(endpoint.texts())
                .as("refused at request %d", request)
                .hasSize(DOCUMENTS)
                .doesNotHaveDuplicates();
        assertThat(IndexSnapshot.of(SharedNode.url(), corpus.names().generation(request))
                        .chunks())
                .isEqualTo(DOCUMENTS);
        // Whoever embeds these texts next finds them.
        try (var connection = corpus.connection()) {
            var again = Guides.with(Corpora.manifest(1_000), model);
            corpus.create(again);
            assertThat(run("again-" + request, again).embedded())
                    .as("refused at request %d", request)
                    .isZero();
            for (var number : List.of(request, 1_000)) {
                connection.send(
                        "DELETE",
                        "/" + corpus.names().generation(number) + ","
                                + corpus.names().manifest(number),
                        null);
            }
        }
        return seen.get() >= request;
    }

    private Counts run(String name, GenerationManifest manifest) {
        var specification = corpus.specification(name, manifest, List.of(), List.of(corpus.source()));
        try (var connection = patient()) {
            return new Ingestion(
                            specification,
                            connection,
                            corpus::open,
                            purse -> Embedders.open(model, ModelFiles.bundledOnly(), purse),
                            corpus.workspace(),
                            Clock.systemUTC(),
                            new StopSignal())
                    .run();
        }
    }

    private ElasticsearchConnection patient() {
        return corpus.through(proxy.url()).connection().patient(new VirtualTime());
    }
}
