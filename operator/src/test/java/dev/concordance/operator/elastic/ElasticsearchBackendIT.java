package dev.concordance.operator.elastic;

import dev.concordance.localcluster.servers.ElasticsearchProcess;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.ManifestJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** The real Elasticsearch keeps the contract. */
final class ElasticsearchBackendIT implements SearchBackendContract {
    private static ElasticsearchProcess elasticsearch;
    private static SearchBackend backend;

    private IndexNames names;

    @BeforeAll
    static void start(@TempDir Path home) {
        elasticsearch = ElasticsearchProcess.start(ElasticsearchProcess.Options.forTest(home));
        backend = new ElasticsearchBackend(
                new ConnectionSettings(List.of(elasticsearch.url().toString()), null, null, Duration.ofSeconds(10)));
    }

    @AfterAll
    static void stop() {
        backend.close();
        elasticsearch.close();
    }

    @BeforeEach
    void nameAfterTheTest(TestInfo test) {
        names = new IndexNames(
                "cc", "docs", test.getTestMethod().orElseThrow().getName().toLowerCase(java.util.Locale.ROOT));
    }

    @Override
    public SearchBackend backend() {
        return backend;
    }

    @Override
    public IndexNames names() {
        return names;
    }

    @Override
    public void put(IndexNames to, String id, Object document) {
        try {
            send("PUT", "/" + to.ledger() + "/_doc/" + id, ManifestJson.mapper().writeValueAsString(document));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void lose(IndexNames of, String index) {
        send("DELETE", "/" + index, null);
    }

    private static void send(String method, String path, @Nullable String body) {
        try (var rest = new RestCalls(
                new ConnectionSettings(List.of(elasticsearch.url().toString()), null, null, Duration.ofSeconds(10)))) {
            rest.send(method, path, body);
        }
    }
}
