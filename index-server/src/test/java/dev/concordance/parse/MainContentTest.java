package dev.concordance.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MainContentTest {
    @Test
    void isTheMainElementWithItsHeader() throws Exception {
        assertThat(words("""
                <header>Logo</header><div class=menu><a href=/a>Menu</a></div>
                <main><header><h1>Title</h1></header><div role=navigation>You are here</div><p>Words <a href=/x>with</a> &amp; links.
                <ul><li><a href=/1>One</a><li><a href=/2>Two</a></ul></main><div>Imprint</div>
                """)).containsExactly("Title", "Words with & links.", "One", "Two");
    }

    @Test
    void isElseTheOnlyArticle() throws Exception {
        assertThat(words(
                        "<div>Before</div><article><header><h1>Title</h1></header><p>Words.</article><div>After</div>"))
                .containsExactly("Title", "Words.");
    }

    @Test
    void isElseWhatIsNotMostlyLinks() throws Exception {
        assertThat(words("""
                <body><header><h1>The site</h1><p>Slogan</header>
                <div id=menu><ul><li><a href=/1>One</a><li><a href=/2>Two</a></ul></div>
                <div id=content><h2><a href=#setup>Setup</a></h2>
                <p>Read <a href=/guide>the guide for everything</a>.</p>
                <p>Then start the server and wait until it says that it is ready for you.</p>
                <pre>start</pre>
                <ul><li>First, see <a href=/x>this</a> about the order of all the steps.<li>Second step.</ul>
                <table><tr><th>Port<td>8080</table></div>
                <div id=related>See also: <a href=/3>Another one</a> <a href=/4>And one more</a></div>
                <div role=contentinfo>Imprint</div></body>
                """))
                .containsExactly(
                        "Setup",
                        "Read the guide for everything.",
                        "Then start the server and wait until it says that it is ready for you.",
                        "start",
                        "First, see this about the order of all the steps.",
                        "Second step.",
                        "Port 8080");
    }

    @Test
    void keepsExactOffsetsInTheWholePage() throws Exception {
        var html = "<body><div><a href=/>Menu of it all</a></div><p>Fish &amp; chips, ü and 😀 for everybody here.</p>";
        var document = Parser.parsePage("a.html", html.getBytes(StandardCharsets.UTF_8));
        var block = document.blocks().getFirst();
        var range = document.origin().range(block.start(), block.end());
        assertThat(document.origin().source()).isEqualTo(html);
        assertThat(html.substring(range.start(), range.end()))
                .isEqualTo("Fish &amp; chips, ü and 😀 for everybody here.");
    }

    @Test
    void isOnlyAskedForOfWebsites() throws Exception {
        var html = "<header>Kept</header><ul><li><a href=/1>One</a></ul><p>Words.";
        var document = Parser.parse("a.html", html.getBytes(StandardCharsets.UTF_8));
        assertThat(document.text()).contains("Kept", "One", "Words.");
    }

    @Test
    void isAllOfAPageInAnotherFormat() throws Exception {
        var document = Parser.parsePage("a.md", "# Title\n\n[All links](/x)\n".getBytes(StandardCharsets.UTF_8));
        assertThat(document.title()).isEqualTo("Title");
        assertThat(document.text()).contains("[All links](/x)");
    }

    @Test
    void takesTimeInProportionToAHostilePage() throws Exception {
        var html = "<div>".repeat(200) + "<p><a href=/x>y</a>".repeat(60_000);
        assertThat(Parser.parsePage("a.html", html.getBytes(StandardCharsets.UTF_8))
                        .blocks())
                .isEmpty();
    }

    private static List<String> words(String html) throws Exception {
        var document = Parser.parsePage("a.html", html.getBytes(StandardCharsets.UTF_8));
        return document.blocks().stream()
                .map(block -> document.text().substring(block.start(), block.end()))
                .collect(Collectors.toList());
    }
}
