package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.localcluster.servers.IndexSnapshot;
import dev.concordance.manifest.RunReport;
import dev.concordance.manifest.RunReport.Counts;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.SharedNode;
import dev.concordance.testing.SmallModel;
import dev.concordance.testing.TestBucket;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bucket that lists objects and doesn't give some of them: the others go on, and these come when they are given. */
final class RefusedObjectsIT {
    @TempDir
    private Path folder;

    private final TestBucket bucket = new TestBucket(1_000);
    private final Map<String, String> objects = bucket.objects();
    /** Codes of errors by keys. */
    private final Map<String, String> refused = new ConcurrentHashMap<>();

    /** Keys of objects that break off in the middle. */
    private final Set<String> halved = ConcurrentHashMap.newKeySet();

    private Corpora corpus;
    private SourceManifest source;
    private int runs;

    @BeforeEach
    void start() throws IOException {
        bucket.fail((asked, usual) -> {
            var key = TestBucket.key(asked);
            var code = refused.get(key);
            if (code != null) {
                return TestBucket.Reply.error(403, code);
            }
            return halved.contains(key)
                    ? usual.with(usual.body().substring(0, usual.body().length() / 2))
                    : usual;
        });
        source = Corpora.bucket("docs", TestBucket.NAME, bucket.serve());
        corpus = Corpora.in(folder, SharedNode.url(), SmallModel.get(), null);
        corpus.create(Corpora.manifest(1));
    }

    @AfterEach
    void stop() {
        bucket.close();
    }

    @Test
    void areQuarantinedAndTriedAgainThoughTheListingStaysAsItWas() {
        objects.putAll(Map.of("a.md", "Words of a.", "archived.md", "Old words.", "secret.md", "Words of few."));
        refused.putAll(Map.of("archived.md", "InvalidObjectState", "secret.md", "AccessDenied"));
        var first = run();
        assertThat(first.added()).isEqualTo(1);
        assertThat(quarantine())
                .containsOnlyKeys("archived.md", "secret.md")
                .hasEntrySatisfying("archived.md", told -> assertThat(told).contains("SourceRefused", "restore it"))
                .hasEntrySatisfying("secret.md", told -> assertThat(told).contains("SourceRefused", "s3:GetObject"));
        assertThat(run().quarantined()).isEqualTo(2);

        refused.clear();
        assertThat(run().added()).isEqualTo(2);
        assertThat(indexed()).isEqualTo(Set.of("docs:a.md", "docs:archived.md", "docs:secret.md"));
        assertThat(run().unchanged()).isEqualTo(3);
    }

    @Test
    void areNoLongerFoundWhereTheyHaveChangedAndComeBack() {
        objects.putAll(Map.of("a.md", "Words of a.", "b.md", "Words of b."));
        run();
        refused.put("b.md", "AccessDenied");
        assertThat(run().unchanged()).as("nobody asks for what has not changed").isEqualTo(2);
        objects.put("b.md", "Other words of b.");
        assertThat(run().quarantined()).isEqualTo(1);
        assertThat(indexed()).isEqualTo(Set.of("docs:a.md"));
        refused.clear();
        run();
        assertThat(indexed()).isEqualTo(Set.of("docs:a.md", "docs:b.md"));
    }

    /** That the key isn't known any more says nothing of the object. */
    @Test
    void stayAsTheyWereWhereTheStoreRefusesWhoeverAsks() {
        objects.putAll(Map.of("a.md", "Words of a.", "b.md", "Words of b."));
        run();
        objects.put("b.md", "Other words of b.");
        refused.put("b.md", "InvalidAccessKeyId");
        assertThatThrownBy(this::run).hasMessageContaining("1 documents could not be read and stay as they were");
        assertThat(indexed()).isEqualTo(Set.of("docs:a.md", "docs:b.md"));
    }

    @Test
    void stayAsTheyWereWhereHalfOfThemIsSent() {
        source = new SourceManifest(
                source.name(),
                source.location(),
                List.of(),
                List.of(),
                null,
                new SourceManifest.JsonLines("id", null, "text", null, List.of()));
        var lines = "{\"id\": 1, \"text\": \"One.\"}\n{\"id\": 2, \"text\": \"Two.\"}\n";
        objects.putAll(Map.of("a.md", "Words of a.", "faq.jsonl", lines));
        assertThat(run().added()).isEqualTo(3);
        var before = snapshot();
        halved.add("faq.jsonl");
        assertThatThrownBy(this::run)
                .hasMessageContaining("bytes of faq.jsonl")
                .hasMessageContaining("nothing was changed");
        assertThat(snapshot()).isEqualTo(before);
        halved.clear();
        halved.add("a.md");
        objects.put("a.md", "Words of a, which are other ones and more.");
        assertThatThrownBy(this::run).hasMessageContaining("1 documents could not be read and stay as they were");
        assertThat(snapshot()).isEqualTo(before);
        halved.clear();
        assertThat(run().updated()).isEqualTo(1);
    }

    private Map<String, ?> snapshot() {
        return IndexSnapshot.of(SharedNode.url(), corpus.names().generation(1)).documents();
    }

    private Counts run() {
        return corpus.run(corpus.specification("r" + ++runs, Corpora.manifest(1), List.of(), List.of(source)));
    }

    private Map<String, String> quarantine() {
        var told = new TreeMap<String, String>();
        corpus.ledger(RunReport.id("r" + runs))
                .path("quarantined")
                .forEach(one -> told.put(one.path("documentId").asText(), one.toString()));
        return told;
    }

    private Set<String> indexed() {
        return IndexSnapshot.of(SharedNode.url(), corpus.names().generation(1))
                .documents()
                .keySet();
    }
}
