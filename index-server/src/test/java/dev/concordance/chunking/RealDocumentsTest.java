package dev.concordance.chunking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.embedding.Embedder;
import dev.concordance.manifest.Chunking;
import dev.concordance.parse.Block;
import dev.concordance.parse.ParsedDocument;
import dev.concordance.parse.Parser;
import dev.concordance.testing.RealCorpora;
import dev.concordance.testing.SmallModel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every policy keeps to, on documents as people write them: a sample, or all for {@code concordance.documents.all}. */
class RealDocumentsTest {
    private static final boolean ALL = Boolean.getBoolean("concordance.documents.all");
    private static final int OF_EACH = 80;
    private static final int OUR_OWN = 10;
    private static final int LONGEST = 40_000;
    private static final int MODEL_TOKENS = 510;

    /** What few write, and CommonMark and GFM say all the same. */
    private static final List<String> RARE = List.of(
            "| a | b |\n|---|---|\n| 1 | 2 |\nA row. It has no pipe, but a second sentence, and is long.\n\nProse. More of it.\n",
            "a | b\n--- | ---\n1 | One more row. It has a second sentence.\nNone. This one has no pipe either, but a second sentence.\n> Quoted.\n",
            "- An item:\n\n   ```\n   code();\n\n   more();\n   ```\n\n  Prose of the item. More of\nit, lazily.\n\nProse.\n",
            "1. One\n   ~~~~ java\n   ~~~\n   code();\n2. Two. More of it.\n\n> ```\n> quoted();\nProse. More of it.\n",
            "    ```\n    indented();\n\n```\ncode();\n    ```\nmore();\n````\n\n<!--\n```\n-->\nProse. More of it.\n");

    private static final Embedder MODEL = SmallModel.get();
    private static List<String> sources;
    private static List<String> all;

    @BeforeAll
    static void drawASample(@TempDir Path folder) throws Exception {
        var pages = RealCorpora.pages(folder);
        sources = Stream.of(RARE, sample(pages), sample(RealCorpora.texts(500)))
                .flatMap(List::stream)
                .map(RealDocumentsTest::beginning)
                .toList();
        assertThat(sources).hasSizeGreaterThan(RealCorpora.areGiven() ? OF_EACH : OUR_OWN);
        all = ALL
                ? Stream.of(RARE, pages, RealCorpora.texts(Integer.MAX_VALUE))
                        .flatMap(List::stream)
                        .toList()
                : sources;
        System.out.printf(
                "%d documents, %.1f million characters%n",
                all.size(), all.stream().mapToLong(String::length).sum() / 1e6);
    }

    private static List<String> sample(List<String> texts) {
        var shuffled = new ArrayList<>(texts);
        Collections.shuffle(shuffled, new Random(42));
        return shuffled.subList(0, Math.min(OF_EACH, shuffled.size()));
    }

    /** At a character that is whole. */
    private static String beginning(String text) {
        return text.length() <= LONGEST
                ? text
                : text.substring(0, Character.isLowSurrogate(text.charAt(LONGEST)) ? LONGEST - 1 : LONGEST);
    }

    @ParameterizedTest
    @MethodSource("dev.concordance.chunking.ChunkerTest#policies")
    void keepsTheTextItsPlaceTheLimitAndTheSections(Chunking policy) throws Exception {
        for (var source : all) {
            var document = Parser.parse("a.md", source.getBytes(StandardCharsets.UTF_8));
            var chunks = chunk(policy, document);
            assertThat(chunks).isEqualTo(chunk(policy, document));
            var covered = new BitSet();
            for (var chunk : chunks) {
                var start = source.offsetByCodePoints(0, chunk.start());
                var end = source.offsetByCodePoints(start, chunk.end() - chunk.start());
                assertThat(source.substring(start, end)).isEqualTo(chunk.text());
                assertThat(MODEL.tokenizer().count(chunk.embeddedText()))
                        .isEqualTo(chunk.tokens())
                        .isLessThanOrEqualTo(Math.min(MODEL_TOKENS, policy.maxTokens()));
                covered.set(start, end);
                if (policy instanceof Chunking.ByHeadings) {
                    assertThat(sections(document, start, end)).as(chunk.text()).hasSize(1);
                }
            }
            assertThat(lost(policy, document, covered)).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.concordance.chunking.ChunkerTest#policies")
    void cutsNoCodeBlockRowOrSentenceThatFits(Chunking policy) throws Exception {
        if (policy instanceof Chunking.ByTokens) {
            return;
        }
        var checked = 0;
        var cut = new ArrayList<String>();
        for (var source : all) {
            var document = Parser.parse("a.md", source.getBytes(StandardCharsets.UTF_8));
            var chunks = chunk(policy, document).stream()
                    .map(chunk -> {
                        var start = source.offsetByCodePoints(0, chunk.start());
                        return new Piece(start, start + chunk.text().length(), List.of());
                    })
                    .toList();
            var header = new ContextHeader(policy.contextHeader());
            var longest = document.blocks().stream()
                    .mapToInt(block -> MODEL.tokenizer().count(header.render(document.title(), block.headings())))
                    .max()
                    .orElse(0);
            var most = Math.min(MODEL_TOKENS, policy.maxTokens()) - longest;
            for (var unit : MarkdownUnits.of(source)) {
                var text = source.substring(unit.start(), unit.end());
                if (MODEL.tokenizer().count(text) <= most) {
                    checked++;
                    if (chunks.stream()
                            .noneMatch(chunk -> chunk.start() <= unit.start() && chunk.end() >= unit.end())) {
                        cut.add(text);
                    }
                }
            }
        }
        assertThat(cut).isEmpty();
        assertThat(checked).isGreaterThan(all.size());
    }

    private static List<Chunk> chunk(Chunking policy, ParsedDocument document) {
        return new Chunker(policy, MODEL.tokenizer(), MODEL_TOKENS)
                .asking(RandomVectors::of)
                .chunk("a.md", document);
    }

    private static List<Integer> sections(ParsedDocument document, int start, int end) {
        return document.blocks().stream()
                .filter(block -> block.start() < end && block.end() > start)
                .map(Block::section)
                .distinct()
                .toList();
    }

    /** Words in no chunk, but for headings that sections below them repeat. */
    private static String lost(Chunking policy, ParsedDocument document, BitSet covered) {
        return document.blocks().stream()
                .filter(block -> !(policy instanceof Chunking.ByHeadings) || block.kind() != Block.Kind.HEADING)
                .flatMapToInt(block -> IntStream.range(block.start(), block.end()))
                .filter(at -> !covered.get(at)
                        && !Character.isWhitespace(document.text().charAt(at)))
                .mapToObj(at -> String.valueOf(document.text().charAt(at)))
                .collect(Collectors.joining());
    }
}
