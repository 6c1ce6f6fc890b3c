package dev.concordance.source.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SitemapTest {
    private static final String BEGIN = "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>";

    @Test
    void readsPagesAndWhenTheyWereModified() throws IOException {
        var sitemap = read("""
                <?xml version="1.0" encoding="UTF-8"?>
                <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
                  <url><loc> https://a/x?y&amp;z </loc><lastmod>2026-05-04T10:00:00+02:00</lastmod><priority>0.5</priority></url>
                  <url><image:image><image:loc>https://a/picture.png</image:loc></image:image><loc><![CDATA[https://a/b]]></loc></url>
                  <url><loc>https://a/day</loc><lastmod>2026-05-04</lastmod></url>
                  <url><loc>https://a/odd</loc><lastmod>yesterdayT</lastmod></url>
                </urlset>
                """);
        assertThat(sitemap.isIndex()).isFalse();
        assertThat(sitemap.places())
                .containsExactly(
                        new Sitemap.Place("https://a/x?y&z", Instant.parse("2026-05-04T08:00:00Z")),
                        new Sitemap.Place("https://a/b", null),
                        new Sitemap.Place("https://a/day", null),
                        new Sitemap.Place("https://a/odd", null));
    }

    @Test
    void readsIndexesAlsoCompressed() throws IOException {
        var index = compressed("<sitemapindex><sitemap><loc>https://a/1.xml.gz</loc></sitemap></sitemapindex>"
                .getBytes(StandardCharsets.UTF_8));
        assertThat(Sitemap.read(index).isIndex()).isTrue();
        assertThat(Sitemap.read(index).places())
                .extracting(Sitemap.Place::location)
                .containsExactly("https://a/1.xml.gz");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<!DOCTYPE u [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><urlset><url><loc>&x;</loc></url></urlset> | a document type",
                "<!DOCTYPE u [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]><urlset><url><loc>&b;</loc></url></urlset> | a document type",
                "<urlset><url><loc>&x;</loc></url></urlset> | as it should",
                "<urlset><url><loc>https://a/</loc></url> | as it should",
                "<html><body>Back soon</body></html> | no sitemap",
                "Back soon | as it should",
                "'' | as it should",
            })
    void refusesWhatIsNoWholeSitemap(String xml, String says) {
        assertThatThrownBy(() -> read(xml)).isInstanceOf(IOException.class).hasMessageContaining(says);
    }

    @Test
    void unpacksNoBomb() throws IOException {
        var bomb = compressed((BEGIN + " ".repeat(60 << 20) + "</urlset>").getBytes(StandardCharsets.UTF_8));
        assertThat(bomb.length).isLessThan(100_000);
        assertThatThrownBy(() -> Sitemap.read(bomb)).hasMessageContaining("more than the 52428800 bytes");
        var text = compressed((BEGIN + "<url><loc>" + "x".repeat(60 << 20)).getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> Sitemap.read(text)).isInstanceOf(IOException.class);
    }

    @Test
    void readsNoMorePlacesThanTheProtocolAllows() {
        assertThatThrownBy(() -> read(BEGIN + "<url><loc>https://a/</loc></url>".repeat(50_001) + "</urlset>"))
                .hasMessageContaining("more than 50000 addresses");
    }

    private static Sitemap read(String xml) throws IOException {
        return Sitemap.read(xml.strip().getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] compressed(byte[] bytes) throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        }
        return packed.toByteArray();
    }
}
