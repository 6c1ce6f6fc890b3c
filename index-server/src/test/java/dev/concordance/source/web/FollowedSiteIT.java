package dev.concordance.source.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.localcluster.servers.IndexSnapshot;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.Follower;
import dev.concordance.testing.SharedNode;
import dev.concordance.testing.SmallModel;
import dev.concordance.testing.Stopwatch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A website that is followed, by a clock that the test puts forward. */
class FollowedSiteIT {
    private static final int PAGES = 4;
    private static final Duration STALENESS = Duration.ofSeconds(50);
    /** A fifth of it is ten seconds. */
    private static final Duration TOO_EARLY = Duration.ofSeconds(9);

    private static final Duration IN_TIME = Duration.ofSeconds(4);
    private static final GenerationManifest MANIFEST = Corpora.manifest(1);

    private final TestSite site = TestSite.start();
    private final Stopwatch clock = new Stopwatch();
    private Corpora corpus;
    private Follower follower;

    @TempDir
    private Path folder;

    @BeforeEach
    void follow() throws Exception {
        site.links("/", IntStream.range(0, PAGES).mapToObj("/p%d"::formatted).toArray(String[]::new));
        for (var page = 0; page < PAGES; page++) {
            site.page("/p" + page, "<main><h1>Page %1$d</h1><p>The words of page %1$d.</main>".formatted(page));
        }
        corpus = corpus();
        corpus.create(MANIFEST);
        var specification =
                Corpora.following(corpus.specification("f1", MANIFEST, List.of(), List.of(corpus.source())), STALENESS);
        follower = new Follower(stop -> corpus.follow(specification, clock, stop));
        awaitDocuments(PAGES + 1);
        follower.until(() -> report("phase").equals("Following"));
    }

    @AfterEach
    void stop() {
        follower.close();
        site.close();
    }

    @Test
    void isWalkedOnceEachTenSecondsWithoutAPageBeingSentAgain() throws Exception {
        site.forget();
        for (var walk = 1; walk <= 3; walk++) {
            clock.passSeen(TOO_EARLY);
            assertThat(site.requests()).as("before the interval ends").hasSize((walk - 1) * (PAGES + 1));
            walkAgain(walk * (PAGES + 1));
        }
        clock.passSeen(TOO_EARLY);
        assertThat(site.requests()).hasSize(3 * (PAGES + 1));
        assertThat(site.bodies()).as("pages that were sent again").isZero();
        assertThat(site.allRequests().size() - site.requests().size())
                .as("a look into robots.txt with each walk")
                .isEqualTo(3);
        follower.end();
    }

    @Test
    void changesAndDeletesWhatTheSiteDoes() throws Exception {
        site.page("/p1", "<main><h1>Page 1</h1><p>Other words.</main>");
        site.links("/", "/p0", "/p1", "/p2", "/new");
        site.page("/new", "<main>New words.</main>");
        site.status("/p2", 404);
        clock.pass(TOO_EARLY.plus(IN_TIME));
        follower.until(() -> snapshot(corpus).documents().toString().contains("Other words."));
        awaitDocuments(PAGES);
        follower.end();
        assertThat(snapshot(corpus).documents().toString())
                .contains("New words.")
                .doesNotContain("The words of page 2.", "The words of page 3.");
        assertThat(snapshot(corpus)).isEqualTo(fresh());
    }

    @Test
    void keepsWhatASiteHadThatIsAwayAndGoesOnWhenItIsBack() throws Exception {
        var before = snapshot(corpus);
        var fresh = state("freshAsOf");
        site.put("/", exchange -> {
            exchange.getResponseHeaders().set("Retry-After", "120");
            exchange.sendResponseHeaders(503, -1);
        });
        clock.pass(TOO_EARLY.plus(IN_TIME));
        follower.until(() ->
                corpus.ledger("run-f1").path("failure").path("reason").asText().equals("SourceUnreachable"));
        clock.passSeen(Duration.ofMinutes(2));
        assertThat(snapshot(corpus)).isEqualTo(before);
        assertThat(state("freshAsOf"))
                .as("answers are as old as the last whole walk")
                .isEqualTo(fresh);

        site.links("/", "/p0", "/p1", "/p2");
        site.page("/p0", "<main>Back again.</main>");
        clock.pass(Duration.ofMinutes(2));
        follower.until(() -> !corpus.ledger("run-f1").has("failure"));
        awaitDocuments(PAGES);
        follower.until(() -> state("freshAsOf").compareTo(fresh) > 0);
        follower.end();
        assertThat(snapshot(corpus)).isEqualTo(fresh());
    }

    /** Lets the interval end, and waits for so many requests in all. */
    private void walkAgain(int requests) throws Exception {
        clock.pass(IN_TIME);
        follower.until(() -> site.requests().size() >= requests);
    }

    private void awaitDocuments(long documents) throws Exception {
        follower.until(() -> state("documents").equals(String.valueOf(documents)));
    }

    private String state(String field) {
        return corpus.ledger("generation-1").path(field).asText();
    }

    private String report(String field) {
        return corpus.ledger("run-f1").path(field).asText();
    }

    private IndexSnapshot fresh() throws IOException {
        var other = corpus();
        other.create(MANIFEST);
        other.run("fresh", MANIFEST, List.of());
        return snapshot(other);
    }

    private Corpora corpus() throws IOException {
        var made = Corpora.in(folder, SharedNode.url(), SmallModel.get(), null);
        var web = new SourceManifest.Web(
                List.of(site.url("/")), List.of(), List.of(), 5, 100, 10, null, null, null, true);
        return new Corpora(
                made.elasticsearch(),
                made.model(),
                new SourceManifest("site", web, List.of(), List.of(), null, null),
                made.mount(),
                made.workspace(),
                made.names());
    }

    private static IndexSnapshot snapshot(Corpora of) {
        return IndexSnapshot.of(SharedNode.url(), of.names().generation(1));
    }
}
