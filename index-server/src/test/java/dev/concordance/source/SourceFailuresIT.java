package dev.concordance.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.ingest.Ingestion;
import dev.concordance.ingest.StopSignal;
import dev.concordance.localcluster.servers.DatabaseProcess.Kind;
import dev.concordance.localcluster.servers.GitServer;
import dev.concordance.localcluster.servers.GitServer.Credentials;
import dev.concordance.localcluster.servers.IndexSnapshot;
import dev.concordance.localcluster.servers.IndexSnapshot.Document;
import dev.concordance.localcluster.servers.KafkaProcess;
import dev.concordance.localcluster.servers.KafkaProcess.Listener;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.RunReport;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.manifest.SourceManifest.Jdbc.Columns;
import dev.concordance.manifest.SourceManifest.Jdbc.Format;
import dev.concordance.manifest.SourceManifest.Kafka;
import dev.concordance.manifest.SourceManifest.Kafka.Mechanism;
import dev.concordance.manifest.SourceManifest.Kafka.Sasl;
import dev.concordance.spool.Spools;
import dev.concordance.testing.Borrowed;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.SharedNode;
import dev.concordance.testing.SmallModel;
import dev.concordance.testing.SourceInPlaceOf;
import dev.concordance.testing.TestAuthority;
import dev.concordance.testing.TestBucket;
import dev.concordance.testing.TestDatabase;
import dev.concordance.testing.TestTopic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A source that fails in each way that it can, after it was listed well and then has changed, beside one that is well. Nothing that was
 * indexed of it is lost, the other one comes in step, and when it is back the index is what a build from nothing gives.
 */
class SourceFailuresIT {
    private static final List<FailureReason> REASONS = Stream.of(FailureReason.values())
            .filter(reason -> reason.name().startsWith("Source"))
            .toList();
    private static final String NOWHERE = "gone.invalid";
    private static final String WELL = "well";
    private static final SourceManifest OTHER = folder(WELL);
    private static final Columns COLUMNS = new Columns("id", "body", null, null, null, null, List.of());

    @TempDir
    private static Path shared;

    private static TestAuthority authority;
    private static KafkaProcess broker;

    @TempDir
    private Path folder;

    private Corpora corpus;
    private int runs;

    /** What becomes of a place, and what a run has to be told then to see it. */
    private interface Step<P extends FailingPlace> {
        SourceManifest befalls(P place, SourceManifest declared) throws Exception;
    }

    /** What is indexed of a source that has failed. */
    private enum Left {
        /** What was. */
        AS_IT_WAS,
        /** What could be read is in step; what could not be is as it was, and nothing is deleted. */
        READ_IN_STEP,
        /** The same, but what the listing lacks is deleted: it was whole. */
        LISTED_IN_STEP
    }

    private record Trouble<P extends FailingPlace>(
            String name, Step<P> step, FailureReason reason, String says, Left left) {
        Trouble(String name, Step<P> step, FailureReason reason, String says) {
            this(name, step, reason, says, Left.AS_IT_WAS);
        }
    }

    @BeforeAll
    static void start() throws Exception {
        authority = TestAuthority.in(shared);
        broker = KafkaProcess.start(shared.resolve("broker"), authority.hostKeyPem() + authority.hostPem());
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @BeforeEach
    void makeACorpus() throws IOException {
        corpus = Corpora.in(folder, SharedNode.url(), SmallModel.get(), null);
        corpus.create(Corpora.manifest(1));
        Files.createDirectories(corpus.mount().resolve(WELL));
        write("kept.md", "Words of the other source.");
    }

    @Test
    void pagesOfASite() throws Exception {
        try (var place = new FailingSite(authority)) {
            survives(place, ofASite());
        }
    }

    private static List<Trouble<FailingSite>> ofASite() {
        return List.of(
                new Trouble<>(
                        "wrong credentials",
                        (site, declared) -> site.refuse(asked -> true, 401, declared),
                        FailureReason.SourceUnauthorized,
                        "HTTP 401"),
                new Trouble<>(
                        "403 on a page",
                        (site, declared) -> site.refuse(asked -> asked.getPath().equals("/p/c"), 403, declared),
                        FailureReason.SourceUnauthorized,
                        "/p/c may not be read (HTTP 403)",
                        Left.READ_IN_STEP),
                new Trouble<>(
                        "an authority that is not trusted",
                        (site, declared) -> declared.at(site.web(site.url(), authority.otherPem())),
                        FailureReason.SourceUnreachable,
                        "isn't trusted"),
                new Trouble<>(
                        "a certificate that has expired",
                        (site, declared) -> site.serve(authority.expired().host(), declared),
                        FailureReason.SourceUnreachable,
                        "has expired"),
                new Trouble<>(
                        "a certificate of another host",
                        (site, declared) -> site.serve(authority.misnamed().host(), declared),
                        FailureReason.SourceUnreachable,
                        "another host's"),
                new Trouble<>(
                        "no address",
                        (site, declared) -> declared.at(site.web("https://" + NOWHERE + "/", authority.pem())),
                        FailureReason.SourceUnreachable,
                        "no address for the host name " + NOWHERE),
                new Trouble<>(
                        "nobody who listens",
                        (site, declared) -> site.leave(declared),
                        FailureReason.SourceUnreachable,
                        "can't be read"),
                new Trouble<>(
                        "a site that has nothing",
                        (site, declared) -> site.refuse(asked -> true, 404, declared),
                        FailureReason.SourceInvalid,
                        "HTTP 404"));
    }

    @Test
    void objectsOfABucket() throws Exception {
        try (var place = new FailingStore(authority)) {
            survives(place, ofAStore());
        }
    }

    private static List<Trouble<FailingStore>> ofAStore() {
        return List.of(
                new Trouble<>(
                        "wrong credentials",
                        (store, declared) -> store.refuse(asked -> true, "InvalidAccessKeyId", declared),
                        FailureReason.SourceUnauthorized,
                        "InvalidAccessKeyId"),
                new Trouble<>(
                        "403 on the second page of the listing",
                        (store, declared) -> store.refuse(TestBucket::isLaterPage, "AccessDenied", declared),
                        FailureReason.SourceUnauthorized,
                        "AccessDenied"),
                new Trouble<>(
                        "wrong credentials for what was listed",
                        (store, declared) -> store.refuse(
                                asked -> asked.getPath().endsWith("/c.md"), "InvalidAccessKeyId", declared),
                        FailureReason.SourceUnreachable,
                        "1 documents could not be read and stay as they were",
                        Left.LISTED_IN_STEP),
                new Trouble<>(
                        "clocks that differ",
                        (store, declared) -> store.refuse(asked -> true, "RequestTimeTooSkewed", declared),
                        FailureReason.SourceUnreachable,
                        "the clocks of the worker and of"),
                new Trouble<>(
                        "a certificate that has expired",
                        (store, declared) -> store.serve(authority.expired().host(), declared),
                        FailureReason.SourceUnreachable,
                        "has expired"),
                new Trouble<>(
                        "no address",
                        (store, declared) -> declared.at(store.bucket("https://" + NOWHERE)),
                        FailureReason.SourceUnreachable,
                        "no address for the host name"),
                new Trouble<>(
                        "nobody who listens",
                        (store, declared) -> store.leave(declared),
                        FailureReason.SourceUnreachable,
                        "can't be read"),
                new Trouble<>(
                        "an empty bucket",
                        (store, declared) -> store.hide(declared),
                        FailureReason.SourceEmpty,
                        "no documents"));
    }

    @Test
    void filesOfARepository() throws Exception {
        try (var place = new Commits(folder.resolve("origin"))) {
            survives(place, ofAGitHost());
        }
    }

    private static List<Trouble<Commits>> ofAGitHost() {
        return List.of(
                new Trouble<>(
                        "wrong credentials",
                        (host, declared) -> host.wanting(new Credentials("reader", "secret")),
                        FailureReason.SourceUnauthorized,
                        "git.credentialsSecretRef"),
                new Trouble<>(
                        "a certificate that has expired",
                        (host, declared) -> host.serve(authority.expired().host()),
                        FailureReason.SourceUnreachable,
                        "has expired"),
                new Trouble<>(
                        "no address",
                        (host, declared) -> declared.at(git("https://" + NOWHERE + "/docs.git", "main")),
                        FailureReason.SourceUnreachable,
                        NOWHERE),
                new Trouble<>(
                        "nobody who listens",
                        (host, declared) -> host.leave(declared),
                        FailureReason.SourceUnreachable,
                        "can't be reached"),
                new Trouble<>(
                        "no such repository",
                        (host, declared) -> declared.at(git(host.url().replace("docs", "none"), "main")),
                        FailureReason.SourceUnreachable,
                        "there is no repository"),
                new Trouble<>(
                        "no such branch",
                        (host, declared) -> declared.at(git(host.url(), "gone")),
                        FailureReason.SourceRefNotFound,
                        "gone"));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void rowsOfADatabase(Kind kind) throws Exception {
        try (var database = TestDatabase.start(kind, shared.resolve(kind.name()))) {
            survives(new Rows(database, corpus.mount()), ofADatabase(database));
        }
    }

    private static List<Trouble<Rows>> ofADatabase(TestDatabase database) {
        return List.of(
                new Trouble<>(
                        "wrong credentials",
                        (rows, declared) -> rows.secret("wrong", declared),
                        FailureReason.SourceUnauthorized,
                        "jdbc.credentialsSecretRef"),
                new Trouble<>(
                        "a right that is taken away",
                        (rows, declared) ->
                                rows.run("REVOKE SELECT ON %s FROM reader".formatted(rows.readable()), declared),
                        FailureReason.SourceUnauthorized,
                        "or what the query reads"),
                new Trouble<>(
                        "a server that doesn't prove who it is",
                        (rows, declared) -> database.declared(
                                Rows.QUERY, COLUMNS, database.server().port(), true, authority.pem()),
                        FailureReason.SourceUnreachable,
                        // MariaDB makes itself a certificate where it is given none.
                        database.kind() == Kind.POSTGRESQL ? "there is no verified TLS connection" : "isn't trusted"),
                new Trouble<>(
                        "no address",
                        (rows, declared) -> database.on(NOWHERE, declared),
                        FailureReason.SourceUnreachable,
                        NOWHERE),
                new Trouble<>(
                        "nobody who listens",
                        (rows, declared) -> database.declared(Rows.QUERY, COLUMNS, 1, false, null),
                        FailureReason.SourceUnreachable,
                        "127.0.0.1:1"),
                new Trouble<>(
                        "a table of another name",
                        (rows, declared) -> rows.run("ALTER TABLE articles RENAME TO hidden", declared),
                        FailureReason.SourceInvalid,
                        "articles"));
    }

    @Test
    void recordsOfATopic() throws Exception {
        try (var place = new Records(corpus.mount())) {
            survives(place, ofABroker());
        }
    }

    private static List<Trouble<Records>> ofABroker() {
        return List.of(
                new Trouble<>(
                        "wrong credentials",
                        (topic, declared) -> declared.at(topic.kafka(
                                broker.address(Listener.PASSWORD), new Sasl(Mechanism.ScramSha256, "secret"), null)),
                        FailureReason.SourceUnauthorized,
                        "kafka.credentialsSecretRef"),
                new Trouble<>(
                        "an authority that is not trusted",
                        (topic, declared) ->
                                declared.at(topic.kafka(broker.address(Listener.TLS), null, authority.otherPem())),
                        FailureReason.SourceUnreachable,
                        "isn't trusted"),
                new Trouble<>(
                        "no address",
                        (topic, declared) -> declared.at(topic.kafka(NOWHERE + ":9092", null, null)),
                        FailureReason.SourceUnreachable,
                        "no address for any of " + NOWHERE));
    }

    @Test
    void filesOfAVolume() throws Exception {
        try (var place = new Volume(corpus.mount())) {
            survives(place, ofAVolume());
        }
    }

    private static List<Trouble<Volume>> ofAVolume() {
        return List.of(
                new Trouble<>(
                        "a folder that has gone",
                        (files, declared) -> files.hide(declared),
                        FailureReason.SourceInvalid,
                        "is not a folder of the volume"),
                new Trouble<>(
                        "an empty folder",
                        (files, declared) -> files.empty(declared),
                        FailureReason.SourceEmpty,
                        "no documents"));
    }

    /** Whatever the reason, and whenever it is found out. */
    @Test
    void anySourceForAnyReason() throws Exception {
        try (var place = new Volume(corpus.mount())) {
            for (var name : List.of("a", "b", "c")) {
                place.put(name, "Words of %s.".formatted(name));
            }
            run(place.declared());
            place.put("a", "Other words of a.");
            place.remove("b");
            place.put("d", "Words of d.");
            var before = of(place.declared(), snapshot(1));
            for (var reason : REASONS) {
                for (var moment : Moment.values()) {
                    var words = "Words in spite of %s, %s.".formatted(reason, moment);
                    write("kept.md", words);
                    fails(
                            declared -> failing(declared, reason, moment),
                            place.declared(),
                            reason,
                            "it fails; nothing was changed");
                    assertThat(of(place.declared(), snapshot(1)))
                            .as("%s, %s", reason, moment)
                            .isEqualTo(before);
                    assertThat(of(OTHER, snapshot(1)).toString()).contains(words);
                }
            }
            run(place.declared());
            assertThat(snapshot(1)).isEqualTo(built(place.declared()));
        }
    }

    private enum Moment {
        OPENED,
        LISTED,
        FETCHED
    }

    private Source failing(SourceManifest declared, FailureReason reason, Moment moment) {
        var source = corpus.open(declared);
        if (declared.equals(OTHER)) {
            return source;
        }
        var failing = new Failing(source, reason, moment);
        failing.reached(Moment.OPENED);
        return failing;
    }

    /** Fails as soon as it is so far. */
    private record Failing(Source source, FailureReason reason, Moment moment) implements SourceInPlaceOf {
        void reached(Moment reached) {
            if (reached == moment) {
                source.close();
                throw SourceException.of("files", reason, "it fails", null);
            }
        }

        @Override
        public Listing list(Spools spools, Before before) {
            reached(Moment.LISTED);
            return source.list(spools, before);
        }

        @Override
        public void fetch(Iterator<Entry> entries) {
            reached(Moment.FETCHED);
            source.fetch(entries);
        }
    }

    private <P extends FailingPlace> void survives(P place, List<Trouble<P>> troubles) throws Exception {
        for (var name : List.of("a", "c", "go-0")) {
            place.put(name, "Words of %s.".formatted(name));
        }
        write("go-0.md", "Words that go.");
        run(place.declared());
        assertThat(snapshot(1).documents()).hasSize(5);
        for (var i = 0; i < troubles.size(); i++) {
            survives(place, troubles.get(i), i);
        }
        assertThat(snapshot(1)).isEqualTo(built(place.declared()));
    }

    private <P extends FailingPlace> void survives(P place, Trouble<P> trouble, int round) throws Exception {
        var before = snapshot(1);
        var freshAsOf = corpus.ledger("generation-1").path("freshAsOf");
        var goes = "go-" + round;
        var comes = "go-" + (round + 1);
        place.put("a", "Words of a, version %d.".formatted(round));
        place.put("c", "Words of c, version %d.".formatted(round));
        place.put(comes, "Words of %s.".formatted(comes));
        place.remove(goes);
        write("kept.md", "Words of the other source, version %d.".formatted(round));
        write(comes + ".md", "New words.");
        Files.delete(corpus.mount().resolve(WELL).resolve(goes + ".md"));

        fails(corpus::open, trouble.step().befalls(place, place.declared()), trouble.reason(), trouble.says());

        var after = snapshot(1);
        check(place, trouble, round, of(place.declared(), before), of(place.declared(), after));
        assertThat(corpus.ledger("generation-1").path("freshAsOf"))
                .as("it is not as fresh as it would be")
                .isEqualTo(freshAsOf);
        place.mend();
        run(place.declared());
        var mended = snapshot(1);
        assertThat(of(OTHER, after)).as("the other source was in step").isEqualTo(of(OTHER, mended));
        assertThat(of(OTHER, after))
                .isNotEqualTo(of(OTHER, before))
                .containsOnlyKeys(key(OTHER, "kept.md"), key(OTHER, comes + ".md"));
        assertThat(mended.documents()).hasSize(5);
        assertThat(of(place.declared(), mended).toString())
                .contains(
                        "Words of a, version %d.".formatted(round),
                        "Words of c, version %d.".formatted(round),
                        "Words of %s.".formatted(comes));
    }

    private static String key(SourceManifest source, String id) {
        return source.name() + ":" + id;
    }

    private static void check(
            FailingPlace place,
            Trouble<?> trouble,
            int round,
            Map<String, Document> before,
            Map<String, Document> after)
            throws Exception {
        if (trouble.left() == Left.AS_IT_WAS) {
            assertThat(after).as(trouble.name()).isEqualTo(before);
            return;
        }
        var source = place.declared();
        var read = key(source, place.id("a"));
        var unread = key(source, place.id("c"));
        var gone = key(source, place.id("go-" + round));
        assertThat(after)
                .as(trouble.name())
                .containsEntry(unread, before.get(unread))
                .containsKey(key(source, place.id("go-" + (round + 1))));
        assertThat(after.get(read)).as(trouble.name()).isNotEqualTo(before.get(read));
        assertThat(after.get(gone))
                .as(trouble.name())
                .isEqualTo(trouble.left() == Left.READ_IN_STEP ? before.get(gone) : null);
    }

    private void run(SourceManifest declared) {
        corpus.run(corpus.specification("r" + ++runs, Corpora.manifest(1), List.of(), List.of(declared, OTHER)));
    }

    private void fails(
            Function<SourceManifest, Source> opening, SourceManifest declared, FailureReason reason, String says) {
        var run = "r" + ++runs;
        try (var connection = corpus.connection()) {
            var ingestion = new Ingestion(
                    corpus.specification(run, Corpora.manifest(1), List.of(), List.of(declared, OTHER)),
                    connection,
                    opening,
                    purse -> new Borrowed(SmallModel.get()),
                    corpus.workspace(),
                    Clock.systemUTC(),
                    new StopSignal());
            assertThatThrownBy(ingestion::run).hasMessageContaining(says);
        }
        var told = corpus.ledger(RunReport.id(run)).path("failure");
        assertThat(told.path("reason").asText()).as(told.toString()).isEqualTo(reason.name());
        assertThat(told.path("retryable").asBoolean()).isEqualTo(reason.isPassing());
    }

    private IndexSnapshot built(SourceManifest declared) {
        corpus.create(Corpora.manifest(2));
        corpus.run(corpus.specification("built", Corpora.manifest(2), List.of(), List.of(declared, OTHER)));
        return snapshot(2);
    }

    private IndexSnapshot snapshot(int generation) {
        return IndexSnapshot.ofEverything(SharedNode.url(), corpus.names().generation(generation));
    }

    private static Map<String, Document> of(SourceManifest source, IndexSnapshot snapshot) {
        var documents = new TreeMap<>(snapshot.documents());
        documents.keySet().removeIf(key -> !key.startsWith(source.name() + ":"));
        return documents;
    }

    private void write(String file, String words) throws IOException {
        Files.writeString(corpus.mount().resolve(WELL).resolve(file), words);
    }

    private static SourceManifest folder(String name) {
        return new SourceManifest(name, new SourceManifest.Volume("data", name), List.of(), List.of(), null, null);
    }

    /** Files of the last commit of a repository. */
    private static final class Commits implements FailingPlace {
        private final Path folder;
        private final TestRepository repository;
        private GitServer server;

        Commits(Path folder) throws Exception {
            this.folder = folder;
            repository = TestRepository.create(folder);
            server = GitServer.startSecured(authority.host(), folder, "docs");
        }

        SourceManifest wanting(Credentials credentials) throws Exception {
            server.close();
            server = GitServer.start(0, folder, "docs", credentials);
            return declared();
        }

        SourceManifest serve(SSLContext tls) throws Exception {
            server.close();
            server = GitServer.startSecured(tls, folder, "docs");
            return declared();
        }

        SourceManifest leave(SourceManifest declared) {
            server.close();
            return declared;
        }

        String url() {
            return server.url().toString();
        }

        @Override
        public SourceManifest declared() throws Exception {
            return new SourceManifest("git", git(url(), "main"), List.of(), List.of(), null, null);
        }

        @Override
        public String id(String name) {
            return name + ".md";
        }

        @Override
        public void put(String name, String words) throws IOException {
            repository.commit(Map.of(id(name), words));
        }

        @Override
        public void remove(String name) throws IOException {
            repository.remove(id(name));
        }

        @Override
        public void mend() throws Exception {
            serve(authority.host());
        }

        @Override
        public void close() {
            server.close();
            repository.close();
        }
    }

    private static SourceManifest.Git git(String url, String ref) throws Exception {
        return new SourceManifest.Git(url, ref, null, authority.pem());
    }

    /** Rows of a table. */
    private static final class Rows implements FailingPlace {
        static final String QUERY = "SELECT id, body FROM articles";

        private final TestDatabase database;
        private final Path mount;

        Rows(TestDatabase database, Path mount) throws Exception {
            this.database = database;
            this.mount = mount;
            database.run("CREATE TABLE articles (id VARCHAR(9) PRIMARY KEY, body TEXT)");
            Files.writeString(mount.resolve("username"), TestDatabase.READER);
            secret(TestDatabase.PASSWORD, declared());
        }

        SourceManifest secret(String password, SourceManifest declared) throws IOException {
            Files.writeString(mount.resolve("password"), password);
            return declared;
        }

        SourceManifest run(String statement, SourceManifest declared) throws SQLException {
            database.run(statement);
            return declared;
        }

        @Override
        public SourceManifest declared() {
            return database.declared(QUERY, COLUMNS);
        }

        @Override
        public void put(String name, String words) throws SQLException {
            remove(name);
            database.run("INSERT INTO articles VALUES ('%s', '%s')".formatted(name, words));
        }

        @Override
        public void remove(String name) throws SQLException {
            database.run("DELETE FROM articles WHERE id = '%s'".formatted(name));
        }

        @Override
        public void mend() throws Exception {
            secret(TestDatabase.PASSWORD, declared());
            database.run(
                    "ALTER TABLE IF EXISTS hidden RENAME TO articles",
                    "GRANT SELECT ON %s TO reader".formatted(readable()));
        }

        /** What the reader has a right to: MariaDB takes none from a table that was given with all of them. */
        String readable() {
            return database.kind() == Kind.POSTGRESQL ? "articles" : TestDatabase.NAME + ".*";
        }

        @Override
        public void close() {}
    }

    /** Latest records of a topic. */
    private static final class Records implements FailingPlace {
        private final TestTopic topic = TestTopic.of(broker, 3, Map.of());

        /** @param mount with a password that is wrong */
        Records(Path mount) throws IOException {
            Files.writeString(mount.resolve("username"), KafkaProcess.READER);
            Files.writeString(mount.resolve("password"), "wrong");
        }

        Kafka kafka(String address, @Nullable Sasl sasl, @Nullable String authorities) {
            return new Kafka(List.of(address), topic.name(), sasl, null, Format.text, authorities != null, authorities);
        }

        @Override
        public SourceManifest declared() {
            return topic.declared(null, Format.text);
        }

        @Override
        public void put(String name, String words) {
            topic.put(name, words);
        }

        @Override
        public void remove(String name) {
            topic.put(name, null);
        }

        @Override
        public void mend() {}

        @Override
        public void close() {
            topic.close();
        }
    }

    /** Files of a folder. */
    private static final class Volume implements FailingPlace {
        private final Path folder;
        private final Path aside;

        Volume(Path mount) throws IOException {
            folder = Files.createDirectories(mount.resolve("files"));
            aside = mount.resolve("aside");
        }

        SourceManifest hide(SourceManifest declared) throws IOException {
            Files.move(folder, aside);
            return declared;
        }

        SourceManifest empty(SourceManifest declared) throws IOException {
            hide(declared);
            Files.createDirectory(folder);
            return declared;
        }

        @Override
        public SourceManifest declared() {
            return folder("files");
        }

        @Override
        public String id(String name) {
            return name + ".md";
        }

        @Override
        public void put(String name, String words) throws IOException {
            Files.writeString(folder.resolve(id(name)), words);
        }

        @Override
        public void remove(String name) throws IOException {
            Files.delete(folder.resolve(id(name)));
        }

        @Override
        public void mend() throws IOException {
            Files.deleteIfExists(folder);
            Files.move(aside, folder);
        }

        @Override
        public void close() {}
    }
}
