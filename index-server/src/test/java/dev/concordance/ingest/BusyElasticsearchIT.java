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
            write("", generation);
            var manifest = manifest(generation);
            corpus.create(manifest);
            proxy.forget();
            proxy.calm();
            endpoint.forget();
            refused = isRefused(generation, manifest);
            delete(generation);
        }
        assertThat(generation).as("requests of a run").isGreaterThan(20);
        assertFound(generation);
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
        return seen.get() >= request;
    }

    /** Whoever embeds the texts of all these runs next is asked to pay for none. */
    private void assertFound(int runs) throws IOException {
        // Those of the last one are there.
        for (var run = 1; run < runs; run++) {
            write(run + "-", run);
        }
        proxy.calm();
        endpoint.forget();
        var again = manifest(runs + 1);
        corpus.create(again);
        var counts = run("again", again);
        assertThat(counts.added()).isEqualTo(runs * DOCUMENTS);
        assertThat(counts.embedded() + counts.pendingEmbeddings()).isZero();
        assertThat(endpoint.texts()).isEmpty();
        delete(runs + 1);
    }

    private void write(String prefix, int run) throws IOException {
        for (var i = 0; i < DOCUMENTS; i++) {
            corpus.write("%sd%d.md".formatted(prefix, i), "# Title\n\nNumber %d of %d.\n".formatted(i, run));
        }
    }

    private GenerationManifest manifest(int generation) {
        return Guides.with(Corpora.manifest(generation), model);
    }

    private void delete(int generation) throws IOException {
        try (var connection = corpus.connection()) {
            var names = corpus.names();
            connection.send("DELETE", "/" + names.generation(generation) + "," + names.manifest(generation), null);
        }
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
