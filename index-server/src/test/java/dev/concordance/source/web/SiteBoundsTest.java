package dev.concordance.source.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.manifest.FailureReason;
import dev.concordance.source.SourceException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages with too many links, and sitemaps that are too many, or lead where they may not: each bound is told, and holds. */
class SiteBoundsTest {
    private static final int MOST_LINKS = 10_000;
    private static final int MOST_SITEMAPS = 1_000;

    private final TestSite site = TestSite.start();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    void followsNoMoreLinksOfAPageThanItsBound() {
        site.links("/", links(MOST_LINKS));
        assertThat(many().visit().incomplete())
                .hasMessageContaining("more than the 3 addresses of web.maxPages")
                .hasMessageNotContaining("links");
        site.links("/", links(MOST_LINKS + 1));
        incomplete(many().visit(), "/ has more links than are followed");
    }

    /** Of which only the first few are asked for. */
    private Visitor many() {
        return Visitor.of(folder, site.url("/")).bounds(1, 3).upTo(1 << 20);
    }

    @Test
    void readsNoMoreSitemapsThanItsBound() {
        index(
                "/index.xml",
                IntStream.range(0, MOST_SITEMAPS)
                        .mapToObj("/map-%d.xml"::formatted)
                        .toArray(String[]::new));
        for (var i = 0; i < MOST_SITEMAPS; i++) {
            sitemap("/map-%d.xml".formatted(i), site.url("/a"));
        }
        site.links("/a");
        incomplete(sitemaps("/index.xml").visit(), "there are more than 1000");
        assertThat(site.requests()).filteredOn(path -> path.endsWith(".xml")).hasSize(MOST_SITEMAPS);
    }

    @Test
    void readsNoIndexOfAnIndex() {
        index("/index.xml", "/inner.xml", "/map.xml");
        index("/inner.xml", "/hidden.xml");
        sitemap("/hidden.xml", site.url("/b"));
        sitemap("/map.xml", site.url("/a"));
        site.links("/a");
        var visited = sitemaps("/index.xml").visit();
        incomplete(visited, "/inner.xml can't be read: it is an index in an index");
        assertThat(visited.ids()).as("what can be read is").containsExactly(site.url("/a"));
        assertThat(site.requests()).doesNotContain("/hidden.xml");
    }

    @Test
    void asksNoForeignHostForASitemapUnlessItIsDeclared() {
        try (var other = TestSite.start()) {
            other.put("/map.xml", "text/xml", urlset(site.url("/a")));
            site.put("/index.xml", "text/xml", sitemapindex(other.url("/map.xml")));
            site.links("/a");
            fails(sitemaps("/index.xml"), "it lists a sitemap on a host that isn't the source's");
            assertThat(other.allRequests()).isEmpty();
            var declared =
                    sitemaps("/index.xml").hosts("127.0.0.1:" + other.port()).visit();
            assertThat(declared.incomplete()).isNull();
            assertThat(declared.ids()).containsExactly(site.url("/a"));
        }
    }

    @Test
    void followsARedirectedSitemapOnTheHostAndNowhereElse() {
        try (var other = TestSite.start()) {
            sitemap("/map.xml", site.url("/a"));
            site.links("/a");
            site.redirect("/moved.xml", "/map.xml");
            assertThat(sitemaps("/moved.xml").visit().ids()).containsExactly(site.url("/a"));
            site.redirect("/away.xml", other.url("/map.xml"));
            fails(sitemaps("/away.xml"), "it redirects to a host that isn't the source's");
            assertThat(other.allRequests()).isEmpty();
            site.redirect("/inside.xml", "http://169.254.169.254/latest/meta-data/");
            fails(sitemaps("/inside.xml"), "it redirects to a host that isn't the source's");
            site.redirect("/loop.xml", "/loop.xml");
            site.forget();
            fails(sitemaps("/loop.xml"), "it redirects on and on");
            assertThat(site.requests()).hasSize(6);
        }
    }

    @Test
    void walksForSixHoursAndThenTakesNothingForGone() {
        var pages = links(20);
        site.links("/", pages);
        for (var page : pages) {
            site.links(page);
        }
        var whole = Visitor.of(folder, site.url("/")).visit();
        assertThat(whole.incomplete()).isNull();
        site.forget();
        var slow = Visitor.of(folder, site.url("/")).taking(Duration.ofHours(1)).knowing(whole);
        var visited = slow.visit();
        assertThat(visited.incomplete())
                .hasMessageContaining("the site was not read within 6 hours")
                .hasMessageContaining("nothing was deleted")
                .isInstanceOfSatisfying(
                        SourceException.class,
                        told -> assertThat(told.reason()).isEqualTo(FailureReason.SourceUnreachable));
        assertThat(visited.ids()).as("what was read by then is in step").hasSizeBetween(2, 7);
        assertThat(site.allRequests()).hasSizeLessThan(10);
    }

    private static String[] links(int number) {
        return IntStream.range(0, number).mapToObj("/%d"::formatted).toArray(String[]::new);
    }

    private void index(String path, String... sitemaps) {
        site.put(
                path,
                "text/xml",
                sitemapindex(Arrays.stream(sitemaps).map(site::url).toArray(String[]::new)));
    }

    private void sitemap(String path, String page) {
        site.put(path, "text/xml", urlset(page));
    }

    private static String sitemapindex(String... sitemaps) {
        return Arrays.stream(sitemaps)
                .map("<sitemap><loc>%s</loc></sitemap>"::formatted)
                .collect(Collectors.joining("", "<sitemapindex>", "</sitemapindex>"));
    }

    private static String urlset(String page) {
        return "<urlset><url><loc>%s</loc></url></urlset>".formatted(page);
    }

    private Visitor sitemaps(String path) {
        return Visitor.ofSitemaps(folder, site.url(path));
    }

    private static void incomplete(Visitor.Visited visited, String says) {
        assertThat(visited.incomplete())
                .isNotNull()
                .hasMessageContaining(says)
                .hasMessageContaining("nothing was deleted")
                .satisfies(e -> assertThat(e.reason()).isEqualTo(FailureReason.SourceInvalid));
    }

    private static void fails(Visitor visitor, String says) {
        assertThatThrownBy(visitor::visit)
                .isInstanceOfSatisfying(
                        SourceException.class,
                        e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(FailureReason.SourceInvalid))
                .hasMessageContaining(says);
    }
}
