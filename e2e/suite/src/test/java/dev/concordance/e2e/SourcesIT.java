package dev.concordance.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import dev.concordance.localcluster.servers.DatabaseProcess;
import dev.concordance.localcluster.servers.IndexSnapshot;
import dev.concordance.manifest.BundledModel;
import dev.concordance.manifest.Chunking;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.SourceManifest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each kind of source on a real cluster: documents are added, changed, renamed and removed, and the source goes away while it is
 * read and comes back. After each step the index holds all that a build from nothing would.
 */
class SourcesIT {
    private static final String CORPUS = "handbook";
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String INVOICES = "---\nteam: finance\n---\n# Billing\n\n## Invoices\n\n";
    private static final String TRAVEL = "# Travel\n\n## Trains\n\nTrains are preferred to flights below six hours.\n";

    private final Cluster cluster = Cluster.shared();
    private final String namespace = cluster.namespace("sources");
    private int runs;

    @TempDir
    private Path folder;

    @Test
    @Execution(CONCURRENT)
    void followsARepository() {
        try (var place = new GitPlace(folder)) {
            follow(place, "SourceUnreachable");
        }
    }

    @Test
    @Execution(CONCURRENT)
    void followsAVolume() {
        try (var place = new VolumePlace(cluster, namespace, folder)) {
            follow(place, "SourceEmpty");
        }
    }

    @Test
    @Execution(CONCURRENT)
    void followsABucket() {
        try (var place = new BucketPlace(cluster, namespace, folder)) {
            follow(place, "SourceUnreachable");
        }
    }

    @Test
    @Execution(CONCURRENT)
    void followsAWebsite() {
        try (var place = new WebPlace()) {
            follow(place, "SourceUnreachable");
        }
    }

    @ParameterizedTest
    @Execution(CONCURRENT)
    @EnumSource(DatabaseProcess.Kind.class)
    void followsATable(DatabaseProcess.Kind kind) {
        try (var place = new DatabasePlace(kind, cluster, namespace, folder)) {
            follow(place, "SourceUnreachable");
        }
    }

    @Test
    @Execution(CONCURRENT)
    void followsATopic() {
        try (var place = new KafkaPlace(cluster, namespace, folder)) {
            follow(place, "SourceUnreachable");
        }
    }

    @Test
    @Execution(CONCURRENT)
    void followsWhatIsPushed() {
        try (var place = new PushPlace(cluster, namespace, CORPUS, folder)) {
            follow(place, "SourceEmpty");
        }
    }

    @Test
    @Execution(CONCURRENT)
    void followsAConfigMap() {
        try (var place = new ConfigMapPlace(cluster, namespace, folder)) {
            place.write("cafe.md", "# Café\n\nLe café ouvre à huit heures.\n".getBytes(StandardCharsets.ISO_8859_1));
            follow(place, "ReferenceMissing");
        }
    }

    private void follow(Place place, String outage) {
        place.write("billing.md", INVOICES + "Invoices are sent on the first day of a month.\n");
        place.write("travel.md", TRAVEL);
        declare(place);
        place.declared();
        var fresh = freshBuild(place);
        assertFollows(place, fresh, "the first build");
        place.write("leave.md", "# Leave\n\n## Holidays\n\nEverybody takes thirty days of holidays in a year.\n");
        assertFollows(place, fresh, "an addition");
        place.write("billing.md", INVOICES + "Invoices are sent by carrier pigeon on Mondays.\n");
        assertFollows(place, fresh, "a change");
        place.rename("travel.md", "journeys.md", TRAVEL);
        assertFollows(place, fresh, "a new name");
        place.remove("leave.md");
        assertFollows(place, fresh, "a removal");

        var before = indexed();
        place.fail();
        if (!place.isWatched()) {
            startRun();
        }
        Cluster.await(LIMIT, outage + " is told", () -> isTold(outage), this::told);
        assertThat(indexed()).as("nothing is deleted for an outage").isEqualTo(before);
        place.recover();
        place.write("late.md", "# Late\n\nWritten after the outage.\n");
        assertFollows(place, fresh, "the recovery");
        assertThat(indexed().documents().keySet()).anyMatch(id -> id.endsWith("late.md"));
        cluster.awaitReady("corpus", namespace, CORPUS);
        cluster.kubectl().run("delete", "corpus", CORPUS, "-n", namespace, "--timeout=60s");
    }

    private void declare(Place place) {
        var template = place.uriTemplate() == null ? "" : "\nuriTemplate: \"" + place.uriTemplate() + "\"";
        cluster.apply(Manifests.corpus(
                namespace, CORPUS, place.declaration().strip() + template, "freshness: {maxStaleness: 1d}"));
        cluster.awaitReady("corpus", namespace, CORPUS);
    }

    private FreshBuild freshBuild(Place place) {
        return new FreshBuild(
                cluster.local().elasticsearchUrl(),
                new IndexNames("fresh", namespace, CORPUS),
                new SourceManifest("site", place.location(), List.of(), List.of(), place.uriTemplate(), null),
                new Chunking.ByHeadings(256, 32, "{title} > {headings}"),
                BundledModel.ALL_MINILM_L6_V2_Q.manifest(),
                place.mounts(),
                folder.resolve("fresh"));
    }

    private void assertFollows(Place place, FreshBuild fresh, String step) {
        var expected = fresh.nextWithEverything().documents();
        if (!place.isWatched()) {
            cluster.awaitReady("ingestionrun", namespace, startRun());
            assertThat(indexed().documents()).as(step).isEqualTo(expected);
        }
        Cluster.await(LIMIT, step, () -> indexed().documents().equals(expected), this::told);
    }

    private String startRun() {
        var name = "sync-" + ++runs;
        cluster.apply(Manifests.ingestionRun(namespace, name, CORPUS));
        return name;
    }

    private IndexSnapshot indexed() {
        return cluster.indexedWithEverything(namespace, CORPUS);
    }

    /** By the corpus; or, which is earlier, by a run that is going to try again. */
    private boolean isTold(String reason) {
        return Stream.of("corpus", "ingestionrun")
                .flatMap(kind -> cluster.list(kind, namespace).stream())
                .flatMap(object -> object.path("status").path("conditions").valueStream())
                .anyMatch(condition -> condition.path("reason").asText().equals(reason));
    }

    private String told() {
        return cluster.kubectl().run("describe", "corpora,ingestionruns,pods", "-n", namespace);
    }
}
