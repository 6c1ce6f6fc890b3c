package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.manifest.ElasticsearchAccess;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.RemoteParser.Format;
import dev.concordance.manifest.RunMode;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.RemoteParsers;
import java.util.List;
import java.util.concurrent.ThreadPoolExecutor;
import org.junit.jupiter.api.Test;

class ThreadsTest {
    private static final SourceManifest BUCKET = new SourceManifest(
            "bucket",
            new SourceManifest.S3(
                    "docs", "", null, "us-east-1", false, null, false, null, SourceManifest.RateLimit.NONE, null),
            List.of(),
            List.of(),
            null,
            null);

    @Test
    void readsFilesOneByOne() {
        assertThat(readers(Corpora.manifest(1), Corpora.volume("files", null))).isEqualTo(1);
    }

    @Test
    void readsSeveralObjectsOfAStoreAtATime() {
        assertThat(readers(Corpora.manifest(1), Corpora.volume("files", null), BUCKET))
                .isEqualTo(8);
    }

    @Test
    void readsAsManyDocumentsAtATimeAsARemoteParserIsAskedFor() {
        var parser = RemoteParsers.at("http://127.0.0.1:1", null, List.of(Format.PDF));
        assertThat(readers(Corpora.manifest(1).with(parser), Corpora.volume("files", null)))
                .isEqualTo(parser.access().concurrentRequests());
    }

    private static int readers(GenerationManifest manifest, SourceManifest... sources) {
        var specification = new RunSpecification(
                "r1",
                RunMode.Incremental,
                new IndexNames("cc", "docs", "handbook"),
                manifest,
                List.of(),
                List.of(sources),
                new ElasticsearchAccess(List.of(), null, null),
                Corpora.LIMITS,
                Corpora.UNGUARDED);
        try (var threads = Threads.reading(specification)) {
            return ((ThreadPoolExecutor) threads).getMaximumPoolSize();
        }
    }
}
