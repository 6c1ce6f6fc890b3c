package dev.concordance.source.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.QuarantineReason;
import dev.concordance.source.Entry;
import dev.concordance.source.SourceException;
import dev.concordance.testing.TestAuthority;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Websites that are away, lie, loop, lead astray or never end: none costs a document, and each is told. */
class MisbehavingSiteTest {
    private final TestSite site = TestSite.start();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    void isIncompleteIfALaterPageIsRefused() {
        site.links("/", "/a", "/b");
        site.links("/a");
        site.status("/b", 503);
        var visited = visitor().visit();
        assertThat(visited.ids()).as("what could be read").containsExactly(url("/"), url("/a"));
        incomplete(visited, FailureReason.SourceUnreachable, "/b answered HTTP 503");
        assertThat(site.requests())
                .filteredOn("/b"::equals)
                .as("it is tried again before")
                .hasSize(3);
    }

    @Test
    void asksASiteThatIsAwayNoMoreThanAFewTimes() {
        var links = new String[50];
        for (var i = 0; i < links.length; i++) {
            links[i] = "/page-" + i;
            site.status(links[i], 500);
        }
        site.links("/", links);
        var visited = visitor().visit();
        incomplete(visited, FailureReason.SourceUnreachable, "answered HTTP 500");
        assertThat(site.requests()).hasSize(1 + 5 * 3);
    }

    @Test
    void comesBackWhenItIsAskedTo() {
        var asked = new AtomicInteger();
        site.put("/", exchange -> {
            if (asked.incrementAndGet() == 1) {
                exchange.getResponseHeaders().set("Retry-After", "7");
                exchange.sendResponseHeaders(429, -1);
            } else {
                site.send(exchange, "text/html", "words".getBytes(StandardCharsets.UTF_8));
            }
        });
        var visitor = visitor();
        assertThat(visitor.visit().incomplete()).isNull();
        assertThat(visitor.waited()).isBetween(Duration.ofSeconds(7), Duration.ofSeconds(8));

        site.put("/", exchange -> {
            exchange.getResponseHeaders().set("Retry-After", "3600");
            exchange.sendResponseHeaders(429, -1);
        });
        site.forget();
        fails(visitor(), FailureReason.SourceUnreachable, "HTTP 429");
        assertThat(site.requests()).as("not before an hour").hasSize(1);
    }

    @Test
    void keepsAPageThatIsRefusedNowAndPassesOverOneThatAlwaysWas() {
        site.links("/", "/a", "/login");
        site.links("/a");
        site.status("/login", 403);
        var first = visitor().visit();
        assertThat(first.incomplete()).isNull();
        assertThat(first.passedOver()).isEqualTo(1);
        site.status("/a", 403);
        var second = visitor().knowing(first).visit();
        incomplete(second, FailureReason.SourceUnauthorized, "/a may not be read (HTTP 403)");
        site.status("/a", 410);
        assertThat(visitor().knowing(first).visit().incomplete())
                .as("it is gone")
                .isNull();
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            302, http://other.test/login?state=s3cret, http://other.test/login
            301, http://other.test/login?state=s3cret, http://other.test/login
            303, http://10.0.0.1/,                     http://10.0.0.1/
            307, /login?state=s3cret,                  /login
            302, /private/a,                           /private/a
            302, /unlisted,                            /unlisted
            302, /forbidden,                           /forbidden
            308, /forbidden,                           /forbidden
            302, /by-way,                              http://other.test/
            301, /by-way,                              http://other.test/
            301, /passing,                             /login
            302, mailto:somebody@other.test,           no http or https address
            302, /a,                                   on and on
            301, /round,                               on and on
            """)
    void keepsAPageThatRedirectsToWhereNothingIsRead(int status, String to, String says) {
        manyEnds();
        var first = chosen().visit();
        assertThat(first.incomplete()).isNull();
        assertThat(first.ids()).contains(url("/a"));
        site.redirect("/a", to, status);
        var second = chosen().knowing(first).visit();
        incomplete(second, FailureReason.SourceInvalid, "/a ");
        assertThat(second.incomplete()).hasMessageContaining(says).hasMessageNotContaining("s3cret");
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            301, /login?a
            308, /login?a
            301, /private/a
            301, /unlisted
            302, /b
            302, /new
            302, /gone
            """)
    void takesAPageForGoneThatHasMoved(int status, String to) {
        manyEnds();
        site.links("/new");
        var first = chosen().visit();
        site.redirect("/a", to, status);
        var second = chosen().knowing(first).visit();
        assertThat(second.incomplete()).isNull();
        assertThat(second.ids()).doesNotContain(url("/a")).contains(url(to.equals("/new") ? "/new" : "/b"));
    }

    /** Where a page that is indexed may lead to; some ends are known before it does. */
    private void manyEnds() {
        site.links("/", "/a", "/b", "/by-way", "/forbidden", "/round");
        site.links("/a");
        site.links("/b");
        site.redirect("/by-way", "http://other.test/", 302);
        site.status("/forbidden", 403);
        site.page("/unlisted", "<meta name=robots content=noindex>Sign in");
        site.redirect("/passing", "/login", 302);
        site.redirect("/round", "/a", 302);
        site.put("/robots.txt", "text/plain", "User-agent: *\nDisallow: /private/\n");
    }

    private Visitor chosen() {
        return visitor().choosing(List.of(), List.of("login**"));
    }

    @Test
    void asksAgainForAPageThatBreaksOffAndKeepsIt() {
        site.links("/", "/a", "/b");
        site.links("/a");
        site.links("/b");
        var first = visitor().visit();
        site.put("/b", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, 1_000);
            exchange.getResponseBody().write("<p>Of some".getBytes(StandardCharsets.UTF_8));
        });
        site.forget();
        var second = visitor().knowing(first).visit();
        assertThat(second.ids()).containsExactly(url("/"), url("/a"));
        incomplete(second, FailureReason.SourceUnreachable, "/b can't be read");
        assertThat(site.requests()).filteredOn("/b"::equals).hasSize(3);
    }

    @Test
    void followsNoCircle() {
        site.links("/", "/loop", "/self");
        site.redirect("/loop", "/pool");
        site.redirect("/pool", "/loop");
        site.redirect("/self", "/self");
        assertThat(visitor().visit().incomplete())
                .as("no document is lost by it")
                .isNull();
        assertThat(site.requests()).containsExactlyInAnyOrder("/", "/loop", "/self", "/pool");
        fails(Visitor.of(folder, url("/loop")), FailureReason.SourceInvalid, "redirects on and on");
        for (var i = 0; i < 30; i++) {
            site.redirect("/on-" + i, "/on-" + (i + 1));
        }
        site.forget();
        fails(Visitor.of(folder, url("/on-0")), FailureReason.SourceInvalid, "redirects on and on");
        assertThat(site.requests()).hasSize(11);
    }

    @Test
    void asksNoOtherHostForWhatItsRobotsAllow() {
        site.links("/", "/a");
        site.page("/a", "Words of a page.");
        for (var elsewhere :
                List.of("http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/", "http://other.test/")) {
            site.redirect("/robots.txt", elsewhere);
            site.forget();
            fails(visitor(), FailureReason.SourceInvalid, "declare it in web.hosts");
            assertThat(site.requests()).as("pages that were read all the same").isEmpty();
        }
        site.redirect("/robots.txt", "http://10.0.0.1/");
        fails(visitor().hosts("10.0.0.1"), FailureReason.SourceInvalid, "ingestion.privateNetworkNamespaces");
        site.redirect("/robots.txt", "/rules");
        site.put("/rules", "text/plain", "User-agent: *\nDisallow: /a\n");
        assertThat(visitor().visit().ids()).containsExactly(url("/"));
        site.redirect("/robots.txt", "/robots.txt");
        assertThat(visitor().visit().ids()).as("RFC 9309, 2.3.1.2").containsExactly(url("/"), url("/a"));
    }

    @Test
    void isLedToNoForbiddenAddress() {
        site.links("/", "/leak");
        site.redirect("/leak", "http://169.254.169.254/latest/meta-data/");
        assertThat(visitor().visit().ids()).as("another host").containsExactly(url("/"));
        var declared = visitor().hosts("169.254.169.254").visit();
        incomplete(declared, FailureReason.SourceInvalid, "is in a network that no website is in");

        site.redirect("/leak", "http://10.0.0.1/");
        var inside = visitor().hosts("10.0.0.1").visit();
        incomplete(inside, FailureReason.SourceInvalid, "ingestion.privateNetworkNamespaces");
        fails(Visitor.of(folder, "http://[::ffff:10.0.0.1]/"), FailureReason.SourceInvalid, "10.0.0.1");
        fails(Visitor.of(folder, "http://0x0a000001/"), FailureReason.SourceUnreachable, "no address for the host");
    }

    @Test
    void sendsCredentialsOnlyWhereTheyAreDeclaredFor() throws IOException {
        var secret = Files.createDirectories(folder.resolve("secret"));
        Files.writeString(secret.resolve("username"), "reader");
        Files.writeString(secret.resolve("password"), "s3cret\n");
        try (var other = TestSite.start()) {
            site.links("/", "/away", other.url("/b"));
            site.redirect("/away", other.url("/a"));
            other.links("/a");
            other.links("/b");
            var visited =
                    visitor().hosts("127.0.0.1:" + other.port()).knownBy(secret).visit();
            assertThat(visited.ids()).contains(url("/"), other.url("/a"), other.url("/b"));
            assertThat(site.sent("Authorization")).hasSize(3).containsOnly("Basic cmVhZGVyOnMzY3JldA==");
            assertThat(other.sent("Authorization")).isEmpty();
        }
        site.status("/", 401);
        assertThatThrownBy(() -> visitor().knownBy(secret).visit())
                .isInstanceOfSatisfying(
                        SourceException.class, e -> assertThat(e.reason()).isEqualTo(FailureReason.SourceUnauthorized))
                .hasMessageContaining("web.credentialsSecretRef")
                .hasMessageNotContaining("s3cret");
        Files.writeString(secret.resolve("token"), "t0ken");
        site.links("/");
        site.forget();
        visitor().knownBy(secret).visit();
        assertThat(site.sent("Authorization")).containsOnly("Bearer t0ken");
        fails(
                visitor().knownBy(Files.createDirectories(folder.resolve("empty"))),
                FailureReason.SourceUnauthorized,
                "needs the keys username and password, or token");
    }

    @Test
    void readsNoMoreOfRobotsTxtThanRobotsShould() {
        var sent = new AtomicLong();
        site.put("/robots.txt", exchange -> {
            var line = ("User-agent: *\nDisallow: /private\n" + "Disallow: /x\n".repeat(10_000))
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, 50 << 20);
            for (var left = 50L << 20; left > 0; left -= line.length) {
                exchange.getResponseBody().write(line, 0, (int) Math.min(left, line.length));
                sent.addAndGet(line.length);
            }
        });
        site.links("/", "/private", "/a");
        site.links("/a");
        assertThat(visitor().visit().ids()).containsExactly(url("/"), url("/a"));
        assertThat(sent.get()).isLessThan(20 << 20);
    }

    @Test
    void readsNothingOfAHostThatCannotSayWhatItAllows() {
        site.links("/");
        site.status("/robots.txt", 503);
        fails(visitor(), FailureReason.SourceUnreachable, "/robots.txt answered HTTP 503");
        assertThat(site.requests()).isEmpty();
        site.status("/robots.txt", 403);
        assertThat(visitor().visit().ids()).containsExactly(url("/"));
        site.put("/robots.txt", "text/plain", "User-agent: *\nDisallow: /\n");
        fails(visitor(), FailureReason.SourceInvalid, "disallows");
    }

    @Test
    void refusesSitemapsThatAreBombsOrCutOrGone() throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(packed)) {
            out.write("<urlset>".getBytes(StandardCharsets.UTF_8));
            out.write(new byte[60 << 20]);
        }
        site.put("/bomb.xml.gz", exchange -> site.send(exchange, "application/gzip", packed.toByteArray()));
        site.put(
                "/entities.xml",
                "text/xml",
                "<!DOCTYPE u [<!ENTITY a 'x'>]><urlset><url><loc>&a;</loc></url></urlset>");
        site.put("/cut.xml", "text/xml", "<urlset><url><loc>%s</loc></url>".formatted(url("/a")));
        site.put("/empty.xml", "text/xml", "<urlset/>");
        site.links("/a");
        fails(sitemap("/bomb.xml.gz"), FailureReason.SourceInvalid, "can't be read");
        fails(sitemap("/entities.xml"), FailureReason.SourceInvalid, "a document type");
        fails(sitemap("/cut.xml"), FailureReason.SourceInvalid, "no XML that ends");
        fails(sitemap("/empty.xml"), FailureReason.SourceEmpty, "lists no page");
        fails(sitemap("/none.xml"), FailureReason.SourceInvalid, "does not exist (HTTP 404)");
    }

    @Test
    void waitsForNoAnswerThatDrips() {
        var end = new CountDownLatch(1);
        site.put("/", exchange -> {
            exchange.sendResponseHeaders(200, 1_000_000);
            try {
                for (var i = 0; i < 1_000; i++) {
                    exchange.getResponseBody().write('x');
                    exchange.getResponseBody().flush();
                    if (end.await(50, java.util.concurrent.TimeUnit.MILLISECONDS)) {
                        return;
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        fails(visitor().within(Duration.ofSeconds(1)), FailureReason.SourceUnreachable, "was not complete after 1 s");
        end.countDown();
        assertThat(site.requests()).as("it would drip again").hasSize(1);
    }

    @Test
    void setsAsidePagesThatAreTooLargeUnpackedToo() throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(packed)) {
            out.write(new byte[50 << 20]);
        }
        var sent = new AtomicLong();
        site.links("/", "/huge", "/bomb");
        site.put("/huge", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, 0);
            var part = new byte[1 << 16];
            for (var i = 0; i < 4_000; i++) {
                exchange.getResponseBody().write(part);
                sent.addAndGet(part.length);
            }
        });
        site.put("/bomb", exchange -> {
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            site.send(exchange, "text/html", packed.toByteArray());
        });
        var visited = visitor().visit();
        assertThat(visited.incomplete()).isNull();
        assertThat(visited.entries().values())
                .filteredOn(Entry.Unreadable.class::isInstance)
                .hasSize(2)
                .allSatisfy(
                        entry -> assertThat(((Entry.Unreadable) entry).reason()).isEqualTo(QuarantineReason.TooLarge));
        assertThat(sent.get()).as("it hangs up").isLessThan(50 << 20);
    }

    @Test
    void trustsOnlyADeclaredAuthority(@TempDir Path keys) throws Exception {
        var authority = TestAuthority.in(keys);
        try (var secured = TestSite.start(authority.host())) {
            secured.links("/");
            assertThat(Visitor.of(folder, secured.url("/"))
                            .trusting(authority.pem())
                            .visit()
                            .ids())
                    .hasSize(1);
            fails(
                    Visitor.of(folder, secured.url("/")).trusting(authority.otherPem()),
                    FailureReason.SourceUnreachable,
                    "isn't trusted: give its CA in web.caConfigMapRef");
            fails(Visitor.of(folder, secured.url("/")), FailureReason.SourceUnreachable, "isn't trusted");
            fails(
                    Visitor.of(folder, "https://other.test:" + secured.port() + "/")
                            .trusting(authority.pem()),
                    FailureReason.SourceUnreachable,
                    "is another host's: declare a name of the host");
            fails(
                    Visitor.of(folder, secured.url("/")).trusting("no certificate"),
                    FailureReason.SourceInvalid,
                    "holds no PEM certificate");
        }
        try (var expired = TestSite.start(authority.expired().host());
                var misnamed = TestSite.start(authority.misnamed().host())) {
            expired.links("/");
            misnamed.links("/");
            fails(
                    Visitor.of(folder, expired.url("/")).trusting(authority.pem()),
                    FailureReason.SourceUnreachable,
                    "has expired or isn't valid yet: have it renewed");
            fails(
                    Visitor.of(folder, misnamed.url("/")).trusting(authority.pem()),
                    FailureReason.SourceUnreachable,
                    "is another host's");
            assertThat(expired.allRequests()).isEmpty();
            assertThat(misnamed.allRequests()).isEmpty();
        }
    }

    @Test
    void saysWhatIsWrongWithAnAddressThatLeadsNowhere() {
        fails(
                Visitor.of(folder, "http://gone.invalid/"),
                FailureReason.SourceUnreachable,
                "the host name gone.invalid");
        var closed = url("/");
        site.close();
        fails(Visitor.of(folder, closed), FailureReason.SourceUnreachable, "can't be read");
    }

    @Test
    void isIncompleteIfMoreIsInReachThanMayBeAsked() {
        site.links("/", "/a", "/b", "/c");
        site.links("/a", "/a/a");
        site.links("/b");
        var visited = visitor().bounds(10, 3).visit();
        assertThat(visited.ids()).containsExactly(url("/"), url("/a"), url("/b"));
        incomplete(visited, FailureReason.SourceInvalid, "more than the 3 addresses of web.maxPages");
    }

    @Test
    void takesAnEmptyAnswerForNoWebsite() {
        site.links("/", "/a");
        site.links("/a");
        var first = visitor().visit();
        site.page("/", "Back soon");
        fails(visitor().knowing(first), FailureReason.SourceEmpty, "links to nothing any more");
        site.page("/", "");
        fails(visitor().knowing(first), FailureReason.SourceEmpty, "links to nothing any more");
        site.put("/", "application/json", "{}");
        fails(visitor().knowing(first), FailureReason.SourceEmpty, "links to nothing any more");
    }

    @Test
    void takesAnEmptyAnswerForNoBeginningEither() {
        site.links("/", "/docs/a");
        site.links("/docs/a");
        var first = visitor().choosing(List.of("docs/**"), List.of()).visit();
        assertThat(first.ids()).containsExactly(url("/docs/a"));
        site.page("/", "Back soon");
        fails(
                visitor().choosing(List.of("docs/**"), List.of()).knowing(first),
                FailureReason.SourceEmpty,
                "links to nothing any more");
        site.links("/", "/docs/b");
        site.links("/docs/b");
        var moved =
                visitor().choosing(List.of("docs/**"), List.of()).knowing(first).visit();
        assertThat(moved.incomplete()).as("it leads elsewhere now").isNull();
        assertThat(moved.ids()).containsExactly(url("/docs/b"));
    }

    @Test
    void seesByTheNextListingWhatChangedDuringThisOne() {
        site.links("/", "/a", "/b");
        site.put("/a", exchange -> {
            site.links("/", "/a", "/c");
            site.remove("/b");
            site.links("/c");
            site.send(exchange, "text/html", "a".getBytes(StandardCharsets.UTF_8));
        });
        site.links("/b");
        var first = visitor().visit();
        assertThat(first.ids()).containsExactly(url("/"), url("/a"));
        var second = visitor().knowing(first).visit();
        assertThat(second.incomplete()).isNull();
        assertThat(second.ids()).containsExactly(url("/"), url("/a"), url("/c"));
    }

    private static void incomplete(Visitor.Visited visited, FailureReason reason, String says) {
        assertThat(visited.incomplete())
                .isNotNull()
                .hasMessageContaining(says)
                .hasMessageContaining("nothing was deleted")
                .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
    }

    private static void fails(Visitor visitor, FailureReason reason, String says) {
        assertThatThrownBy(visitor::visit)
                .isInstanceOfSatisfying(
                        SourceException.class,
                        e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason))
                .hasMessageContaining(says);
    }

    private Visitor sitemap(String path) {
        return Visitor.ofSitemaps(folder, url(path));
    }

    private Visitor visitor() {
        return Visitor.of(folder, url("/"));
    }

    private String url(String path) {
        return site.url(path);
    }
}
