package dev.concordance.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.manifest.QuarantineReason;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class ParserTest {
    @Test
    void readsTitleAndMetadataFromFrontMatter() throws Exception {
        var document = parse("guide.md", "---\ntitle: The guide\nweight: 3\ntags: [a, b]\n---\n# Heading\n\nText.\n");
        assertThat(document.title()).isEqualTo("The guide");
        assertThat(document.metadata()).containsEntry("weight", 3).containsEntry("tags", java.util.List.of("a", "b"));
        assertThat(document.blocks()).extracting(block -> text(document, block)).containsExactly("# Heading", "Text.");
    }

    @Test
    void readsTheMarkupOfAHeadingAndLeavesOtherSigns() throws Exception {
        var signs = "v1.0: it's (really) \"so\" – #1 / A|B ~x~ $5^2 = {a+b} 10 %";
        assertThat(parse("a.md", "# " + signs + "\n").title()).isEqualTo(signs);
        assertThat(parse("a.md", "# The `Code` of *an* [old](http://a.example) friend &amp; \\* <b>more</b>\n")
                        .title())
                .isEqualTo("The Code of an old friend & * more");
    }

    @Test
    void takesTheFirstHeadingAsTitleAndElseTheFileName() throws Exception {
        assertThat(parse("a/b.md", "# The *first* one\n").title()).isEqualTo("The first one");
        assertThat(parse("a/b.md", "Words.").title()).isEqualTo("b.md");
    }

    @Test
    void losesNoDocumentToFrontMatterThatIsNoYaml() throws Exception {
        var document = parse("a.md", "---\n: : [\n---\nText.\n");
        assertThat(document.metadata()).isEmpty();
        assertThat(document.blocks()).hasSize(1);
    }

    @Test
    void expandsNoAliasesOfHostileFrontMatter() throws Exception {
        var bomb = new StringBuilder("---\na0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (var i = 1; i < 40; i++) {
            bomb.append("a%d: &a%d [*a%d,*a%d,*a%d,*a%d]\n".formatted(i, i, i - 1, i - 1, i - 1, i - 1));
        }
        assertThat(parse("a.md", bomb + "---\nText.\n").metadata()).isEmpty();
    }

    @Test
    void seesOfAPageWhatAReaderSees() throws Exception {
        var document = parse("a.html", """
                <html><head><title>Page</title><meta name="lang" content="en"><script>var x = 1;</script></head>
                <body><nav>Menu</nav><h1>Top</h1><p>One&nbsp;two &lt;three&gt;</p><div hidden>not this</div>
                <h2>Below</h2><ul><li>first</li><li>second</li></ul><pre>a
                  b</pre><table><tr><td>c</td><td>d</td></tr></table></body></html>
                """);
        assertThat(document.title()).isEqualTo("Page");
        assertThat(document.metadata()).isEqualTo(Map.of("lang", "en"));
        assertThat(document.blocks())
                .extracting(block -> text(document, block))
                .containsExactly("Top", "One\u00a0two <three>", "Below", "first", "second", "a\n  b", "c d");
        assertThat(document.blocks().get(3).headings()).containsExactly("Top", "Below");
    }

    @Test
    void readsNoHalfCharactersOfAPage() throws Exception {
        var document = parse(
                "a.html",
                "<title>&#xD800;</title><meta name=\"a\" content=\"b&#xDC00;\"><h1>&#xD83D;&#xDE00;</h1><p>a&#xD800;b &#x1F600;</p>");
        assertThat(document.text()).isEqualTo("\uFFFD\uFFFD\na\uFFFDb 😀\n");
        assertThat(document.title()).isEqualTo("\uFFFD");
        assertThat(document.metadata()).isEqualTo(Map.of("a", "b\uFFFD"));
        assertThat(document.blocks().getLast().headings()).containsExactly("\uFFFD\uFFFD");
    }

    @Test
    void followsOpenElementsThatHideInTimeThatGrowsWithTheirNumber() throws Exception {
        var lines = 10_000;
        for (var piece : List.of("<b hidden>\n\n", "<b hidden>\n\n</b>\n\n", "<b hidden>\n\n<i hidden>\n\n</b>\n\n")) {
            var text = piece.repeat(lines);
            var document = Assertions.assertTimeoutPreemptively(Duration.ofSeconds(60), () -> parse("a.md", text));
            assertThat(document.hidden()).isNotEmpty();
        }
    }

    @Test
    void readsAPageInTheEncodingThatItDeclares() throws Exception {
        var html = "<html><head><meta charset=\"iso-8859-1\"></head><body><p>caf\u00e9</p></body></html>";
        var document = Parser.parse("a.html", html.getBytes(StandardCharsets.ISO_8859_1));
        assertThat(document.text()).contains("café");
    }

    @Test
    void readsUtf16WithAByteOrderMark() throws Exception {
        assertThat(Parser.parse("a.txt", "\ufeffwords".getBytes(StandardCharsets.UTF_16BE))
                        .text())
                .isEqualTo("words");
    }

    @Test
    void refusesWhatIsNoText() {
        refuses(QuarantineReason.Binary, () -> Parser.parse("a.md", new byte[] {'a', 0, 'b'}));
        refuses(QuarantineReason.Binary, () -> parse("a.md", "\u0001\u0002\u0003abc"));
        refuses(QuarantineReason.NotUtf8, () -> Parser.parse("a.md", new byte[] {'a', (byte) 0xC3, 'b'}));
    }

    @Test
    void refusesMarkupThatIsNestedWithoutEnd() {
        refuses(QuarantineReason.TooDeeplyNested, () -> parse("a.html", "<div>".repeat(200_000)));
        refuses(QuarantineReason.TooDeeplyNested, () -> parse("a.html", "<b><i>".repeat(100_000)));
        refuses(QuarantineReason.TooDeeplyNested, () -> parse("a.md", ">".repeat(1_000_000)));
        refuses(QuarantineReason.TooDeeplyNested, () -> parse("a.md", "- ".repeat(100_000) + "x"));
    }

    @Test
    void endsInTimeOnHostileInlineMarkup() throws Exception {
        for (var piece : java.util.List.of("[", "![", "*a ", "**a*", "`", "<a ", "](", "_a__")) {
            parse("a.md", piece.repeat(1_000_000));
            parse("a.md", "# " + piece.repeat(1_000_000));
        }
    }

    @Test
    void passesOverImagesAndArchives() {
        assertThat(Parser.isPassedOver("a/b.PNG")).isTrue();
        assertThat(Parser.isPassedOver("a.tar.gz")).isTrue();
        assertThat(Parser.isPassedOver("Makefile")).isFalse();
        assertThat(Parser.isPassedOver("src/Main.java")).isFalse();
    }

    private static void refuses(QuarantineReason reason, ThrowingCallable parsing) {
        assertThatThrownBy(parsing)
                .isInstanceOfSatisfying(
                        UnreadableDocument.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    private static ParsedDocument parse(String path, String text) throws UnreadableDocument {
        return Parser.parse(path, text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(ParsedDocument document, Block block) {
        return document.text().substring(block.start(), block.end()).strip();
    }
}
