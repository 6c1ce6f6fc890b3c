package dev.concordance.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.http.VirtualTime;
import dev.concordance.localcluster.servers.DatabaseProcess.Kind;
import dev.concordance.localcluster.servers.IndexSnapshot;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.manifest.SourceManifest.Jdbc;
import dev.concordance.manifest.SourceManifest.Jdbc.Columns;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.Follower;
import dev.concordance.testing.SharedNode;
import dev.concordance.testing.SmallModel;
import dev.concordance.testing.Stopwatch;
import dev.concordance.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that is followed, by a clock that the test puts forward, with its statements counted. */
class FollowedDatabaseIT {
    private static final Duration STALENESS = Duration.ofSeconds(50);
    /** A fifth of it is ten seconds. */
    private static final Duration TOO_EARLY = Duration.ofSeconds(9);

    private static final Duration IN_TIME = Duration.ofSeconds(4);
    /** The columns, one page of keys, and the count. */
    private static final int STATEMENTS = 3;

    private static final GenerationManifest MANIFEST = Corpora.manifest(1);

    private final Stopwatch clock = new Stopwatch();
    /** A statement a second, of which the first goes at once. */
    private final VirtualTime statements = new VirtualTime();

    @TempDir
    private Path folder;

    private TestDatabase database;
    private Corpora corpus;
    private Follower follower;

    @BeforeEach
    void follow() throws Exception {
        database = TestDatabase.start(Kind.POSTGRESQL, folder.resolve("server"));
        database.run(
                "CREATE TABLE articles (id INT PRIMARY KEY, body TEXT, withdrawn BOOLEAN)",
                "INSERT INTO articles SELECT n, 'The words of row ' || n FROM generate_series(1, 5) n");
        Files.createDirectories(folder.resolve("secret"));
        Files.writeString(folder.resolve("secret/username"), TestDatabase.READER);
        Files.writeString(folder.resolve("secret/password"), TestDatabase.PASSWORD);
        corpus = corpus();
        corpus.create(MANIFEST);
        var specification =
                Corpora.following(corpus.specification("f1", MANIFEST, List.of(), List.of(corpus.source())), STALENESS);
        follower = new Follower(stop -> corpus.follow(specification, this::open, clock, stop));
        awaitDocuments(5);
        follower.until(() -> corpus.ledger("run-f1").path("phase").asText().equals("Following"));
    }

    @AfterEach
    void stop() {
        follower.close();
        database.close();
    }

    @Test
    void isAskedOnceEachTenSecondsAndReadsNoRowThatHasNotChanged() throws Exception {
        var before = asked();
        for (var listing = 1; listing <= 3; listing++) {
            clock.passSeen(TOO_EARLY);
            assertThat(asked() - before).as("before the interval ends").isEqualTo((listing - 1) * (STATEMENTS - 1));
            var wanted = before + listing * (STATEMENTS - 1);
            clock.pass(IN_TIME);
            follower.until(() -> asked() >= wanted);
        }
        clock.passSeen(TOO_EARLY);
        assertThat(asked() - before).isEqualTo(3 * (STATEMENTS - 1));
        follower.end();
    }

    @Test
    void changesAndDeletesWhatTheDatabaseDoes() throws Exception {
        database.run(
                "UPDATE articles SET body = 'Other words' WHERE id = 2",
                "DELETE FROM articles WHERE id IN (3, 4)",
                "INSERT INTO articles VALUES (6, 'New words')");
        clock.pass(TOO_EARLY.plus(IN_TIME));
        awaitDocuments(4);
        follower.end();
        assertThat(snapshot(corpus)).isEqualTo(fresh());
    }

    @Test
    void takesAMarkedRowOutOfTheIndexAndPutsItBack() throws Exception {
        var before = snapshot(corpus);
        database.run("UPDATE articles SET withdrawn = TRUE WHERE id IN (2, 5)");
        clock.pass(TOO_EARLY.plus(IN_TIME));
        awaitDocuments(3);
        follower.until(() -> snapshot(corpus).documents().size() == 3);
        assertThat(snapshot(corpus).documents()).doesNotContainKeys(key(2), key(5));

        database.run(
                "UPDATE articles SET withdrawn = FALSE WHERE id = 2",
                "UPDATE articles SET withdrawn = NULL WHERE id = 5");
        clock.pass(TOO_EARLY.plus(IN_TIME));
        awaitDocuments(5);
        follower.end();
        assertThat(snapshot(corpus)).isEqualTo(before);
    }

    @Test
    void keepsWhatADatabaseHadThatIsAwayAndGoesOnWhenItIsBack() throws Exception {
        var before = snapshot(corpus);
        var fresh = state("freshAsOf");
        database.server().stop();
        clock.pass(TOO_EARLY.plus(IN_TIME));
        follower.until(() ->
                corpus.ledger("run-f1").path("failure").path("reason").asText().equals("SourceUnreachable"));
        assertThat(snapshot(corpus)).isEqualTo(before);
        assertThat(state("freshAsOf")).isEqualTo(fresh);

        database.server().resume();
        database.run("UPDATE articles SET body = 'Back again' WHERE id = 1", "DELETE FROM articles WHERE id = 5");
        clock.pass(Duration.ofMinutes(2));
        awaitDocuments(4);
        follower.until(() -> !corpus.ledger("run-f1").has("failure"));
        follower.until(() -> state("freshAsOf").compareTo(fresh) > 0);
        follower.end();
        assertThat(snapshot(corpus)).isEqualTo(fresh());
    }

    private Source open(SourceManifest declared) {
        return new JdbcSource(declared, (Jdbc) declared.location(), folder.resolve("secret"), reading(), statements);
    }

    private Reading reading() {
        return new Reading(mount -> folder.resolve("secret"), folder.resolve("work"), 1_000, path -> false);
    }

    /** Statements without the first of each listing. */
    private long asked() {
        return Duration.ofNanos(statements.nanos()).toSeconds();
    }

    private String key(int row) {
        return corpus.source().name() + ":" + row;
    }

    private void awaitDocuments(long documents) throws Exception {
        follower.until(() -> state("documents").equals(String.valueOf(documents)));
    }

    private String state(String field) {
        return corpus.ledger("generation-1").path(field).asText();
    }

    private IndexSnapshot fresh() throws IOException {
        var other = corpus();
        other.create(MANIFEST);
        other.run("fresh", MANIFEST, List.of());
        return snapshot(other);
    }

    private Corpora corpus() throws IOException {
        var made = Corpora.in(folder, SharedNode.url(), SmallModel.get(), null);
        var columns = new Columns("id", "body", null, "withdrawn", null, null, List.of());
        var declared = database.limited(
                database.declared("SELECT * FROM articles", columns), new SourceManifest.RateLimit(60, 0));
        return new Corpora(
                made.elasticsearch(), made.model(), declared, folder.resolve("secret"), made.workspace(), made.names());
    }

    private static IndexSnapshot snapshot(Corpora of) {
        return IndexSnapshot.of(SharedNode.url(), of.names().generation(1));
    }
}
