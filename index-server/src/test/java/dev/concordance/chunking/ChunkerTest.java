package dev.concordance.chunking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.embedding.Embedder;
import dev.concordance.embedding.Tokenizer;
import dev.concordance.manifest.Chunking;
import dev.concordance.parse.ParsedDocument;
import dev.concordance.parse.Parser;
import dev.concordance.parse.UnreadableDocument;
import dev.concordance.testing.SmallModel;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ChunkerTest {
    private static final int MODEL_TOKENS = 510;
    private static final String HEADER = "{title} > {headings}";
    private static final Embedder MODEL = SmallModel.get();

    static Stream<Chunking> policies() {
        return Stream.of(
                new Chunking.ByHeadings(64, 12, HEADER),
                new Chunking.ByHeadings(20, 0, ""),
                new Chunking.ByHeadings(256, 32, HEADER),
                new Chunking.BySentences(64, 1, HEADER),
                new Chunking.BySentences(16, 3, ""),
                new Chunking.ByTokens(48, 16, HEADER),
                new Chunking.ByTokens(16, 15, ""),
                new Chunking.Recursive(64, HEADER),
                new Chunking.Recursive(16, ""),
                new Chunking.ByCode(48, HEADER),
                new Chunking.Hierarchical(96, 24, HEADER),
                new Chunking.Hierarchical(24, 24, ""),
                new Chunking.Semantic(64, 16, 90, HEADER),
                new Chunking.Semantic(16, 0, 50, ""),
                new Chunking.Whole(HEADER));
    }

    @ParameterizedTest
    @MethodSource("policies")
    void losesNoWordAndNeverExceedsTheMaximumWhateverTheDocument(Chunking policy) throws Exception {
        var random = new Random(42);
        for (var round = 0; round < 60; round++) {
            var source = RandomDocuments.markdown(random);
            var document = markdown(source);
            var chunks = chunk(policy, document);
            checkOffsets(source, chunks);
            checkSizes(policy, chunks);
            checkCoverage(policy, document, source, chunks);
        }
    }

    @Test
    void neverPutsTwoSectionsIntoOneChunk() throws Exception {
        var chunks = chunk(new Chunking.ByHeadings(256, 32, HEADER), markdown("""
                # Guide

                Intro.

                ## Install

                Run the installer.

                ## Use

                Call the tool.
                """));
        assertThat(chunks)
                .extracting(Chunk::text)
                .containsExactly("# Guide\n\nIntro.", "## Install\n\nRun the installer.", "## Use\n\nCall the tool.");
        assertThat(chunks).extracting(Chunk::context).containsExactly("Guide", "Guide > Install", "Guide > Use");
        assertThat(chunks.get(1).headings()).containsExactly("Guide", "Install");
    }

    @Test
    void leavesAHeadingWithNothingButSubsectionsToTheirHeader() throws Exception {
        var chunks = chunk(new Chunking.ByHeadings(256, 32, HEADER), markdown("# Guide\n\n## Install\n\nRun it.\n"));
        assertThat(chunks).extracting(Chunk::text).containsExactly("## Install\n\nRun it.");
    }

    @Test
    void keepsACodeBlockWholeWhereItFits() throws Exception {
        var code = "```\nfirst line. Second sentence.\n\nafter an empty line\n```";
        var chunks = chunk(
                new Chunking.ByHeadings(40, 0, ""),
                markdown("# A\n\n" + "Words of prose here. ".repeat(7) + "\n\n" + code + "\n"));
        assertThat(chunks).anyMatch(chunk -> chunk.text().contains(code));
    }

    @Test
    void beginsAChunkWithTheLastSentencesOfTheOneBefore() throws Exception {
        var chunks = chunk(
                new Chunking.BySentences(14, 1, ""),
                markdown("One is the first number. Two is the second one. Three is the third one. Four ends it."));
        for (var i = 1; i < chunks.size(); i++) {
            assertThat(chunks.get(i).start()).isLessThan(chunks.get(i - 1).end());
        }
        assertThat(chunks.size()).isGreaterThan(1);
    }

    @Test
    void countsOffsetsInCodePoints() throws Exception {
        var chunks =
                chunk(new Chunking.ByHeadings(8, 0, ""), markdown("# 😀😀\n\nsmile 😀 here now.\n\n# B\n\nplain text"));
        assertThat(chunks.getLast().text()).isEqualTo("# B\n\nplain text");
        assertThat(chunks.getLast().start()).isEqualTo("# ..\n\nsmile . here now.\n\n".length());
    }

    @Test
    void mapsThePassagesOfAPageToItsSource() throws Exception {
        var html =
                "<html><head><title>T</title></head><body><h1>Caf&eacute; &amp; bar</h1><p>Opens <b>at</b>\n  nine.</p></body></html>";
        var document = Parser.parse("a.html", html.getBytes(StandardCharsets.UTF_8));
        var chunk = chunk(new Chunking.ByHeadings(100, 0, ""), document).getFirst();
        assertThat(chunk.text()).isEqualTo("Café & bar\nOpens at nine.");
        assertThat(html.substring(chunk.start(), chunk.end()))
                .isEqualTo("Caf&eacute; &amp; bar</h1><p>Opens <b>at</b>\n  nine.");
    }

    @Test
    void givesNoChunkForNoWords() throws Exception {
        assertThat(chunk(new Chunking.ByTokens(16, 4, HEADER), markdown(" \n\n \t\n")))
                .isEmpty();
    }

    @Test
    void cutsAHeaderThatWouldLeaveNoRoom() throws Exception {
        var title = "A very long title ".repeat(40).strip();
        var document = Parser.parseText("Some words of text.", title, java.util.Map.of());
        var chunk = chunk(new Chunking.ByHeadings(32, 0, HEADER), document).getFirst();
        assertThat(tokenizer().count(chunk.context())).isLessThanOrEqualTo(16);
        assertThat(chunk.text()).isEqualTo("Some words of text.");
    }

    private static ParsedDocument markdown(String text) throws UnreadableDocument {
        return Parser.parse("a.md", text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void dividesAtTheHighestBordersThatAreNeeded() throws Exception {
        var chunks = chunk(new Chunking.Recursive(24, ""), markdown("""
                # One

                A short section of eight words or so.

                # Two

                ## Left

                The left part has a sentence of ten plain words.

                ## Right

                The right part has a sentence of ten plain words.

                # Three

                Another short one.

                # Four

                And a last short one.
                """));
        assertThat(chunks)
                .extracting(Chunk::text)
                .satisfiesExactly(
                        text -> assertThat(text).startsWith("# One").doesNotContain("Two"),
                        text -> assertThat(text)
                                .startsWith("# Two")
                                .contains("Left")
                                .doesNotContain("Right"),
                        text -> assertThat(text).startsWith("## Right").doesNotContain("Three"),
                        text -> assertThat(text)
                                .startsWith("# Three")
                                .contains("# Four")
                                .endsWith("last short one."));
    }

    @Test
    void leavesADocumentWholeThatTheModelTakes() throws Exception {
        var source = "# One\n\nWords.\n\n# Two\n\nMore words.";
        var chunks = chunk(new Chunking.Whole("{title}"), markdown(source));
        assertThat(chunks).hasSize(1);
        assertThat(chunks.getFirst().text()).isEqualTo(source);
        assertThat(chunk(new Chunking.Whole(""), markdown("word ".repeat(2_000))))
                .hasSizeBetween(4, 5);
    }

    private static List<Chunk> chunk(Chunking policy, ParsedDocument document) {
        return new Chunker(policy, tokenizer(), MODEL_TOKENS)
                .asking(RandomVectors::of)
                .chunk("a.md", document);
    }

    private static Tokenizer tokenizer() {
        return MODEL.tokenizer();
    }

    private static void checkOffsets(String source, List<Chunk> chunks) {
        for (var i = 0; i < chunks.size(); i++) {
            var chunk = chunks.get(i);
            assertThat(chunk.ordinal()).isEqualTo(i);
            var start = source.offsetByCodePoints(0, chunk.start());
            var end = source.offsetByCodePoints(0, chunk.end());
            assertThat(source.substring(start, end)).isEqualTo(chunk.text());
        }
    }

    private static void checkSizes(Chunking policy, List<Chunk> chunks) {
        for (var chunk : chunks) {
            assertThat(tokenizer().count(chunk.embeddedText()))
                    .as(chunk.embeddedText())
                    .isEqualTo(chunk.tokens())
                    .isLessThanOrEqualTo(Math.min(MODEL_TOKENS, policy.maxTokens()));
        }
    }

    private static void checkCoverage(Chunking policy, ParsedDocument document, String source, List<Chunk> chunks) {
        var covered = new BitSet();
        for (var chunk : chunks) {
            covered.set(source.offsetByCodePoints(0, chunk.start()), source.offsetByCodePoints(0, chunk.end()));
        }
        for (var block : document.blocks()) {
            for (var i = block.start(); i < block.end(); i++) {
                var mayBeLeftOut = policy instanceof Chunking.ByHeadings
                        && block.kind() == dev.concordance.parse.Block.Kind.HEADING;
                assertThat(covered.get(i) || Character.isWhitespace(source.charAt(i)) || mayBeLeftOut)
                        .as("unit %d of %s", i, source)
                        .isTrue();
            }
        }
    }
}
