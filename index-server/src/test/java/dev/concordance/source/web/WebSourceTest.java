package dev.concordance.source.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.manifest.QuarantineReason;
import dev.concordance.source.Entry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of a website becomes documents, and what that costs it. */
class WebSourceTest {
    private final TestSite site = TestSite.start();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    void followsLinksWithinItsHosts() {
        site.links("/", "a", "/sub/b?x=1#part", "http://elsewhere.example/", "mailto:a@b", "//127.0.0.1:1/c", "a#top");
        site.links("/a", "/");
        site.links("/sub/b?x=1", "../sub/./deep/");
        site.links("/sub/deep/");
        var visited = visitor().visit();
        assertThat(visited.incomplete()).isNull();
        assertThat(visited.ids()).containsExactlyInAnyOrder(url("/"), url("/a"), url("/sub/b?x=1"), url("/sub/deep/"));
        assertThat(visited.texts().get(url("/a"))).contains("The words of /a.");
        assertThat(site.requests()).as("each once").doesNotHaveDuplicates().hasSize(4);
    }

    @Test
    void goesNoDeeperThanDeclared() {
        site.links("/", "/1");
        site.links("/1", "/2");
        site.links("/2", "/3");
        assertThat(visitor().bounds(1, 100).visit().ids()).containsExactly(url("/"), url("/1"));
        assertThat(site.requests()).containsExactly("/", "/1");
        assertThat(visitor().bounds(0, 100).visit().ids()).containsExactly(url("/"));
    }

    @Test
    void asksOnlyForWhatIsChosenAndReadsDeclaredPagesForTheirLinks() {
        site.links("/", "/docs/a", "/blog/b", "/docs/old/c", "/docs/d?print=1");
        site.links("/docs/a");
        var visited = visitor()
                .choosing(List.of("docs/**"), List.of("docs/old/**", "**print=*"))
                .visit();
        assertThat(visited.ids()).containsExactly(url("/docs/a"));
        assertThat(site.requests()).containsExactly("/", "/docs/a");
    }

    @Test
    void sendsAnUnchangedSiteNoBodies() {
        site.links("/", "/a", "/b");
        site.links("/a", "/c");
        site.links("/b");
        site.links("/c");
        var first = visitor().visit();
        site.forget();
        var second = visitor().knowing(first).visit();
        assertThat(second.position()).isEqualTo(first.position());
        assertThat(site.requests()).containsExactlyInAnyOrder("/", "/a", "/b", "/c");
        assertThat(site.bodies()).isZero();
    }

    @Test
    void isSentAChangedPageOnceAndFindsWhatItLinksToNow() {
        site.links("/", "/a", "/b");
        site.links("/a", "/gone");
        site.links("/b");
        site.links("/gone");
        var first = visitor().visit();
        site.links("/a", "/new");
        site.links("/new");
        site.forget();
        var second = visitor().knowing(first).visit();
        assertThat(second.incomplete()).isNull();
        assertThat(second.ids()).containsExactly(url("/"), url("/a"), url("/b"), url("/new"));
        assertThat(second.texts()).containsOnlyKeys(url("/a"), url("/new"));
        assertThat(second.entries()).containsEntry(url("/b"), kept(first, "/b"));
        assertThat(site.bodies()).as("the changed and the new one, each once").isEqualTo(2);
    }

    @Test
    void tellsByItsDigestThatAPageWithoutEntityTagIsUnchanged() {
        site.put("/", exchange -> site.send(exchange, "text/html", "<p>Words".getBytes(StandardCharsets.UTF_8)));
        var first = visitor().visit();
        var second = visitor().knowing(first).visit();
        assertThat(second.position()).isEqualTo(first.position());
        assertThat(second.texts()).isEmpty();
    }

    /** It is another one for those who don't ask whether it has changed. */
    @Test
    void tellsThatAPageWasAnotherOneWhenItWasReadThanWhenItWasListed() {
        site.links("/", "/a");
        site.links("/a");
        var first = visitor().visit();
        assertThat(visitor().knowing(first).readingAll().visit().changed()).isEmpty();
        site.put("/a", exchange -> {
            if (exchange.getRequestHeaders().containsKey("If-None-Match")) {
                exchange.sendResponseHeaders(304, -1);
            } else {
                site.send(exchange, "text/html", "<p>Published by mistake".getBytes(StandardCharsets.UTF_8));
            }
        });
        var second = visitor().knowing(first).readingAll().visit();
        assertThat(second.position()).isEqualTo(first.position());
        assertThat(second.changed()).containsExactly(url("/a"));
    }

    @Test
    void saysWhenAPageWasModifiedAsItsHostDoesElseAsASitemapDoes() {
        site.put("/index.xml", "application/xml", sitemap("/a", "2026-05-04T10:00:00Z", "/b", "2026-05-04T10:00:00Z"));
        site.links("/a");
        site.put("/b", exchange -> {
            exchange.getResponseHeaders().add("Last-Modified", "Mon, 04 May 2026 11:00:00 GMT");
            site.send(exchange, "text/html", "<p>Words".getBytes(StandardCharsets.UTF_8));
        });
        site.put("/c", exchange -> {
            exchange.getResponseHeaders().add("Last-Modified", "lately");
            site.send(exchange, "text/html", "<p>Words".getBytes(StandardCharsets.UTF_8));
        });
        site.links("/", "/c", "/d");
        site.links("/d");
        var listed = Visitor.ofSitemaps(folder, url("/index.xml")).visit().entries();
        assertThat(time(listed, "/a")).isEqualTo(Instant.parse("2026-05-04T10:00:00Z"));
        assertThat(time(listed, "/b")).isEqualTo(Instant.parse("2026-05-04T11:00:00Z"));
        var linked = visitor().visit().entries();
        assertThat(time(linked, "/c")).isNull();
        assertThat(time(linked, "/d")).isNull();
    }

    private @Nullable Instant time(Map<String, Entry> listed, String path) {
        return Objects.requireNonNull(listed.get(url(path))).changedAt();
    }

    @Test
    void takesThePagesOfSitemapsAndAsksOnlyForThoseThatTheySayAreModified() throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(packed)) {
            out.write(sitemap("/a", "2026-05-04T10:00:00Z", "/b", "2026-05-04T10:00:00Z")
                    .getBytes(StandardCharsets.UTF_8));
        }
        site.put("/part.xml.gz", exchange -> site.send(exchange, "application/gzip", packed.toByteArray()));
        site.put(
                "/index.xml",
                "application/xml",
                "<sitemapindex><sitemap><loc>%s</loc></sitemap></sitemapindex>".formatted(url("/part.xml.gz")));
        site.links("/a", "/c");
        site.links("/b");
        var first = Visitor.ofSitemaps(folder, url("/index.xml")).visit();
        assertThat(first.ids()).containsExactly(url("/a"), url("/b"));

        site.forget();
        var second =
                Visitor.ofSitemaps(folder, url("/index.xml")).knowing(first).visit();
        assertThat(second.position()).isEqualTo(first.position());
        assertThat(site.requests()).containsExactly("/index.xml", "/part.xml.gz");

        site.put("/index.xml", "application/xml", sitemap("/a", "2026-05-05T10:00:00Z", "/b", "2026-05-04T10:00:00Z"));
        site.forget();
        var third = Visitor.ofSitemaps(folder, url("/index.xml")).knowing(first).visit();
        assertThat(third.position()).isEqualTo(first.position());
        assertThat(site.requests()).containsExactly("/index.xml", "/a");
        assertThat(site.bodies()).as("of the sitemap").isEqualTo(1);
    }

    /** Times are compared with what was said before, and with no clock. */
    @Test
    void noticesAChangeWhoeverOfHostAndSitemapIsAheadOfTime() {
        var said = new AtomicReference<>("Words");
        site.put("/a", exchange -> {
            exchange.getResponseHeaders().add("Last-Modified", "Fri, 01 Jan 2100 10:00:00 GMT");
            site.send(exchange, "text/html", ("<p>" + said.get()).getBytes(StandardCharsets.UTF_8));
        });
        site.put("/index.xml", "application/xml", sitemap("/a", "2100-01-01T10:00:00Z"));
        var first = Visitor.ofSitemaps(folder, url("/index.xml")).visit();
        assertThat(first.ids()).containsExactly(url("/a"));
        assertThat(Visitor.ofSitemaps(folder, url("/index.xml"))
                        .knowing(first)
                        .visit()
                        .position())
                .isEqualTo(first.position());

        said.set("Other words");
        site.put("/index.xml", "application/xml", sitemap("/a", "2026-05-04T10:00:00Z"));
        var back = Visitor.ofSitemaps(folder, url("/index.xml")).knowing(first).visit();
        assertThat(back.texts().get(url("/a"))).contains("Other words");

        said.set("More words");
        site.put("/index.xml", "application/xml", sitemap("/a", "2200-01-01T10:00:00Z"));
        var further =
                Visitor.ofSitemaps(folder, url("/index.xml")).knowing(back).visit();
        assertThat(further.texts().get(url("/a"))).contains("More words");
        assertThat(further.incomplete()).isNull();
    }

    @Test
    void takesWhatARedirectLeadsToUnderItsOwnAddress() {
        site.redirect("/", "/en/");
        site.links("/en/", "/old");
        site.redirect("/old", url("/new"));
        site.links("/new", "/en/");
        var visited = visitor().visit();
        assertThat(visited.incomplete()).isNull();
        assertThat(visited.ids()).containsExactly(url("/en/"), url("/new"));
    }

    @Test
    void takesFormsOfAPageForThatPage() {
        site.links("/", "/a?utm=1", "/b?x", "/c", "/d", "/e");
        site.page("/a?utm=1", "<link rel=canonical href=/a><p>The same");
        site.page("/a", "<link rel='canonical' href='/a'><p>The same");
        site.page("/b?x", "<link rel=canonical href=/b><p>What it says of itself isn't there");
        site.page("/c", "<link rel=canonical href=/d><p>One of two that point at each other");
        site.page("/d", "<link rel=canonical href=/c><p>The other");
        site.page("/e", "<link rel=canonical href=/a><p>The same");
        var visited = visitor().visit();
        assertThat(visited.ids()).containsExactly(url("/"), url("/a"), url("/b?x"), url("/c"), url("/d"));
        assertThat(visited.incomplete()).isNull();
        assertThat(visited.passedOver()).isEqualTo(2);
        site.forget();
        assertThat(visitor().knowing(visited).visit().position()).isEqualTo(visited.position());
        assertThat(site.bodies())
                .as("a form is no document, so nothing is remembered of it")
                .isEqualTo(2);
    }

    @Test
    void honoursWhatPagesAndHostsSayToRobots() {
        site.page("/", """
                <a href=/a>a</a><a href=/b rel='external nofollow'>b</a><a href=/c>c</a><a href=/e>e</a>
                <a href=/private/p>p</a>""");
        site.page("/a", "<meta name=robots content='NOINDEX'><a href=/d>d</a>");
        site.page("/c", "<meta name=concordance content='none'><a href=/lost>lost</a>");
        site.links("/d");
        site.put("/e", exchange -> {
            exchange.getResponseHeaders().add("X-Robots-Tag", "otherbot: noindex");
            exchange.getResponseHeaders().add("X-Robots-Tag", "nofollow, unavailable_after: 1 Jan 2030");
            site.send(exchange, "text/html", "<a href=/f>f</a>".getBytes(StandardCharsets.UTF_8));
        });
        site.put("/robots.txt", "text/plain", "User-agent: *\nDisallow: /private/\n");
        var visited = visitor().visit();
        assertThat(visited.ids()).containsExactly(url("/"), url("/d"), url("/e"));
        assertThat(site.requests()).containsExactlyInAnyOrder("/", "/a", "/c", "/d", "/e");
    }

    @Test
    void honoursWhatAHostSaysToRobotsWithAnUnchangedPage() {
        site.links("/", "/a");
        site.links("/a");
        var first = visitor().visit();
        site.put("/a", exchange -> {
            exchange.getResponseHeaders().add("X-Robots-Tag", "concordance: noindex");
            exchange.sendResponseHeaders(304, -1);
        });
        var second = visitor().knowing(first).visit();
        assertThat(second.incomplete()).isNull();
        assertThat(second.ids()).containsExactly(url("/"));
    }

    @Test
    void asksAgainForAnUnchangedPageOnlyIfItHasToBeWrittenAnew() {
        site.links("/", "/a", "/b");
        site.links("/a");
        var asked = new AtomicInteger();
        site.put("/b", exchange -> {
            if (asked.incrementAndGet() == 3) {
                exchange.sendResponseHeaders(410, -1);
            } else {
                site.send(exchange, "text/html", "b".getBytes(StandardCharsets.UTF_8));
            }
        });
        var first = visitor().visit();
        site.forget();
        var second = visitor().knowing(first).readingAll().visit();
        assertThat(second.texts().get(url("/a"))).contains("The words of /a.");
        assertThat(second.texts().get(url("/b"))).as("gone since it was listed").isEqualTo("VanishedContent");
        assertThat(site.requests()).containsExactlyInAnyOrder("/", "/a", "/b", "/", "/a", "/b");
    }

    @Test
    void asksOnePageAtATimeAndWaitsInBetween() {
        var atOnce = new AtomicInteger();
        var most = new AtomicInteger();
        site.links("/", "/1", "/2", "/3");
        for (var page : List.of("/1", "/2", "/3")) {
            site.put(page, exchange -> {
                most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                site.send(exchange, "text/html", "x".getBytes(StandardCharsets.UTF_8));
                atOnce.decrementAndGet();
            });
        }
        var visitor = visitor();
        visitor.visit();
        assertThat(most.get()).isEqualTo(1);
        assertThat(visitor.waited()).isEqualTo(Duration.ofMillis(4 * 250));

        site.put("/robots.txt", "text/plain", "User-agent: concordance\nCrawl-delay: 2\n");
        var slower = visitor();
        slower.visit();
        assertThat(slower.waited()).isBetween(Duration.ofSeconds(6), Duration.ofSeconds(7));
        site.put("/robots.txt", "text/plain", "User-agent: *\nCrawl-delay: 86400\n");
        var slowest = visitor();
        slowest.visit();
        assertThat(slowest.waited()).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(31));
    }

    @Test
    void tellsTheFormatByTheContentType() {
        site.links("/", "/guide.md", "/notes", "/picture", "/latin", "/data.json");
        site.put("/guide.md", "text/plain; charset=utf-8", "# Guide\n\n[not followed](/x)");
        site.put("/notes", "text/markdown", "# Notes");
        site.put("/picture", "image/png", "…");
        site.put("/data.json", "application/json", "{}");
        site.put(
                "/latin",
                exchange -> site.send(
                        exchange, "text/html; charset=ISO-8859-1", "<p>für".getBytes(Charset.forName("windows-1252"))));
        var visited = visitor().visit();
        assertThat(visited.passedOver()).isEqualTo(2);
        assertThat(visited.entries().values())
                .extracting(entry -> ((Entry.Page) entry).name())
                .containsExactly("127.0.0.1.html", "guide.md", "latin.html", "notes.md");
        assertThat(visited.texts().get(url("/latin"))).isEqualTo("\uFEFF<p>für");
    }

    @Test
    void sayWhoItIs() {
        site.links("/");
        visitor().called("(+https://search.example.com/robot)").visit();
        assertThat(site.sent("User-agent")).containsOnly("concordance (+https://search.example.com/robot)");
    }

    @Test
    void setsAsideAddressesThatNoIdMayBeWithoutAskingForThem() {
        var endless = "/" + "x".repeat(8_000);
        site.links("/", endless, "/a&#1;b", "/c");
        site.links("/a%01b");
        site.links("/c");
        var visited = visitor().visit();
        assertThat(visited.incomplete()).isNull();
        assertThat(visited.entries().values())
                .filteredOn(Entry.Unreadable.class::isInstance)
                .singleElement()
                .satisfies(
                        entry -> assertThat(((Entry.Unreadable) entry).reason()).isEqualTo(QuarantineReason.BadId));
        assertThat(visited.ids()).contains(url("/"), url("/a%01b"), url("/c")).hasSize(4);
        assertThat(site.requests()).doesNotContain(endless);
    }

    @Test
    void stopsWhileItWaits() {
        site.links("/", "/1", "/2", "/3");
        var asked = new AtomicInteger();
        var visitor = visitor().until(() -> {
            if (asked.incrementAndGet() == 5) {
                throw new IllegalStateException("stopped");
            }
        });
        assertThatThrownBy(visitor::visit).hasMessage("stopped");
        assertThat(site.allRequests()).hasSizeLessThan(4);
    }

    /** As it is listed when it isn't sent again. */
    private Entry kept(Visitor.Visited visited, String path) {
        var page = (Entry.Page) Objects.requireNonNull(visited.entries().get(url(path)));
        return new Entry.Page(page.id(), page.changeKey(), page.name(), -1, 0, null);
    }

    private Visitor visitor() {
        return Visitor.of(folder, url("/"));
    }

    private String url(String path) {
        return site.url(path);
    }

    private String sitemap(String... pagesAndTimes) {
        var xml = new StringBuilder("<urlset>");
        for (var i = 0; i < pagesAndTimes.length; i += 2) {
            xml.append("<url><loc>%s</loc><lastmod>%s</lastmod></url>"
                    .formatted(url(pagesAndTimes[i]), pagesAndTimes[i + 1]));
        }
        return xml.append("</urlset>").toString();
    }
}
