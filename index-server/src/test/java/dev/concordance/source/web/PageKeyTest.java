package dev.concordance.source.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PageKeyTest {
    @Test
    void isReadAsItWasWritten() {
        var key = new PageKey(
                "abc",
                "index page.html",
                "W/\"a b-1\"",
                "Mon, 04 May 2026 10:00:00 GMT",
                Instant.parse("2026-05-04T10:00:00Z"),
                "http://a/c",
                List.of("http://a/b", "http://a/bc/d", "https://z/"));
        assertThat(PageKey.parse(key.toString())).contains(key);
        var empty = new PageKey("abc", "a.md", null, null, null, null, List.of());
        assertThat(PageKey.parse(empty.toString())).contains(empty);
    }

    @Test
    void remembersTheLinksOfAUsualPageInAFewBytesEach() {
        var links = IntStream.range(0, 300)
                .mapToObj("https://docs.example.com/guides/chapter-%d/how-to-set-up"::formatted)
                .sorted()
                .toList();
        var key = new PageKey("abc", "a.html", null, null, null, null, links).toString();
        assertThat(key.length()).isLessThan(3_000);
        assertThat(PageKey.parse(key).orElseThrow().links()).isEqualTo(links);
    }

    @Test
    void forgetsTheLinksOfAPageWithTooMany() {
        var random = new java.util.Random(7);
        var links = IntStream.range(0, 1_000)
                .mapToObj(i -> "https://docs.example.com/" + Long.toHexString(random.nextLong()))
                .sorted()
                .toList();
        var key = new PageKey("abc", "a.html", null, null, null, null, links).toString();
        assertThat(key.length()).isLessThan(200);
        assertThat(PageKey.parse(key).orElseThrow().links()).isNull();
    }

    @Test
    void isNoOtherKey() {
        assertThat(PageKey.parse("")).isEmpty();
        assertThat(PageKey.parse("cut-abc")).isEmpty();
        assertThat(PageKey.parse("long")).isEmpty();
    }
}
