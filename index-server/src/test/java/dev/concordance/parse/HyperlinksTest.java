package dev.concordance.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class HyperlinksTest {
    @Test
    void areReadAsTheyAreWritten() {
        var links = of("""
                <base href="/docs/"><link rel="stylesheet" href="a.css"><link rel="alternate Canonical" href="c">
                <meta name="Robots" content="NoIndex , max-snippet:5"><meta name="concordance" content="nofollow">
                <meta name="otherbot" content="none">
                <a href="a&amp;b">x</a><a name=x>no link</a><map><area href="d"></map><a rel="me NOFOLLOW" href="e">e</a><a href="d">again</a>
                """);
        assertThat(links.base()).isEqualTo("/docs/");
        assertThat(links.links()).containsExactly("a&b", "d");
        assertThat(links.canonical()).isEqualTo("c");
        assertThat(links.robots()).containsExactlyInAnyOrder("noindex", "max-snippet:5", "nofollow");
    }

    @Test
    void leadNowhereFromAPageThatIsTooMuchToBeADocument() {
        assertThat(of("<a href=x>".repeat(200_001)).links()).isEmpty();
        var left = new StringBuilder("<a href=x>x</a><p>");
        for (var i = 0; i < 12; i++) {
            left.append("<b id=").append(i).append('>');
        }
        assertThat(of(left + "</p>" + "<p>x".repeat(30_000)).links())
                .as("browsers would make 390,000 elements of it")
                .isEmpty();
    }

    @Test
    void areReadOfAPageWhoseEncodingNobodyKnows() {
        var html = "<a href=x>caf\u00e9</a>".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(Hyperlinks.of(html, "concordance").links()).containsExactly("x");
    }

    private static Hyperlinks of(String html) {
        return Hyperlinks.of(html.getBytes(StandardCharsets.UTF_8), "concordance");
    }
}
