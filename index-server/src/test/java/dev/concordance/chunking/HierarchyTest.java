package dev.concordance.chunking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.embedding.Embedder;
import dev.concordance.manifest.Chunking;
import dev.concordance.parse.ParsedDocument;
import dev.concordance.parse.Parser;
import dev.concordance.testing.RealCorpora;
import dev.concordance.testing.SmallModel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Small chunks in longer ones. */
class HierarchyTest {
    private static final int MODEL_TOKENS = 510;
    private static final Embedder MODEL = SmallModel.get();

    @ParameterizedTest
    @CsvSource({"96, 24", "512, 64", "40, 40", "2000, 600"})
    void putsEachChunkIntoAParentThatHasItsTextAndNoMoreTokensThanAllowed(int parentTokens, int childTokens)
            throws Exception {
        var policy = new Chunking.Hierarchical(parentTokens, childTokens, "{title} > {headings}");
        for (var source : documents()) {
            var chunks = chunk(policy, markdown(source));
            var siblings = chunks.stream()
                    .collect(Collectors.groupingBy(chunk -> parent(chunk).ordinal()));
            siblings.values()
                    .forEach(one -> assertThat(one)
                            .hasSizeLessThanOrEqualTo(policy.mostSiblings(MODEL_TOKENS))
                            .allMatch(chunk -> parent(chunk).equals(parent(one.getFirst()))));
            var before = 0;
            for (var chunk : chunks) {
                var parent = parent(chunk);
                var start = source.offsetByCodePoints(0, parent.start());
                var end = source.offsetByCodePoints(0, parent.end());
                assertThat(source.substring(start, end)).isEqualTo(parent.text());
                assertThat(chunk.start()).isGreaterThanOrEqualTo(parent.start());
                assertThat(chunk.end()).isLessThanOrEqualTo(parent.end());
                assertThat(parent.text()).contains(chunk.text());
                assertThat(MODEL.tokenizer().count(parent.text())).isLessThanOrEqualTo(parentTokens);
                assertThat(parent.ordinal() - before).isBetween(0, 1);
                before = parent.ordinal();
            }
        }
    }

    @Test
    void keepsSectionsTogetherInAParentAndApartInChunks() throws Exception {
        var chunks = chunk(
                new Chunking.Hierarchical(64, 16, ""),
                markdown(
                        "# One\n\nThe first section has these plain words.\n\n# Two\n\nThe second one has a few others.\n"));
        assertThat(chunks)
                .extracting(Chunk::text)
                .containsExactly(
                        "# One\n\nThe first section has these plain words.",
                        "# Two\n\nThe second one has a few others.");
        assertThat(chunks)
                .allMatch(chunk -> parent(chunk).text().startsWith("# One")
                        && parent(chunk).text().endsWith("others."));
        assertThat(chunks.getLast().headings()).containsExactly("Two");
    }

    private static Chunk.Parent parent(Chunk chunk) {
        return Objects.requireNonNull(chunk.parent());
    }

    private static List<String> documents() throws Exception {
        var random = new Random(7);
        var documents = new ArrayList<String>();
        for (var i = 0; i < 40; i++) {
            documents.add(RandomDocuments.markdown(random));
        }
        documents.addAll(RealCorpora.texts(10));
        return documents;
    }

    private static List<Chunk> chunk(Chunking policy, ParsedDocument document) {
        return new Chunker(policy, MODEL.tokenizer(), MODEL_TOKENS)
                .asking(RandomVectors::of)
                .chunk("a.md", document);
    }

    private static ParsedDocument markdown(String text) throws Exception {
        return Parser.parse("a.md", text.getBytes(StandardCharsets.UTF_8));
    }
}
