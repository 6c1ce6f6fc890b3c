package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.localcluster.servers.IndexSnapshot;
import dev.concordance.manifest.RunReport.Counts;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.SharedNode;
import dev.concordance.testing.SmallModel;
import dev.concordance.testing.TestBucket;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bucket that changes while it is listed and read: nothing of it goes wrongly, and the next run is in step. */
final class ChangingBucketIT {
    @TempDir
    private Path folder;

    private final TestBucket bucket = new TestBucket(2);
    private final NavigableMap<String, String> objects = bucket.objects();
    private Corpora corpus;
    private SourceManifest source;
    private int runs;
    /** Happens once, when the first page was listed. */
    private Runnable betweenPages = () -> {};
    /** Happens once, when the next object was given. */
    private Runnable afterReading = () -> {};

    @BeforeEach
    void index() throws IOException {
        source = Corpora.bucket("docs", TestBucket.NAME, bucket.serve());
        bucket.fail(this::goOn);
        corpus = Corpora.in(folder, SharedNode.url(), SmallModel.get(), null);
        corpus.create(Corpora.manifest(1));
        put("a.md", "b.md", "c.md", "d.md", "e.md");
        run();
        assertThat(indexed()).isEqualTo(held());
    }

    @AfterEach
    void stop() {
        bucket.close();
    }

    @Test
    void isInStepAfterKeysHaveComeAndGoneBetweenTwoPages() {
        put("ab.md");
        objects.put("b.md", "Changed before.");
        betweenPages = () -> {
            // Of what has been listed by then.
            objects.keySet().removeAll(List.of("a.md", "ab.md"));
            put("aa.md");
            // Of what has not.
            objects.remove("d.md");
            objects.put("c.md", "Changed meanwhile.");
            put("f.md");
        };
        assertThat(run().deleted()).as("d.md").isEqualTo(1);
        assertThat(indexed())
                .as("what was listed and has gone is as it was, and what came behind is not known yet")
                .isEqualTo(Map.of(
                        "a.md", "Words of a.md.",
                        "b.md", "Changed before.",
                        "c.md", "Changed meanwhile.",
                        "e.md", "Words of e.md.",
                        "f.md", "Words of f.md."));
        run();
        assertThat(indexed()).isEqualTo(held());
        assertThat(run().unchanged()).isEqualTo(objects.size());
    }

    /** Its second listing says nothing else than the first, so that only the reading tells that there was something between. */
    @Test
    void isInStepAfterAnObjectWasAnotherOneOnlyWhenItWasRead() {
        objects.put("a.md", "Listed.");
        betweenPages = () -> objects.put("a.md", "Published by mistake.");
        afterReading = () -> objects.put("a.md", "Listed.");
        run();
        assertThat(indexed()).containsEntry("a.md", "Published by mistake.");
        run();
        assertThat(indexed()).isEqualTo(held());
        assertThat(run().unchanged()).isEqualTo(objects.size());
    }

    private void put(String... keys) {
        for (var key : keys) {
            objects.put(key, "Words of " + key + ".");
        }
    }

    private Counts run() {
        return corpus.run(corpus.specification("r" + ++runs, Corpora.manifest(1), List.of(), List.of(source)));
    }

    private Map<String, String> indexed() {
        return IndexSnapshot.of(SharedNode.url(), corpus.names().generation(1)).documents().entrySet().stream()
                .collect(Collectors.toMap(
                        document -> document.getKey().substring("docs:".length()),
                        document ->
                                String.join(" ", document.getValue().chunks()).strip()));
    }

    private Map<String, String> held() {
        return Map.copyOf(objects);
    }

    private TestBucket.Reply goOn(URI asked, TestBucket.Reply usual) {
        if (!TestBucket.key(asked).isEmpty()) {
            afterReading.run();
            afterReading = () -> {};
        } else if (!TestBucket.isLaterPage(asked)) {
            betweenPages.run();
            betweenPages = () -> {};
        }
        return usual;
    }
}
