package dev.concordance.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.concordance.localcluster.servers.CuttingProxy;
import dev.concordance.localcluster.servers.GitServer;
import dev.concordance.localcluster.servers.RecordingProxy;
import dev.concordance.localcluster.servers.RecordingProxy.Disturbance;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.QuarantineReason;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.spool.Spools;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.URIish;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GitSourceTest {
    private static final GitServer.Credentials LOGIN = new GitServer.Credentials("reader", "secret-word");

    @TempDir
    private Path folder;

    private TestRepository repository;
    private GitServer server;

    @BeforeEach
    void start() throws Exception {
        repository = TestRepository.create(folder.resolve("origin"));
        server = GitServer.start(0, folder.resolve("origin"), "docs", null);
    }

    @AfterEach
    void stop() {
        server.close();
        repository.close();
    }

    @Test
    void readsTheFilesOfABranchATagAFullReferenceAndACommit() throws Exception {
        var first = repository.commit(Map.of("a.md", "first"));
        repository.tag("v1");
        repository.commit(Map.of("a.md", "second", "b/c.txt", "new"));
        assertThat(contents("main")).containsExactly("a.md=second", "b/c.txt=new");
        assertThat(contents("v1")).containsExactly("a.md=first");
        assertThat(contents("refs/tags/v1")).containsExactly("a.md=first");
        assertThat(contents("refs/heads/main")).containsExactly("a.md=second", "b/c.txt=new");
        assertThat(contents(first.name())).containsExactly("a.md=first");
    }

    @Test
    void listsWhateverNamesARepositoryHoldsAndLosesNoOther() throws Exception {
        var deep = String.join("/", Collections.nCopies(6, "d".repeat(200))) + "/x.md";
        repository.commit(
                Map.of("a.md", "words", "ü.md", "dots", "日本/b.md", "below", "a\nb.md", "lines", deep, "deep"));
        repository.commitNamed(new byte[] {(byte) 0xFF, '.', 'm', 'd'}, "no characters");
        repository.link("ü/inside.md", "../ü.md");
        try (var source = open("main")) {
            var entries = Listed.of(source).entries();
            source.fetch(entries.iterator());
            var read = new TreeMap<String, String>();
            for (var entry : entries) {
                if (entry instanceof Entry.File) {
                    read.put(entry.id(), Listed.text(source, entry));
                }
            }
            assertThat(read)
                    .as("Git says nothing of the encoding of names: what is no UTF-8 is read as ISO 8859-1")
                    .isEqualTo(Map.of("a.md", "words", "ü.md", "dots", "日本/b.md", "below", "ÿ.md", "no characters"));
            assertThat(entries)
                    .filteredOn(Entry.Unreadable.class::isInstance)
                    .hasSize(2)
                    .extracting(entry -> ((Entry.Unreadable) entry).reason())
                    .containsOnly(QuarantineReason.BadId);
        }
    }

    @Test
    void tellsOfAPathThatReadsAsAnotherOne() throws Exception {
        repository.commit(Map.of("ÿ.md", "words", "a.md", "more"));
        repository.commitNamed(new byte[] {(byte) 0xFF, '.', 'm', 'd'}, "no characters");
        try (var source = open("main")) {
            var entries = Listed.of(source).entries();
            source.fetch(entries.iterator());
            assertThat(entries).extracting(Entry::id).startsWith("a.md").endsWith("ÿ.md");
            assertThat(Listed.text(source, entries.getLast())).isEqualTo("words");
            assertThat(entries)
                    .hasSize(3)
                    .filteredOn(Entry.Unreadable.class::isInstance)
                    .singleElement()
                    .isInstanceOfSatisfying(Entry.Unreadable.class, other -> {
                        assertThat(other.reason()).isEqualTo(QuarantineReason.DuplicateId);
                        assertThat(other.message()).startsWith("ÿ.md: ");
                    });
        }
    }

    @Test
    void namesTheCommitAsPositionAndTheBlobAsChangeKey() throws Exception {
        var commit = repository.commit(Map.of("a.md", "words"));
        try (var source = open("main")) {
            var listing = Listed.of(source);
            assertThat(listing.position()).isEqualTo(commit.name());
            assertThat(listing.entries())
                    .extracting(Entry::changeKey)
                    .containsExactly(repository.blob("words").name());
        }
    }

    @Test
    void fetchesTheRulesOfWhoSeesTheFilesAndNothingElse() throws Exception {
        repository.allow("allowFilter");
        repository.commit(
                Map.of("docs/a.md", "words", ".access.yaml", "rules: [{paths: docs/*, principals: group:x}]"));
        var declared = declared("main", null, List.of("docs/*.md"), List.of())
                .with(new SourceManifest.Access("access", ".access.yaml"));
        try (var source = Sources.open(declared, reading())) {
            var listing = Listed.of(source);
            assertThat(listing.entries()).extracting(Entry::id).containsExactly("docs/a.md");
            assertThat(Objects.requireNonNull(listing.access()).of("docs/a.md").principals())
                    .containsExactly("group:x");
            assertThat(has("words")).isFalse();
        }
        repository.link(".access.yaml", "docs/a.md");
        fails(FailureReason.SourceAccessInvalid, declared).hasMessageContaining(".access.yaml is missing");
    }

    @Test
    void fetchesNoFileThatNobodyReads() throws Exception {
        repository.allow("allowFilter");
        repository.commit(Map.of("a.md", "wanted", "b.md", "unchanged", "large.png", "image", "other.md", "excluded"));
        var declared = declared("main", null, List.of("*.md"), List.of("other.md"));
        try (var source = Sources.open(declared, reading())) {
            var listing = Listed.of(source);
            assertThat(listing.entries()).extracting(Entry::id).containsExactly("a.md", "b.md");
            assertThat(has("wanted")).isFalse();
            source.fetch(List.of(listing.entries().getFirst()).iterator());
            assertThat(has("wanted")).isTrue();
            assertThat(has("unchanged")).isFalse();
            assertThat(has("image")).isFalse();
        }
    }

    @Test
    void asksForReferencesAloneWhereItHasBroughtTheCommitBeforeAndElseForNoFile() throws Exception {
        repository.allow("allowFilter");
        repository.commit(Map.of("a.md", "words", "b/c.md", "more"));
        try (var proxy = RecordingProxy.start(
                URI.create("http://127.0.0.1:" + server.url().getPort()))) {
            var declared = declared(URI.create(proxy.url() + server.url().getPath()), "main", null);
            assertThat(requests(proxy, declared, reading())).contains("POST /docs.git/git-upload-pack");
            assertThat(requests(proxy, declared, reading()))
                    .as("what the server can, and its references")
                    .containsExactly("GET /docs.git/info/refs", "POST /docs.git/git-upload-pack");
            var elsewhere = new Reading(folder::resolve, folder.resolve("elsewhere"), 1 << 20, path -> false);
            var another = new Reading(folder::resolve, folder.resolve("another"), 1 << 20, path -> false);
            var inANewPod = requests(proxy, declared, elsewhere);
            assertThat(requests(proxy, declared, another)).isEqualTo(inANewPod);
            assertThat(inANewPod)
                    .as("the same, and over another connection the commit without its files")
                    .containsExactly(
                            "GET /docs.git/info/refs",
                            "POST /docs.git/git-upload-pack",
                            "GET /docs.git/info/refs",
                            "POST /docs.git/git-upload-pack",
                            "POST /docs.git/git-upload-pack");
            assertThat(has("words")).isFalse();
        }
    }

    /** What a listing asks of which nothing is to be read. */
    private static List<String> requests(RecordingProxy proxy, SourceManifest declared, Reading reading) {
        proxy.forget();
        try (var source = Sources.open(declared, reading)) {
            assertThat(Listed.of(source).entries()).hasSize(2);
            source.fetch(List.<Entry>of().iterator());
        }
        return proxy.calls().stream()
                .map(call -> call.method() + " " + call.path())
                .toList();
    }

    @Test
    void fetchesTheWholeCommitFromAHostThatCannotLeaveFilesOut() throws Exception {
        repository.commit(Map.of("a.md", "old"));
        repository.commit(Map.of("a.md", "wanted", "b.md", "also"));
        try (var source = open("main")) {
            var entries = Listed.of(source).entries();
            assertThat(has("also")).isTrue();
            assertThat(has("old")).isFalse();
            source.fetch(entries.iterator());
            assertThat(Listed.text(source, entries.getFirst())).isEqualTo("wanted");
        }
    }

    @Test
    void asksWithTheCredentialsOfTheMountAndSaysWhenTheyAreRefused() throws Exception {
        repository.commit(Map.of("a.md", "words"));
        server.close();
        server = GitServer.start(0, folder.resolve("origin"), "docs", LOGIN);
        fails(FailureReason.SourceUnauthorized, declared("main", null, List.of(), List.of()))
                .hasMessageContaining("git.credentialsSecretRef")
                .hasMessageContaining("nothing was changed");
        secret("username", "reader");
        secret("password", "wrong");
        fails(FailureReason.SourceUnauthorized, declared("main", "login", List.of(), List.of()))
                .hasMessageNotContaining("wrong");
        secret("password", "secret-word\n");
        try (var source = Sources.open(declared("main", "login", List.of(), List.of()), reading())) {
            assertThat(Listed.of(source).entries()).hasSize(1);
        }
    }

    @Test
    void takesATokenForAPasswordAndSaysWhichKeysASecretNeeds() throws Exception {
        repository.commit(Map.of("a.md", "words"));
        server.close();
        server = GitServer.start(
                0, folder.resolve("origin"), "docs", new GitServer.Credentials("x-access-token", "t0ken"));
        Files.createDirectories(folder.resolve("login"));
        fails(FailureReason.SourceUnauthorized, declared("main", "login", List.of(), List.of()))
                .hasMessageContaining("needs the key token");
        secret("token", "t0ken");
        try (var source = Sources.open(declared("main", "login", List.of(), List.of()), reading())) {
            assertThat(Listed.of(source).entries()).hasSize(1);
        }
    }

    @Test
    void saysWhichBranchesThereAreWhenTheDeclaredOneHasVanished() throws Exception {
        repository.commit(Map.of("a.md", "words"));
        fails(FailureReason.SourceRefNotFound, declared("gone", null, List.of(), List.of()))
                .hasMessageContaining("it has main")
                .hasMessageContaining("nothing was changed");
        fails(FailureReason.SourceRefNotFound, declared("0123456789".repeat(4), null, List.of(), List.of()))
                .hasMessageContaining("has no commit");
    }

    @Test
    void takesAnEmptyRepositoryAndAnEmptySelectionForAMistake() throws Exception {
        fails(FailureReason.SourceEmpty, declared("main", null, List.of(), List.of()))
                .hasMessageContaining("no commits yet");
        repository.commit(Map.of("a.md", "words", "logo.png", "image"));
        fails(FailureReason.SourceEmpty, declared("main", null, List.of("docs/**"), List.of()))
                .hasMessageContaining("include");
        fails(FailureReason.SourceEmpty, declared("main", null, List.of("*.png"), List.of()));
    }

    @Test
    void saysThatAHostCannotBeReachedOrHasNoSuchRepository() throws Exception {
        var url = server.url();
        repository.commit(Map.of("a.md", "words"));
        fails(FailureReason.SourceUnreachable, declared(url.resolve("other.git"), "main", null))
                .hasMessageContaining("there is no repository");
        server.close();
        fails(FailureReason.SourceUnreachable, declared(url, "main", null)).hasMessageContaining("can't be reached");
    }

    @Test
    void asksWhetherTheRunGoesOnWhileObjectsArriveAndEndsIfItDoesNot() throws Exception {
        repository.commit(Map.of("a.md", "words"));
        var asked = new AtomicInteger();
        try (var spools = Spools.in(folder.resolve("spools"))) {
            var before = Before.nothing(spools);
            try (var source = open("main")) {
                assertThatThrownBy(() -> source.list(spools, new Before(null, before.documents(), () -> {
                            throw new IllegalStateException("told to end");
                        })))
                        .hasMessage("told to end");
            }
            try (var source = open("main")) {
                source.list(spools, new Before(null, before.documents(), asked::incrementAndGet));
            }
        }
        assertThat(asked).hasPositiveValue();
    }

    @Test
    void followsNoRedirectToAnotherHostOrPort() throws Exception {
        repository.commit(Map.of("a.md", "words"));
        var metadata = "http://169.254.169.254/latest/meta-data";
        for (var led : Map.of(
                        server.url().toString().replace("127.0.0.1", "localhost"),
                        "another host, localhost",
                        server.url().toString(),
                        "another port, 127.0.0.1:" + server.url().getPort(),
                        metadata,
                        "another host, 169.254.169.254")
                .entrySet()) {
            var asked = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            asked.createContext("/", exchange -> {
                exchange.getResponseHeaders()
                        .set(
                                "Location",
                                led.getKey() + "/info/refs?"
                                        + exchange.getRequestURI().getQuery());
                exchange.sendResponseHeaders(302, -1);
                exchange.close();
            });
            asked.start();
            try {
                var url = URI.create("http://127.0.0.1:" + asked.getAddress().getPort() + "/docs.git");
                fails(FailureReason.SourceInvalid, declared(url, "main", null))
                        .hasMessageContaining("redirects to " + led.getValue());
            } finally {
                asked.stop(0);
            }
        }
    }

    /** Nobody is asked: it says by itself which addresses it connects to. */
    @Test
    void followsARedirectToTheUsualPortOfHttpsAndToNoOther() throws Exception {
        var plain = new OneHostConnections(new URIish("http://git.test/docs.git"), null);
        for (var url : List.of("http://git.test/a", "http://GIT.test:80/a", "https://git.test/a")) {
            assertThat(plain.create(URI.create(url).toURL())).as(url).isNotNull();
        }
        var secured = new OneHostConnections(new URIish("https://git.test:8443/docs.git"), null);
        assertThat(secured.create(URI.create("https://git.test:8443/a").toURL()))
                .isNotNull();
        for (var url : List.of("https://git.test:8443/a", "http://git.test:443/a")) {
            assertThatThrownBy(() -> plain.create(URI.create(url).toURL()))
                    .as(url)
                    .isInstanceOf(IOException.class);
        }
        for (var url : List.of("https://git.test/a", "http://git.test/a")) {
            assertThatThrownBy(() -> secured.create(URI.create(url).toURL()))
                    .as(url)
                    .hasMessageContaining("another port");
        }
    }

    @Test
    void endsOnARedirectThatGoesInCircles() throws Exception {
        var asked = new AtomicInteger();
        var circling = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        circling.createContext("/", exchange -> {
            asked.incrementAndGet();
            exchange.getResponseHeaders()
                    .set("Location", exchange.getRequestURI().toString());
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        circling.start();
        try {
            var url = URI.create("http://127.0.0.1:" + circling.getAddress().getPort() + "/docs.git");
            fails(FailureReason.SourceUnreachable, declared(url, "main", null))
                    .hasMessageContaining("edirect")
                    .hasMessageContaining("nothing was changed");
            assertThat(asked.get()).isLessThan(20);
        } finally {
            circling.stop(0);
        }
    }

    @Test
    void saysThatAHostHasNoAddress() {
        fails(FailureReason.SourceUnreachable, declared(URI.create("http://gone.invalid/docs.git"), "main", null))
                .hasMessageContaining("no address for the host name gone.invalid");
    }

    @Test
    void saysThatABranchWasMovedWhileItWasReadAndReadsItTheNextTime() throws Exception {
        repository.commit(Map.of("a.md", "old"));
        try (var proxy = RecordingProxy.start(
                        URI.create("http://127.0.0.1:" + server.url().getPort()));
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var hold = new Disturbance.Hold();
            var asked = new AtomicInteger();
            proxy.disturb(call -> call.path().endsWith("/info/refs") && asked.incrementAndGet() == 2, 1, hold);
            var moved = declared(proxy.url().resolve(server.url().getPath()), "main", null);
            var listing = threads.submit(() -> fails(FailureReason.SourceUnreachable, moved)
                    .hasMessageContaining("at which main was when it was asked: it has moved meanwhile")
                    .hasMessageContaining("nothing was changed"));
            hold.awaitCall();
            repository.replace(Map.of("a.md", "new"));
            hold.release();
            listing.get();
            assertThat(contents("main")).containsExactly("a.md=new");
        }
    }

    @Test
    void takesNoPartOfAPackForTheCommit() throws Exception {
        var noise = new Random(1)
                .ints(300_000, 'A', 'z' + 1)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        repository.commit(Map.of("a.md", "words", "large.md", noise));
        try (var proxy = CuttingProxy.before(server.url().getPort())) {
            var url =
                    URI.create("http://127.0.0.1:" + proxy.port() + server.url().getPath());
            proxy.cutAfter(100_000);
            fails(FailureReason.SourceUnreachable, declared(url, "main", null))
                    .hasMessageContaining("nothing was changed");
            assertThat(proxy.cuts()).isPositive();
            assertThat(proxy.passed()).isGreaterThan(100_000);
            proxy.mend();
            try (var source = Sources.open(declared(url, "main", null), reading())) {
                var entries = Listed.of(source).entries();
                source.fetch(entries.iterator());
                assertThat(Listed.text(source, entries.getFirst())).isEqualTo("words");
                assertThat(Listed.text(source, entries.getLast())).isEqualTo(noise);
            }
        }
    }

    @Test
    void opensNoPathOfTheMachineAndNoUrlWithCredentials() {
        fails(FailureReason.SourceInvalid, declared(folder.resolve("origin").toUri(), "main", null))
                .hasMessageContaining("https://");
        fails(FailureReason.SourceInvalid, declared(URI.create("http://user:hunter2@127.0.0.1/x.git"), "main", null))
                .hasMessageNotContaining("hunter2");
        fails(FailureReason.SourceUnauthorized, declared(URI.create("ssh://git@127.0.0.1/x.git"), "main", null))
                .hasMessageContaining("known_hosts");
    }

    @Test
    void listsWhatIsNoFileOfTheRepositoryWithTheReason() throws Exception {
        repository.commit(Map.of("docs/a.md", "words"));
        repository.link("docs/out.md", "../../etc/passwd");
        repository.link("docs/absolute.md", "/etc/passwd");
        repository.link("docs/long.md", "x/".repeat(5_000));
        repository.link("docs/same.md", "a.md");
        repository.submodule("vendor/other");
        try (var source = open("main")) {
            var listing = Listed.of(source);
            assertThat(listing.entries())
                    .filteredOn(Entry.Unreadable.class::isInstance)
                    .extracting(entry -> entry.id() + " " + ((Entry.Unreadable) entry).reason())
                    .containsExactly(
                            "docs/absolute.md " + QuarantineReason.OutsideSource,
                            "docs/long.md " + QuarantineReason.OutsideSource,
                            "docs/out.md " + QuarantineReason.OutsideSource,
                            "vendor/other " + QuarantineReason.Submodule);
            assertThat(listing.passedOver()).isEqualTo(1);
        }
    }

    @Test
    void readsNoFileThatIsLargerThanTheLimit() throws Exception {
        repository.allow("allowFilter");
        repository.commit(Map.of("a.md", "x".repeat(5_000_000)));
        try (var source = open("main")) {
            var entries = Listed.of(source).entries();
            source.fetch(entries.iterator());
            assertThat(Listed.content(source, entries.getFirst()).size()).isEqualTo(5_000_000);
            assertThatThrownBy(() -> Listed.text(source, entries.getFirst()))
                    .isInstanceOf(OversizedContent.class)
                    .hasMessageContaining("ingestion.maxDocumentSize");
        }
    }

    private List<String> contents(String ref) throws Exception {
        try (var source = open(ref)) {
            var entries = Listed.of(source).entries();
            source.fetch(entries.iterator());
            var contents = new java.util.ArrayList<String>();
            for (var entry : entries) {
                contents.add(entry.id() + "=" + Listed.text(source, entry));
            }
            return contents;
        }
    }

    private Source open(String ref) {
        return Sources.open(declared(ref, null, List.of(), List.of()), reading());
    }

    private SourceManifest declared(String ref, @Nullable String mount, List<String> include, List<String> exclude) {
        var git = new SourceManifest.Git(server.url().toString(), ref, mount, null);
        return new SourceManifest("docs", git, include, exclude, null, null);
    }

    private static SourceManifest declared(URI url, String ref, @Nullable String mount) {
        var git = new SourceManifest.Git(url.toString(), ref, mount, null);
        return new SourceManifest("docs", git, List.of(), List.of(), null, null);
    }

    private Reading reading() {
        return new Reading(folder::resolve, folder.resolve("work"), 1 << 20, path -> path.endsWith(".png"));
    }

    private org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> fails(
            FailureReason reason, SourceManifest declared) {
        return assertThatThrownBy(() -> {
                    try (var source = Sources.open(declared, reading())) {
                        Listed.of(source);
                    }
                })
                .isInstanceOfSatisfying(
                        SourceException.class,
                        e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason));
    }

    private void secret(String key, String value) throws IOException {
        Files.createDirectories(folder.resolve("login"));
        Files.writeString(folder.resolve("login").resolve(key), value);
    }

    private boolean has(String text) throws IOException {
        var here = new FileRepositoryBuilder()
                .setGitDir(folder.resolve("work/git-docs/repository.git").toFile())
                .build();
        try (here) {
            return here.getObjectDatabase().has(repository.blob(text));
        }
    }
}
