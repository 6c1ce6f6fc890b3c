package dev.concordance.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.access.Acl;
import dev.concordance.http.VirtualTime;
import dev.concordance.localcluster.servers.CuttingProxy;
import dev.concordance.localcluster.servers.DatabaseProcess.Kind;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.QuarantineReason;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.manifest.SourceManifest.Jdbc.Columns;
import dev.concordance.spool.Spools;
import dev.concordance.testing.TestAuthority;
import dev.concordance.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows of real servers. */
class JdbcSourceIT {
    private static final int MOST_BYTES = 1_000;
    private static final Columns PLAIN = new Columns("id", "body", null, null, null, null, List.of());
    private static final Map<Kind, TestDatabase> DATABASES = new EnumMap<>(Kind.class);

    @TempDir
    private static Path folder;

    @BeforeAll
    static void start() throws Exception {
        for (var kind : Kind.values()) {
            DATABASES.put(kind, TestDatabase.start(kind, folder.resolve(kind.name())));
        }
        secret(folder.resolve("secret"), TestDatabase.PASSWORD);
    }

    @AfterAll
    static void stop() {
        DATABASES.values().forEach(TestDatabase::close);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void readsRowsWithTheirTitlesAddressesAndMetadata(Kind kind) throws Exception {
        var database = fresh(kind, "id INT PRIMARY KEY, name VARCHAR(200), body TEXT, link VARCHAR(200), stars INT");
        database.run(
                "INSERT INTO articles VALUES (2, 'Zwei', 'Second; with ''quotes'' and ü.', 'https://example.com/2', 5)",
                "INSERT INTO articles VALUES (1, NULL, 'First.', NULL, NULL)");
        var columns = new Columns("ID", "Body", null, null, "name", "link", List.of("stars", "name"));
        try (var source = open(database.declared("SELECT * FROM articles -- all of them", columns))) {
            var listed = Listed.of(source);
            assertThat(listed.entries()).extracting(Entry::id).containsExactly("1", "2");
            source.fetch(listed.entries().iterator());

            var second = ManifestJson.mapper()
                    .readTree(Listed.text(source, listed.entries().getLast()));
            assertThat(second.path("text").asText()).isEqualTo("Second; with 'quotes' and ü.");
            assertThat(second.path("title").asText()).isEqualTo("Zwei");
            assertThat(second.path("uri").asText()).isEqualTo("https://example.com/2");
            assertThat(second.path("metadata").toString()).isEqualTo("{\"stars\":5,\"name\":\"Zwei\"}");
            var first = ManifestJson.mapper()
                    .readTree(Listed.text(source, listed.entries().getFirst()));
            assertThat(first.path("text").asText()).isEqualTo("First.");
            assertThat(first.path("title").isNull()).isTrue();
            assertThat(first.path("metadata").isEmpty()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void listsMoreThanAPageWhateverTheKeysAreMadeOf(Kind kind) throws Exception {
        var database = fresh(kind, "id VARCHAR(60) PRIMARY KEY, body TEXT");
        var ids = new HashSet<String>();
        try (var connection = database.owner(TestDatabase.NAME);
                var insert = connection.prepareStatement("INSERT INTO articles VALUES (?, 'words')")) {
            for (var i = 0; i < 2_500; i++) {
                var id = "%s '%d\" %%".formatted(i % 2 == 0 ? "Ä/" : "z", i);
                ids.add(id);
                insert.setString(1, id);
                insert.addBatch();
            }
            insert.executeBatch();
        }
        try (var source = open(database.declared("SELECT id, body FROM articles", PLAIN))) {
            var listed = Listed.of(source);
            assertThat(listed.entries()).extracting(Entry::id).containsExactlyInAnyOrderElementsOf(ids);
            source.fetch(listed.entries().iterator());
            for (var entry : listed.entries()) {
                assertThat(Listed.text(source, entry)).contains("words");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void asksNoMoreOftenThanIsDeclared(Kind kind) throws Exception {
        var database = fresh(kind, "id INT PRIMARY KEY, body TEXT");
        try (var connection = database.owner(TestDatabase.NAME);
                var insert = connection.prepareStatement("INSERT INTO articles VALUES (?, 'words')")) {
            for (var i = 0; i < 1_500; i++) {
                insert.setInt(1, i);
                insert.addBatch();
            }
            insert.executeBatch();
        }
        var time = new VirtualTime();
        var declared = database.limited(
                database.declared("SELECT id, body FROM articles", PLAIN), new SourceManifest.RateLimit(60, 0));
        var jdbc = (SourceManifest.Jdbc) declared.location();
        try (var source = new JdbcSource(declared, jdbc, folder.resolve("secret"), reading(), time)) {
            var listed = Listed.of(source);
            assertThat(listed.entries()).hasSize(1_500);
            source.fetch(listed.entries().iterator());
        }
        assertThat(Duration.ofNanos(time.nanos()))
                .as("the columns, two pages, the count, and fifteen times 100 rows; the first of them at once")
                .isEqualTo(Duration.ofSeconds(1 + 2 + 1 + 15 - 1));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void saysWhenARowWasChangedWhereItsChangeColumnIsAnInstant(Kind kind) throws Exception {
        var postgres = kind == Kind.POSTGRESQL;
        var database = fresh(
                kind,
                postgres
                        ? "id INT PRIMARY KEY, body TEXT, zoned TIMESTAMPTZ, local TIMESTAMP, version INT"
                        : "id INT PRIMARY KEY, body TEXT, zoned TIMESTAMP(3) NULL, local DATETIME, version INT");
        database.run(
                postgres ? "SET TIME ZONE INTERVAL '+05:00' HOUR TO MINUTE" : "SET time_zone = '+05:00'",
                "INSERT INTO articles VALUES (1, 'a', '2026-05-04 12:00:00.250', '2026-05-04 12:00:00', 7)",
                "INSERT INTO articles VALUES (2, 'b', NULL, NULL, NULL)");
        if (postgres) {
            database.run("INSERT INTO articles VALUES (3, 'c', 'infinity', 'infinity', 7)");
        }
        assertThat(changeTimes(database, "zoned"))
                .startsWith(Instant.parse("2026-05-04T07:00:00.250Z"), null)
                .hasSize(postgres ? 3 : 2)
                .filteredOn(Objects::nonNull)
                .hasSize(1);
        assertThat(changeTimes(database, "local"))
                .as("without a time zone it is no instant")
                .containsOnlyNulls();
        assertThat(changeTimes(database, "version")).containsOnlyNulls();
    }

    private static List<@Nullable Instant> changeTimes(TestDatabase database, String column) {
        var columns = new Columns("id", "body", column, null, null, null, List.of());
        try (var source = open(database.declared("SELECT * FROM articles", columns))) {
            var times = new ArrayList<@Nullable Instant>();
            Listed.of(source).entries().forEach(entry -> times.add(entry.changedAt()));
            return times;
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void listsLargeNumbersInTheirOrder(Kind kind) throws Exception {
        var database = fresh(kind, "id BIGINT PRIMARY KEY, body TEXT");
        database.run(
                "INSERT INTO articles VALUES (-5, 'a'), (9007199254740993, 'b'), (9007199254740992, 'c'), (7, 'd')");
        try (var source = open(database.declared("SELECT id, body FROM articles", PLAIN))) {
            var listed = Listed.of(source);
            assertThat(listed.entries()).hasSize(4);
            source.fetch(listed.entries().iterator());
            for (var entry : listed.entries()) {
                assertThat(Listed.text(source, entry)).contains("text");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void tellsAChangeByADigestOrByTheDeclaredColumn(Kind kind) throws Exception {
        var database = fresh(kind, "id INT PRIMARY KEY, body TEXT, title TEXT, version INT");
        database.run("INSERT INTO articles VALUES (1, 'one', 't', 1), (2, 'two', 't', NULL)");
        var digest = new Columns("id", "body", null, null, "title", null, List.of());
        var version = new Columns("id", "body", "version", null, "title", null, List.of());
        var before = changeKeys(database, digest);
        var versions = changeKeys(database, version);
        assertThat(changeKeys(database, digest)).isEqualTo(before);

        database.run("UPDATE articles SET title = 'other'");

        assertThat(changeKeys(database, digest)).doesNotContainAnyElementsOf(before);
        assertThat(changeKeys(database, version).getFirst()).isEqualTo(versions.getFirst());
        assertThat(changeKeys(database, version).getLast())
                .as("a version that is NULL tells nothing")
                .isNotEqualTo(versions.getLast());
        database.run("UPDATE articles SET version = 2 WHERE id = 1");
        assertThat(changeKeys(database, version).getFirst()).isNotEqualTo(versions.getFirst());
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void leavesOutWhatIsMarkedAsDeleted(Kind kind) throws Exception {
        var database = fresh(
                kind,
                "id INT PRIMARY KEY, body TEXT, gone_at TIMESTAMP NULL, gone BOOLEAN, flag VARCHAR(9), bits BIT(9)");
        database.run("INSERT INTO articles VALUES (1, 'a', NULL, false, 'N', b'000000000'),"
                + " (2, 'b', '2026-01-01 00:00:00', true, 'yes', b'100000000')");
        for (var mark : List.of("gone_at", "gone", "flag", "bits")) {
            var columns = new Columns("id", "body", null, mark, null, null, List.of());
            try (var source = open(database.declared("SELECT * FROM articles", columns))) {
                assertThat(Listed.of(source).entries()).extracting(Entry::id).containsExactly("1");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void quarantinesRowsThatAreNoDocuments(Kind kind) throws Exception {
        var database = fresh(kind, "id VARCHAR(2000), body TEXT");
        database.run(
                "INSERT INTO articles VALUES ('good', 'words'), ('empty', NULL), (NULL, 'words'), (NULL, 'more')",
                "INSERT INTO articles VALUES ('large', '%s')".formatted("x".repeat(MOST_BYTES + 1)),
                "INSERT INTO articles VALUES ('%s', 'words')".formatted("i".repeat(1_500)));
        try (var source = open(database.declared("SELECT * FROM articles", PLAIN))) {
            var listed = Listed.of(source).entries();
            assertThat(listed)
                    .filteredOn(Entry.Row.class::isInstance)
                    .extracting(Entry::id)
                    .containsExactly("good");
            assertThat(listed)
                    .filteredOn(Entry.Unreadable.class::isInstance)
                    .extracting(entry -> ((Entry.Unreadable) entry).reason())
                    .containsExactlyInAnyOrder(
                            QuarantineReason.MissingText,
                            QuarantineReason.MissingId,
                            QuarantineReason.TooLarge,
                            QuarantineReason.BadId);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void refusesAListingInWhichRowsCannotBeToldApart(Kind kind) throws Exception {
        var database = fresh(kind, "id INT, body TEXT");
        database.run("INSERT INTO articles VALUES (1, 'words'), (2, 'words'), (1, 'others')");
        fails(
                database.declared("SELECT * FROM articles", PLAIN),
                FailureReason.SourceInvalid,
                "3 rows and 2 different values of id, so that rows can't be told apart: choose a unique column in jdbc.keyColumn");
        database.run("DELETE FROM articles");
        try (var connection = database.owner(TestDatabase.NAME);
                var insert = connection.prepareStatement("INSERT INTO articles VALUES (?, 'words')")) {
            for (var i = 1; i <= 1_200; i++) {
                // The last row of the first page and the first one of the second.
                insert.setInt(1, i > 1_000 ? i - 1 : i);
                insert.addBatch();
            }
            insert.executeBatch();
        }
        fails(
                database.declared("SELECT * FROM articles", PLAIN),
                FailureReason.SourceInvalid,
                "1200 rows and 1199 different values of id");
    }

    /** By a collation, which also decides what comes after the last key of a page. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void takesForTheSameKeyWhatTheDatabaseTakesForIt(Kind kind) throws Exception {
        var database = fresh(kind, "id VARCHAR(20), body TEXT");
        database.run("INSERT INTO articles VALUES ('a', 'small'), ('A', 'capital'), ('a ', 'spacious')");
        if (kind == Kind.MARIADB) {
            fails(
                    database.declared("SELECT * FROM articles", PLAIN),
                    FailureReason.SourceInvalid,
                    "3 rows and 1 different values of id");
        }
        var query = kind == Kind.MARIADB
                ? "SELECT id COLLATE utf8mb4_nopad_bin AS id, body FROM articles"
                : "SELECT * FROM articles";
        try (var source = open(database.declared(query, PLAIN))) {
            var entries = Listed.of(source).entries();
            source.fetch(entries.iterator());
            assertThat(entries).extracting(Entry::id).containsExactly("A", "a", "a ");
            assertThat(Listed.text(source, entries.get(0))).contains("capital");
            assertThat(Listed.text(source, entries.get(1))).contains("small");
            assertThat(Listed.text(source, entries.get(2))).contains("spacious");
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void seesOneMoment(Kind kind) throws Exception {
        var database = fresh(kind, "id INT PRIMARY KEY, body TEXT");
        database.run("INSERT INTO articles VALUES (1, 'as it was'), (2, 'as it was')");
        try (var source = open(database.declared("SELECT * FROM articles", PLAIN))) {
            var listed = Listed.of(source).entries();
            database.run("UPDATE articles SET body = 'as it is'", "DELETE FROM articles WHERE id = 2");
            source.fetch(listed.iterator());
            for (var entry : listed) {
                assertThat(Listed.text(source, entry)).contains("as it was");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void writesNothingWhateverTheQueryCalls(Kind kind) throws Exception {
        var database = fresh(kind, "id INT PRIMARY KEY, body TEXT");
        database.run("INSERT INTO articles VALUES (1, 'words')", "DROP FUNCTION IF EXISTS sneak");
        database.run("DROP TABLE IF EXISTS journal", "CREATE TABLE journal (seen INT)");
        database.run(
                kind == Kind.POSTGRESQL
                        ? "CREATE FUNCTION sneak() RETURNS INT SECURITY DEFINER LANGUAGE SQL AS 'INSERT INTO journal VALUES (1) RETURNING seen'"
                        : "CREATE FUNCTION sneak() RETURNS INT MODIFIES SQL DATA BEGIN INSERT INTO journal VALUES (1); RETURN 1; END");
        fails(
                database.declared("SELECT id, CONCAT(body, sneak()) AS body FROM articles", PLAIN),
                FailureReason.SourceInvalid,
                kind == Kind.POSTGRESQL ? "read-only" : "READ ONLY");
        try (var source = open(database.declared("SELECT * FROM articles", PLAIN))) {
            assertThat(Listed.of(source).entries()).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void saysWhatIsWrongWithADeclaration(Kind kind) throws Exception {
        var database = fresh(kind, "id INT PRIMARY KEY, body TEXT");
        database.run("INSERT INTO articles VALUES (1, 'words')");
        fails(database.declared("SELECT * FROM nowhere", PLAIN), FailureReason.SourceInvalid, "nowhere");
        fails(database.declared("SELECT FROM WHERE", PLAIN), FailureReason.SourceInvalid, "jdbc.query");
        fails(
                database.declared("SELECT id FROM articles", PLAIN),
                FailureReason.SourceInvalid,
                "the query has no column body; it has id");
        fails(
                database.declared("SELECT * FROM articles WHERE 1 = 0", PLAIN),
                FailureReason.SourceEmpty,
                "no documents");
        fails(
                database.declared("SELECT * FROM articles", PLAIN, 1, false, null),
                FailureReason.SourceUnreachable,
                "127.0.0.1:1");
        secret(folder.resolve("secret"), "wrong");
        try {
            fails(
                    database.declared("SELECT * FROM articles", PLAIN),
                    FailureReason.SourceUnauthorized,
                    "jdbc.credentialsSecretRef");
        } finally {
            secret(folder.resolve("secret"), TestDatabase.PASSWORD);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void saysThatTheUserMayNotReadWhatTheQueryReads(Kind kind) throws Exception {
        var database = fresh(kind, "id INT PRIMARY KEY, body TEXT");
        database.run("INSERT INTO articles VALUES (1, 'words')");
        database.forbid();
        try {
            for (var query : List.of(
                    "SELECT * FROM hidden.articles", "SELECT id, CONCAT(body, '') AS body FROM hidden.articles")) {
                fails(
                        database.declared(query, PLAIN),
                        FailureReason.SourceUnauthorized,
                        "refuses the user of jdbc.credentialsSecretRef, or what the query reads");
            }
            if (kind == Kind.MARIADB) {
                fails(
                        database.at("hidden", database.declared("SELECT * FROM articles", PLAIN)),
                        FailureReason.SourceUnauthorized,
                        "jdbc.credentialsSecretRef");
                fails(
                        database.declared("SELECT id, secret AS body FROM partly.columns", PLAIN),
                        FailureReason.SourceUnauthorized,
                        "secret");
            }
        } finally {
            database.allow();
        }
    }

    /** As an application does whose tenants share a table: what its user sees is all there is. */
    @Test
    void listsWhatAPolicyOfTheDatabaseShows() throws Exception {
        var database = fresh(Kind.POSTGRESQL, "id INT PRIMARY KEY, tenant INT, body TEXT");
        database.run(
                "INSERT INTO articles VALUES (1, 7, 'words'), (2, 8, 'words'), (3, 7, 'words')",
                "ALTER TABLE articles ENABLE ROW LEVEL SECURITY",
                "CREATE POLICY own ON articles TO reader USING (tenant = 7)");
        var declared = database.declared("SELECT id, body FROM articles", PLAIN);
        try (var source = open(declared)) {
            assertThat(Listed.of(source).entries()).extracting(Entry::id).containsExactly("1", "3");
        }
        database.run("ALTER POLICY own ON articles USING (id = 1)");
        try (var source = open(declared)) {
            assertThat(Listed.of(source).entries())
                    .as("what is hidden looks as if it were deleted")
                    .extracting(Entry::id)
                    .containsExactly("1");
        }
        database.run("DROP POLICY own ON articles");
        fails(declared, FailureReason.SourceEmpty, "no documents");
    }

    @Test
    void isLedToNoOtherServer() throws Exception {
        var database = fresh(Kind.MARIADB, "id INT PRIMARY KEY, body TEXT");
        database.run("INSERT INTO articles VALUES (1, 'words')");
        var server = database.server().port();
        try (var other = CuttingProxy.before(server);
                var leading = LeadingServer.before(server, other.port());
                var source = open(database.declared("SELECT * FROM articles", PLAIN, leading.port(), false, null))) {
            assertThat(Listed.of(source).entries()).hasSize(1);
            assertThat(other.passed()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void saysThatAHostIsNotKnown(Kind kind) throws Exception {
        var database = fresh(kind, "id INT PRIMARY KEY, body TEXT");
        fails(
                database.on("nowhere.invalid", database.declared("SELECT * FROM articles", PLAIN)),
                FailureReason.SourceUnreachable,
                "nowhere.invalid");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void quarantinesKeysThatAreNoIdsAndReadsTheOthers(Kind kind) throws Exception {
        var database = fresh(kind, "id TEXT, body TEXT");
        try (var connection = database.owner(TestDatabase.NAME);
                var insert = connection.prepareStatement("INSERT INTO articles VALUES (?, 'words')")) {
            for (var id : List.of("", "a", "a\nb", "\t", "k".repeat(8_192), "z")) {
                insert.setString(1, id);
                insert.addBatch();
            }
            insert.executeBatch();
        }
        try (var source = open(database.declared("SELECT * FROM articles", PLAIN))) {
            var entries = Listed.of(source).entries();
            assertThat(entries)
                    .filteredOn(Entry.Row.class::isInstance)
                    .extracting(Entry::id)
                    .containsExactly("a", "z");
            assertThat(entries)
                    .filteredOn(Entry.Unreadable.class::isInstance)
                    .hasSize(4)
                    .allMatch(entry -> ((Entry.Unreadable) entry).reason() == QuarantineReason.BadId);
            source.fetch(entries.iterator());
            assertThat(Listed.text(
                            source,
                            entries.stream()
                                    .filter(entry -> entry.id().equals("z"))
                                    .findFirst()
                                    .orElseThrow()))
                    .contains("words");
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void takesNothingForDeletedWhenTheConnectionBreaksInTheMiddle(Kind kind) throws Exception {
        var database = fresh(kind, "id INT PRIMARY KEY, body TEXT");
        try (var connection = database.owner(TestDatabase.NAME);
                var insert = connection.prepareStatement("INSERT INTO articles VALUES (?, 'words')")) {
            for (var i = 0; i < 3_000; i++) {
                insert.setInt(1, i);
                insert.addBatch();
            }
            insert.executeBatch();
        }
        try (var proxy = CuttingProxy.before(database.server().port())) {
            proxy.cutAfter(150_000);
            fails(
                    database.declared("SELECT * FROM articles", PLAIN, proxy.port(), false, null),
                    FailureReason.SourceUnreachable,
                    "can't be read");
            assertThat(proxy.passed()).isGreaterThan(100_000);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void trustsTheDeclaredAuthorityAndNoOther(Kind kind, @TempDir Path home) throws Exception {
        var authority = TestAuthority.in(home);
        var certificate =
                Files.writeString(home.resolve("host.crt"), authority.hostPem()).toString();
        var key = Files.writeString(home.resolve("host.key"), authority.hostKeyPem());
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        var settings = kind == Kind.POSTGRESQL
                ? new String[] {"ssl=on", "ssl_cert_file=" + certificate, "ssl_key_file=" + key}
                : new String[] {"ssl-cert=" + certificate, "ssl-key=" + key};
        try (var database = TestDatabase.start(kind, home.resolve("server"), settings)) {
            database.run(
                    "CREATE TABLE articles (id INT PRIMARY KEY, body TEXT)", "INSERT INTO articles VALUES (1, 'x')");
            var port = database.server().port();
            try (var source = open(database.declared("SELECT * FROM articles", PLAIN, port, true, authority.pem()))) {
                assertThat(Listed.of(source).entries()).hasSize(1);
            }
            fails(
                    database.declared("SELECT * FROM articles", PLAIN, port, true, authority.otherPem()),
                    FailureReason.SourceUnreachable,
                    "jdbc.caConfigMapRef");
            if (kind == Kind.POSTGRESQL) {
                // A server of MariaDB proves by the password that the certificate is its own.
                fails(
                        database.declared("SELECT * FROM articles", PLAIN, port, true, null),
                        FailureReason.SourceUnreachable,
                        "jdbc.caConfigMapRef");
            }
            refuses(database, authority, authority.misnamed(), home, "is another host's: declare a name of the host");
            refuses(database, authority, authority.expired(), home, "has expired or isn't valid yet: have it renewed");
        }
        var plain = fresh(kind, "id INT PRIMARY KEY, body TEXT");
        fails(
                plain.declared("SELECT * FROM articles", PLAIN, plain.server().port(), true, authority.pem()),
                FailureReason.SourceUnreachable,
                "jdbc.tls");
    }

    /** Gives the server another certificate, in the place of the one that it has. */
    private static void refuses(
            TestDatabase database, TestAuthority trusted, TestAuthority host, Path home, String says) throws Exception {
        Files.writeString(home.resolve("host.crt"), host.hostPem());
        Files.writeString(home.resolve("host.key"), host.hostKeyPem());
        database.server().stop();
        database.server().resume();
        fails(
                database.declared(
                        "SELECT * FROM articles", PLAIN, database.server().port(), true, trusted.pem()),
                FailureReason.SourceUnreachable,
                says);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void readsWhoSeesARowAndTellsItsChangeThoughTheVersionStays(Kind kind) throws Exception {
        var database = fresh(
                kind,
                "id INT PRIMARY KEY, body TEXT, version INT, readers %s"
                        .formatted(kind == Kind.POSTGRESQL ? "TEXT[]" : "TEXT"));
        database.run(
                kind == Kind.POSTGRESQL
                        ? "INSERT INTO articles VALUES (1, 'one', 1, ARRAY['group:x', 'user:a']), (2, 'two', 1, NULL)"
                        : "INSERT INTO articles VALUES (1, 'one', 1, 'group:x, user:a'), (2, 'two', 1, NULL)");
        var columns = new Columns("id", "body", "version", null, null, null, List.of());
        var declared =
                database.declared("SELECT * FROM articles", columns).with(new SourceManifest.Access("readers", null));
        List<String> before;
        try (var source = open(declared)) {
            var entries = Listed.of(source).entries();
            before = entries.stream().map(Entry::changeKey).toList();
            source.fetch(entries.iterator());
            var first = ManifestJson.mapper().readTree(Listed.text(source, entries.getFirst()));
            assertThat(Acl.of(
                                    "readers",
                                    ManifestJson.mapper()
                                            .convertValue(first.path("metadata").path("readers"), Object.class))
                            .principals())
                    .containsExactly("group:x", "user:a");
            var second = ManifestJson.mapper().readTree(Listed.text(source, entries.getLast()));
            assertThat(second.path("metadata").has("readers")).isFalse();
        }
        database.run(
                kind == Kind.POSTGRESQL
                        ? "UPDATE articles SET readers = ARRAY['user:b'] WHERE id = 1"
                        : "UPDATE articles SET readers = 'user:b' WHERE id = 1");
        try (var source = open(declared)) {
            var after =
                    Listed.of(source).entries().stream().map(Entry::changeKey).toList();
            assertThat(after.getFirst()).isNotEqualTo(before.getFirst());
            assertThat(after.getLast()).isEqualTo(before.getLast());
        }
        fails(
                database.declared("SELECT * FROM articles", columns).with(new SourceManifest.Access("viewers", null)),
                FailureReason.SourceInvalid,
                "no column viewers");
    }

    private static TestDatabase fresh(Kind kind, String columns) throws SQLException {
        var database = DATABASES.get(kind);
        if (database == null) {
            throw new IllegalStateException("no " + kind);
        }
        database.run("DROP TABLE IF EXISTS articles", "CREATE TABLE articles (%s)".formatted(columns));
        return database;
    }

    private static List<String> changeKeys(TestDatabase database, Columns columns) {
        try (var source = open(database.declared("SELECT * FROM articles", columns))) {
            return Listed.of(source).entries().stream().map(Entry::changeKey).toList();
        }
    }

    private static void fails(SourceManifest declared, FailureReason reason, String message) {
        try (var source = open(declared);
                var spools = Spools.in(folder)) {
            assertThatThrownBy(() -> source.list(spools))
                    .isInstanceOfSatisfying(
                            SourceException.class,
                            e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason))
                    .hasMessageContaining(message)
                    .hasMessageContaining("nothing was changed")
                    .hasMessageNotContaining(TestDatabase.PASSWORD);
        }
    }

    private static Source open(SourceManifest declared) {
        return Sources.open(declared, reading());
    }

    private static Reading reading() {
        return new Reading(mount -> folder.resolve("secret"), folder.resolve("work"), MOST_BYTES, path -> false);
    }

    private static void secret(Path into, @Nullable String password) throws IOException {
        Files.createDirectories(into);
        Files.writeString(into.resolve("username"), TestDatabase.READER + "\n");
        Files.writeString(into.resolve("password"), password + "\n");
    }
}
