package dev.concordance.chunking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.code.Construct;
import dev.concordance.code.SourceCode;
import dev.concordance.embedding.Embedder;
import dev.concordance.manifest.Chunking;
import dev.concordance.parse.Parser;
import dev.concordance.parse.UnreadableDocument;
import dev.concordance.testing.RealCode;
import dev.concordance.testing.RealCode.SourceFile;
import dev.concordance.testing.SmallModel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the policy for source code keeps to. */
class SourceFilesTest {
    private static final int MODEL_TOKENS = 510;
    private static final String HEADER = "{title} > {headings}";
    private static final Embedder MODEL = SmallModel.get();

    @ParameterizedTest
    @ValueSource(ints = {32, 160, 400})
    void cutsNoDefinitionOfThisRepositoryThatFitsAndLosesNoWord(int maxTokens) throws Exception {
        var cut = 0;
        for (var file : RealCode.files()) {
            var chunks = chunk(maxTokens, file);
            var covered = new BitSet();
            for (var chunk : chunks) {
                var start = file.text().offsetByCodePoints(0, chunk.start());
                var end = start + chunk.text().length();
                assertThat(file.text().substring(start, end)).isEqualTo(chunk.text());
                assertThat(chunk.end() - chunk.start())
                        .isEqualTo(chunk.text().codePointCount(0, chunk.text().length()));
                assertThat(MODEL.tokenizer().count(chunk.embeddedText())).isLessThanOrEqualTo(maxTokens);
                assertThat(covered.get(start)).as("no overlap").isFalse();
                covered.set(start, end);
            }
            assertThat(IntStream.range(0, file.text().length())
                            .filter(i -> !covered.get(i)
                                    && Character.isLetterOrDigit(file.text().charAt(i))))
                    .as(file.name())
                    .isEmpty();
            var constructs = SourceCode.constructs(file.name(), file.text()).orElseThrow();
            cut += cut(file, constructs, List.of(), chunks, maxTokens);
        }
        assertThat(cut).as("definitions that don't fit").isPositive();
    }

    /** Checks each construct that fits; how many don't. */
    private static int cut(
            SourceFile file, List<Construct> constructs, List<String> above, List<Chunk> chunks, int maxTokens) {
        var cut = 0;
        for (var construct : constructs) {
            var headings = new ArrayList<>(above);
            if (!construct.signature().isEmpty()) {
                headings.add(construct.signature());
            }
            var header = new ContextHeader(HEADER).render(file.name(), headings);
            var text = file.text().substring(construct.start(), construct.end());
            if (MODEL.tokenizer().count(header) <= maxTokens / 2
                    && MODEL.tokenizer().count(header + "\n" + text) <= maxTokens) {
                assertThat(chunks)
                        .as("%s %s", file.name(), headings)
                        .anyMatch(chunk -> chunk.text().contains(text));
            } else {
                cut += 1 + cut(file, construct.inner(), headings, chunks, maxTokens);
            }
        }
        return cut;
    }

    @Test
    void packsSmallNeighboursAndSaysWhichDefinitionsAllOfAChunkIsIn() throws Exception {
        var chunks = chunk(80, new SourceFile("Shop.java", """
                package shop;

                /** Sells things. */
                final class Shop {
                    private int sold;

                    /** Sells one thing, and says so at some length in this comment. */
                    void sell(Thing thing) {
                        sold += thing.count();
                        System.out.println("sold " + thing + " and now has sold " + sold);
                    }

                    int sold() {
                        return sold;
                    }

                    int left() {
                        return 100 - sold;
                    }
                }
                """));
        assertThat(chunks)
                .extracting(Chunk::headings)
                .containsExactly(
                        List.of(),
                        List.of("final class Shop"),
                        List.of("final class Shop"),
                        List.of("final class Shop", "int left()"));
        assertThat(chunks.get(1).text()).startsWith("/** Sells things.").endsWith("private int sold;");
        assertThat(chunks.get(2).text())
                .startsWith("/** Sells one")
                .contains("int sold()")
                .endsWith("}");
        assertThat(chunks.get(3).context()).isEqualTo("Shop.java > final class Shop > int left()");
    }

    @Test
    void dividesAFunctionThatDoesNotFitAtItsOwnBlocks() throws Exception {
        var block = "    if x == %d:\n        first(x)\n        second(x)\n";
        var code = new StringBuilder("def long(x):\n");
        for (var i = 0; i < 12; i++) {
            code.append(block.formatted(i));
        }
        var chunks = chunk(64, new SourceFile("a.py", code.toString()));
        assertThat(chunks).hasSizeGreaterThan(3).allSatisfy(chunk -> {
            assertThat(chunk.headings()).containsExactly("def long(x)");
            assertThat(chunk.text()).endsWith("second(x)");
        });
    }

    @Test
    void dividesBySizeWhatIsNoSourceCodeOrNotWhatItsNameSays() throws Exception {
        var prose = "# One\n\nSome words.\n\n# Two\n\nMore words.\n";
        assertThat(chunk(16, new SourceFile("a.md", prose.replace("words", "words that are many"))))
                .extracting(Chunk::text)
                .containsExactly("# One\n\nSome words that are many.", "# Two\n\nMore words that are many.");
        var broken = "class A {\n    void f() {\n\n    int x = 1;\n    int y = 2;\n\n    int z = 3;\n";
        assertThat(chunk(16, new SourceFile("A.java", broken)))
                .extracting(Chunk::text)
                .containsExactly("class A {\n    void f() {", "int x = 1;\n    int y = 2;", "int z = 3;");
    }

    private static List<Chunk> chunk(int maxTokens, SourceFile file) throws UnreadableDocument {
        var document = Parser.parse(file.name(), file.text().getBytes(StandardCharsets.UTF_8));
        return new Chunker(new Chunking.ByCode(maxTokens, HEADER), MODEL.tokenizer(), MODEL_TOKENS)
                .asking(RandomVectors::of)
                .chunk(file.name(), document);
    }
}
