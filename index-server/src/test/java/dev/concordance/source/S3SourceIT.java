package dev.concordance.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.http.Time;
import dev.concordance.localcluster.servers.ObjectStoreProcess;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.SourceManifest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** Over a real store. */
class S3SourceIT {
    private static final String BUCKET = "handbook";
    private static final int MOST_BYTES = 1_000;
    private static final Throttle UNLIMITED = new Throttle(SourceManifest.RateLimit.NONE, Time.REAL);
    private static ObjectStoreProcess store;
    private static S3Client owner;
    private static Path secret;
    private static Path workspace;
    private static Path objects;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        store = ObjectStoreProcess.start(folder.resolve("store"), 0);
        objects = folder.resolve("store").resolve("objects");
        workspace = folder.resolve("workspace");
        secret = secret(folder.resolve("secret"), ObjectStoreProcess.SECRET);
        owner = S3Clients.open("test", location("", store.url()), secret, UNLIMITED);
    }

    @AfterAll
    static void stop() {
        owner.close();
        store.close();
    }

    @BeforeEach
    void createBucket() {
        owner.createBucket(bucket -> bucket.bucket(BUCKET));
    }

    @AfterEach
    void deleteBucket() {
        for (var object :
                owner.listObjectsV2Paginator(list -> list.bucket(BUCKET)).contents()) {
            owner.deleteObject(delete -> delete.bucket(BUCKET).key(object.key()));
        }
        owner.deleteBucket(bucket -> bucket.bucket(BUCKET));
    }

    @Test
    void listsObjectsBelowAPrefixByTheRestOfTheirKeys() throws IOException {
        put("docs/a.md", "# A");
        put("docs/sub/ü b+50%41.md", "# B");
        put("docs/draft/c.md", "# C");
        put("docs/picture.bin", "…");
        put("other/d.md", "# D");
        try (var source = open(declared("docs/", List.of(), List.of("draft/**")), secret)) {
            var listing = Listed.of(source);
            assertThat(listing.entries()).extracting(Entry::id).containsExactly("a.md", "sub/ü b+50%41.md");
            assertThat(listing.passedOver()).isEqualTo(1);
            assertThat(Listed.text(source, listing.entries().get(1))).isEqualTo("# B");
        }
    }

    @Test
    void readsTheRulesOfWhoSeesTheObjectsBelowThePrefix() {
        put("docs/a.md", "# A");
        put("docs/.access.yaml", "rules: [{paths: \"*.md\", principals: group:x}]");
        put(".access.yaml", "rules: [{paths: \"*.md\", principals: everyone}]");
        var declared =
                declared("docs/", List.of("*.md"), List.of()).with(new SourceManifest.Access("access", ".access.yaml"));
        try (var source = open(declared, secret)) {
            var listing = Listed.of(source);
            assertThat(listing.entries()).extracting(Entry::id).containsExactly("a.md");
            assertThat(Objects.requireNonNull(listing.access()).of("a.md").principals())
                    .containsExactly("group:x");
        }
        put("docs/.access.yaml", "#".repeat(300_000));
        try (var source = open(declared, secret)) {
            assertThatThrownBy(() -> Listed.of(source))
                    .isInstanceOf(SourceException.class)
                    .hasMessageContaining("bytes");
        }
    }

    @Test
    void tellsAChangeAndAnAdditionAndARemoval() {
        put("a.md", "one");
        put("b.md", "two");
        var first = list();
        assertThat(list().position()).isEqualTo(first.position());
        // Of the same length, so that only the entity tag tells.
        put("a.md", "six");
        owner.deleteObject(delete -> delete.bucket(BUCKET).key("b.md"));
        put("c.md", "three");
        var second = list();
        assertThat(second.entries()).extracting(Entry::id).containsExactly("a.md", "c.md");
        assertThat(second.entries().getFirst().changeKey())
                .isNotEqualTo(first.entries().getFirst().changeKey());
        assertThat(second.position()).isNotEqualTo(first.position());
    }

    @Test
    void readsAnObjectAsItIsAndTellsByTheNextListingThatItHasChangedSinceTheLast() throws IOException {
        put("a.md", "one");
        try (var source = open(declared("", List.of(), List.of()), secret)) {
            var listed = Listed.of(source).entries().getFirst();
            put("a.md", "six");
            assertThat(Listed.text(source, listed)).isEqualTo("six");
            assertThat(list().entries().getFirst().changeKey()).isNotEqualTo(listed.changeKey());
        }
    }

    @Test
    void saysWhenAnObjectWasStored() {
        var before = Instant.now().minusSeconds(2);
        put("a.md", "one");
        assertThat(list().entries().getFirst().changedAt()).isBetween(before, Instant.now());
    }

    /** Objects are files of the store's folder, where copies of one are made at once; to send each takes most of a minute. */
    @Test
    void listsMoreThanAPage() throws IOException {
        put("n0000.md", "x");
        var first = objects.resolve(BUCKET).resolve("n0000.md");
        for (var i = 1; i < 1_005; i++) {
            Files.copy(first, first.resolveSibling("n%04d.md".formatted(i)), StandardCopyOption.COPY_ATTRIBUTES);
        }
        assertThat(list().entries()).hasSize(1_005);
        for (var i = 1; i < 1_005; i++) {
            Files.delete(first.resolveSibling("n%04d.md".formatted(i)));
        }
    }

    @Test
    void refusesWhatIsTooLargeAndReadsOnlyWhatIsThere() {
        put("a.md", "a");
        put("large.md", "x".repeat(MOST_BYTES + 1));
        try (var source = open(declared("", List.of(), List.of()), secret)) {
            var entries = Listed.of(source).entries();
            assertThat(entries.get(1)).isInstanceOf(Entry.Unreadable.class);
            put("a.md", "y".repeat(MOST_BYTES + 1));
            assertThatThrownBy(() -> Listed.text(source, entries.getFirst())).isInstanceOf(OversizedContent.class);
            owner.deleteObject(delete -> delete.bucket(BUCKET).key("a.md"));
            assertThatThrownBy(() -> Listed.text(source, entries.getFirst())).isInstanceOf(VanishedContent.class);
        }
    }

    @Test
    void readsTheLinesOfAFile() throws IOException {
        put("faq.jsonl", "{\"id\": \"1\", \"text\": \"one\"}\n{\"id\": \"2\", \"text\": \"two\"}\n");
        var declared = new SourceManifest(
                "docs",
                location("", store.url()),
                List.of(),
                List.of(),
                null,
                new SourceManifest.JsonLines("id", null, "text", null, List.of()));
        try (var source = open(declared, secret)) {
            var entries = Listed.of(source).entries();
            assertThat(entries).extracting(Entry::id).containsExactly("1", "2");
            assertThat(entries.getFirst()).isInstanceOf(Entry.Line.class);
            assertThat(Listed.content(source, entries.getLast()).read())
                    .asString(StandardCharsets.UTF_8)
                    .contains("two");
        }
    }

    @Test
    void saysWhatIsWrong(@TempDir Path folder) throws IOException {
        assertFails(declared("", List.of(), List.of()), secret, FailureReason.SourceEmpty, "holds no documents");
        put("a.md", "a");
        var wrong = secret(folder.resolve("wrong"), "not the secret");
        assertFails(
                declared("", List.of(), List.of()),
                wrong,
                FailureReason.SourceUnauthorized,
                "give credentials in s3.credentialsSecretRef");
        assertFails(
                declared("", List.of(), List.of()),
                null,
                FailureReason.SourceUnauthorized,
                "give credentials in s3.credentialsSecretRef");
        assertFails(
                declared("", List.of(), List.of()),
                Files.createDirectory(folder.resolve("empty")),
                FailureReason.SourceUnauthorized,
                "needs the keys accessKeyId and secretAccessKey");
        var missing = new SourceManifest.S3(
                "nowhere",
                "",
                store.url().toString(),
                "us-east-1",
                true,
                "s3",
                false,
                null,
                SourceManifest.RateLimit.NONE,
                null);
        assertFails(
                declared("", List.of(), List.of()).at(missing),
                secret,
                FailureReason.SourceUnreachable,
                "there is no bucket nowhere");
        assertFails(
                declared("", List.of(), List.of()).at(location("", URI.create("http://127.0.0.1:1"))),
                secret,
                FailureReason.SourceUnreachable,
                "http://127.0.0.1:1 can't be read");
        assertFails(
                declared("", List.of(), List.of()).at(location("", URI.create("http://nowhere.invalid"))),
                secret,
                FailureReason.SourceUnreachable,
                "no address for the host name nowhere.invalid");
        assertFails(
                declared("", List.of(), List.of())
                        .at(location("", URI.create(store.url().toString().replace("http:", "https:")))),
                secret,
                FailureReason.SourceUnreachable,
                "no verified TLS connection to https://");
    }

    private static void assertFails(
            SourceManifest declared, @Nullable Path credentials, FailureReason reason, String says) {
        try (var source = open(declared, credentials)) {
            assertThatThrownBy(() -> Listed.of(source))
                    .isInstanceOf(SourceException.class)
                    .hasMessageContaining(says)
                    .hasMessageContaining("nothing was changed")
                    .extracting(e -> ((SourceException) e).reason())
                    .isEqualTo(reason);
        }
    }

    private static Listed list() {
        try (var source = open(declared("", List.of(), List.of()), secret)) {
            return Listed.of(source);
        }
    }

    private static Source open(SourceManifest declared, @Nullable Path credentials) {
        return new S3Source(
                declared,
                (SourceManifest.S3) declared.location(),
                credentials,
                new Reading(name -> workspace, workspace, MOST_BYTES, path -> path.endsWith(".bin")));
    }

    private static SourceManifest declared(String prefix, List<String> include, List<String> exclude) {
        return new SourceManifest("docs", location(prefix, store.url()), include, exclude, null, null);
    }

    private static SourceManifest.S3 location(String prefix, URI endpoint) {
        return new SourceManifest.S3(
                BUCKET,
                prefix,
                endpoint.toString(),
                "us-east-1",
                true,
                "s3",
                false,
                null,
                SourceManifest.RateLimit.NONE,
                null);
    }

    private static Path secret(Path folder, String value) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("accessKeyId"), ObjectStoreProcess.KEY_ID + "\n");
        Files.writeString(folder.resolve("secretAccessKey"), value);
        return folder;
    }

    private static void put(String key, String text) {
        owner.putObject(put -> put.bucket(BUCKET).key(key), RequestBody.fromString(text));
    }
}
