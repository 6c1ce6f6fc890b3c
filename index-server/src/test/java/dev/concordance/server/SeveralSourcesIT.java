package dev.concordance.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.elasticsearch.ElasticsearchException;
import dev.concordance.ingest.Ingestion;
import dev.concordance.ingest.StopSignal;
import dev.concordance.localcluster.servers.CuttingProxy;
import dev.concordance.localcluster.servers.DatabaseProcess.Kind;
import dev.concordance.localcluster.servers.IndexSnapshot;
import dev.concordance.localcluster.servers.RecordingProxy;
import dev.concordance.localcluster.servers.RecordingProxy.Disturbance;
import dev.concordance.manifest.BundledModel;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.RunReport.Counts;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.manifest.SourceManifest.Jdbc.Columns;
import dev.concordance.source.Content;
import dev.concordance.source.Entry;
import dev.concordance.source.Source;
import dev.concordance.source.SourceException;
import dev.concordance.testing.Borrowed;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.Guides;
import dev.concordance.testing.ServerProcess;
import dev.concordance.testing.SharedNode;
import dev.concordance.testing.SmallModel;
import dev.concordance.testing.SourceInPlaceOf;
import dev.concordance.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sources of one corpus, also with documents of the same ids: what one of them does touches no document of another. */
class SeveralSourcesIT {
    private static final GenerationManifest MANIFEST = Corpora.manifest(1);
    private static final SourceManifest ONE = volume("one");
    private static final SourceManifest TWO = volume("two");
    private static final AtomicInteger CORPORA = new AtomicInteger();
    private static final int ROWS = 20;
    /** More than it takes to list the rows, and less than it takes to read them. */
    private static final int CUT = 100_000;

    @TempDir
    private Path folder;

    private Guides guide;
    private Corpora corpus;
    private int runs;

    @BeforeEach
    void makeACorpus() throws IOException {
        guide = new Guides(SharedNode.url(), SmallModel.get(), folder, "several-" + CORPORA.incrementAndGet());
        corpus = guide.corpus();
        for (var source : List.of("one", "two")) {
            Files.createDirectories(corpus.mount().resolve(source));
            write(source, "shared.md", "The harbour, as %s knows it.".formatted(source));
            write(source, source + ".md", "Words of %s.".formatted(source));
        }
        corpus.create(MANIFEST);
    }

    @Test
    void keepsDocumentsOfTheSameIdApart() throws IOException {
        assertThat(run(ONE, TWO).added()).isEqualTo(4);
        assertThat(texts())
                .isEqualTo(Map.of(
                        "one:shared.md", "The harbour, as one knows it.",
                        "one:one.md", "Words of one.",
                        "two:shared.md", "The harbour, as two knows it.",
                        "two:two.md", "Words of two."));

        Files.delete(corpus.mount().resolve("one/shared.md"));
        write("two", "shared.md", "The harbour, as two knows it now.");
        var counts = run(ONE, TWO);
        assertThat(counts.deleted()).isEqualTo(1);
        assertThat(counts.updated()).isEqualTo(1);
        assertThat(texts())
                .doesNotContainKey("one:shared.md")
                .containsEntry("two:shared.md", "The harbour, as two knows it now.");
        write("one", "shared.md", "The harbour is back.");
        run(ONE, TWO);
        assertThat(run(TWO).deleted())
                .as("the documents of a source that is gone")
                .isEqualTo(2);
        assertThat(texts()).containsOnlyKeys("two:shared.md", "two:two.md");
    }

    @Test
    void keepsTheDocumentOfASourceThatFailsBesideOneWithTheSameId() throws IOException {
        run(ONE, TWO);
        try (var files = Files.list(corpus.mount().resolve("one"))) {
            for (var file : files.toList()) {
                Files.delete(file);
            }
        }
        write("two", "shared.md", "The harbour, as two knows it now.");
        fails(() -> run(ONE, TWO), FailureReason.SourceEmpty);
        assertThat(texts())
                .hasSize(4)
                .containsEntry("one:shared.md", "The harbour, as one knows it.")
                .containsEntry("two:shared.md", "The harbour, as two knows it now.");
    }

    @Test
    void findsBothDocumentsOfAnId() throws Exception {
        run(ONE, TWO);
        guide.point(1, 0);
        var route = guide.route(SharedNode.url(), BundledModel.ALL_MINILM_L6_V2_Q.manifest());
        try (var server = ServerProcess.start(folder, Guides.anonymous(Guides.limits(), route), List.of())) {
            var answer =
                    server.search(guide.names().corpus(), "{\"query\": \"harbour\", \"k\": 10, \"mode\": \"lexical\"}");
            assertThat(answer.body()
                            .path("hits")
                            .valueStream()
                            .map(hit -> hit.path("source").asText() + ":"
                                    + hit.path("documentId").asText())
                            .toList())
                    .containsExactlyInAnyOrder("one:shared.md", "two:shared.md");
        }
    }

    @Test
    void keepsTheDocumentsOfASourceThatListsThemAndThenGivesNone() throws IOException {
        run(ONE, TWO);
        write("one", "shared.md", "The harbour, as one knows it now.");
        Files.delete(corpus.mount().resolve("one/one.md"));
        write("two", "two.md", "New words of two.");
        Files.delete(corpus.mount().resolve("two/shared.md"));

        fails(
                () -> run(source -> {
                    var opened = corpus.open(source);
                    return source.name().equals("one") ? new Silent(opened) : opened;
                }),
                FailureReason.SourceUnreachable);

        assertThat(texts())
                .as("nothing of the first is changed or deleted, and the second is in step")
                .isEqualTo(Map.of(
                        "one:shared.md", "The harbour, as one knows it.",
                        "one:one.md", "Words of one.",
                        "two:two.md", "New words of two."));
        run(ONE, TWO);
        assertThat(texts())
                .isEqualTo(Map.of(
                        "one:shared.md", "The harbour, as one knows it now.",
                        "two:two.md", "New words of two."));
    }

    @Test
    void keepsWhatADeadRunHasLeftOfADocumentUntilItsSourceCanBeRead() throws IOException {
        run(ONE, TWO);
        write("one", "shared.md", "The harbour, as one knows it now.");
        die();
        write("two", "two.md", "New words of two.");
        var away = Files.move(corpus.mount().resolve("one"), folder.resolve("away"));

        fails(() -> run(ONE, TWO), FailureReason.SourceInvalid);

        assertThat(texts())
                .as("its former passages have gone, and no record knows the present ones")
                .containsEntry("one:shared.md", "The harbour, as one knows it now.")
                .containsEntry("two:two.md", "New words of two.");
        Files.move(away, corpus.mount().resolve("one"));
        run(ONE, TWO);
        assertThat(texts()).containsEntry("one:shared.md", "The harbour, as one knows it now.");
    }

    @Test
    void leavesNothingOfADeadRunThoughADocumentOfAnotherSourceCannotBeRead() throws IOException {
        run(ONE, TWO);
        write("one", "shared.md", "The harbour, as one knows it now.");
        die();
        write("two", "two.md", "New words of two.");

        assertThatThrownBy(() -> run(source -> {
                    var opened = corpus.open(source);
                    return source.name().equals("two") ? new Unreadable(opened) : opened;
                }))
                .hasMessageContaining("could not be read and stay as they were");

        assertThat(texts())
                .as("each passage once")
                .containsEntry("one:shared.md", "The harbour, as one knows it now.")
                .containsEntry("two:two.md", "Words of two.");
    }

    /** Changes documents, and writes no record of it. */
    private void die() {
        try (var proxy = RecordingProxy.start(SharedNode.url())) {
            proxy.disturb(
                    call -> call.isTo("-g1-manifest/_bulk"), Integer.MAX_VALUE, new Disturbance.Disconnect(false));
            var through = corpus.through(proxy.url());
            var dying = through.specification("dying", MANIFEST, List.of(), List.of(ONE, TWO));
            assertThatThrownBy(() -> through.run(dying)).isInstanceOf(ElasticsearchException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void keepsTheRowsOfADatabaseThatGoesAwayAfterItHasListedThem(Kind kind) throws Exception {
        try (var database = TestDatabase.start(kind, folder.resolve("server"));
                var proxy = CuttingProxy.before(database.server().port())) {
            database.run("CREATE TABLE articles (id INT PRIMARY KEY, body TEXT)");
            Files.writeString(corpus.mount().resolve("username"), TestDatabase.READER);
            Files.writeString(corpus.mount().resolve("password"), TestDatabase.PASSWORD);
            var columns = new Columns("id", "body", null, null, null, null, List.of());
            var rows = database.declared("SELECT id, body FROM articles", columns, proxy.port(), false, null);
            fill(database, "Old words", 0);
            run(rows, TWO);
            var before = texts();
            fill(database, "New words", 20_000);
            database.run("DELETE FROM articles WHERE id = 0");
            write("two", "late.md", "Written during the outage.");
            proxy.cutAfter(CUT);

            fails(() -> run(rows, TWO), FailureReason.SourceUnreachable);

            assertThat(proxy.cuts()).isPositive();
            assertThat(proxy.passed()).isGreaterThan(CUT);
            assertThat(texts())
                    .containsAllEntriesOf(before)
                    .hasSize(before.size() + 1)
                    .containsKey("two:late.md");
            proxy.mend();
            assertThat(run(rows, TWO).updated()).isEqualTo(ROWS - 1);
            assertThat(texts()).doesNotContainKey("articles:0");
            assertThat(texts().toString()).contains("New words of row 1.").doesNotContain("Old words");
        }
    }

    /** So many blanks behind the words make a row long, and nothing else. */
    private static void fill(TestDatabase database, String words, int blanks) throws SQLException {
        database.run("DELETE FROM articles");
        for (var row = 0; row < ROWS; row++) {
            database.run("INSERT INTO articles VALUES (%d, '%s of row %d.%s')"
                    .formatted(row, words, row, " ".repeat(blanks)));
        }
    }

    /** Lists well, and then doesn't answer. */
    private record Silent(Source source) implements SourceInPlaceOf {
        @Override
        public void fetch(Iterator<Entry> entries) {
            throw SourceException.of("one", FailureReason.SourceUnreachable, "it doesn't answer any more", null);
        }
    }

    /** Lists well, and lets nothing be opened. */
    private record Unreadable(Source source) implements SourceInPlaceOf {
        @Override
        public Content content(Entry.Stored entry) {
            return new Content() {
                @Override
                public long size() {
                    return 1;
                }

                @Override
                public byte[] read() throws IOException {
                    throw new IOException("permission denied");
                }
            };
        }
    }

    private static void fails(Runnable run, FailureReason reason) {
        assertThatThrownBy(run::run)
                .isInstanceOfSatisfying(
                        SourceException.class,
                        e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason));
    }

    private Counts run(SourceManifest... sources) {
        return corpus.run(corpus.specification("r" + ++runs, MANIFEST, List.of(), List.of(sources)));
    }

    private void run(Function<SourceManifest, Source> opening) {
        try (var connection = corpus.connection()) {
            new Ingestion(
                            corpus.specification("r" + ++runs, MANIFEST, List.of(), List.of(ONE, TWO)),
                            connection,
                            opening,
                            purse -> new Borrowed(SmallModel.get()),
                            corpus.workspace(),
                            Clock.systemUTC(),
                            new StopSignal())
                    .run();
        }
    }

    /** The text of each document, all of which have one passage. */
    private Map<String, String> texts() {
        var texts = new TreeMap<String, String>();
        IndexSnapshot.of(SharedNode.url(), guide.names().generation(1))
                .documents()
                .forEach((id, document) -> texts.put(id, String.join("|", document.chunks())));
        return texts;
    }

    private void write(String source, String file, String text) throws IOException {
        Files.writeString(corpus.mount().resolve(source).resolve(file), text);
    }

    private static SourceManifest volume(String name) {
        return new SourceManifest(
                name,
                new SourceManifest.Volume("data", name),
                List.of(),
                List.of(),
                "https://example.org/{path}",
                null);
    }
}
