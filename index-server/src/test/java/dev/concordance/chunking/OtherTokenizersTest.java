package dev.concordance.chunking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.embedding.OtherTokenizers;
import dev.concordance.embedding.Tokenizer;
import dev.concordance.manifest.Chunking;
import dev.concordance.parse.Block;
import dev.concordance.parse.Parser;
import dev.concordance.testing.RealCorpora;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What every policy keeps to whatever the model's tokenizer: tokens may depend on what a text is cut from. */
class OtherTokenizersTest {
    private static final int MODEL_TOKENS = 510;
    private static final int LONGEST = 3_000;

    static Stream<Arguments> policies() {
        var tokenizers = List.of(OtherTokenizers.library(), OtherTokenizers.unigram(), OtherTokenizers.bytes());
        var policies = new ArrayList<>(ChunkerTest.policies().toList());
        policies.add(new Chunking.Hierarchical(40, 40, "{title} > {headings}"));
        policies.add(new Chunking.Hierarchical(16, 16, ""));
        return tokenizers.stream()
                .flatMap(tokenizer -> policies.stream().map(policy -> Arguments.of(tokenizer, policy)));
    }

    @ParameterizedTest
    @MethodSource("policies")
    void losesNoWordAndNeverExceedsAMaximum(Tokenizer tokenizer, Chunking policy) throws Exception {
        for (var source : documents()) {
            var document = Parser.parse("a.md", source.getBytes(StandardCharsets.UTF_8));
            var chunks = new Chunker(policy, tokenizer, MODEL_TOKENS)
                    .asking(RandomVectors::of)
                    .chunk("a.md", document);
            var covered = new BitSet();
            for (var chunk : chunks) {
                var start = source.offsetByCodePoints(0, chunk.start());
                var end = source.offsetByCodePoints(start, chunk.end() - chunk.start());
                assertThat(source.substring(start, end)).isEqualTo(chunk.text());
                assertThat(tokenizer.count(chunk.embeddedText()))
                        .as(chunk.embeddedText())
                        .isLessThanOrEqualTo(Math.min(MODEL_TOKENS, policy.maxTokens()));
                covered.set(start, end);
                if (policy instanceof Chunking.Hierarchical hierarchical) {
                    checkParent(tokenizer, hierarchical, source, chunk);
                }
            }
            for (var block : document.blocks()) {
                if (!(policy instanceof Chunking.ByHeadings && block.kind() == Block.Kind.HEADING)) {
                    for (var i = block.start(); i < block.end(); i++) {
                        assertThat(covered.get(i) || Character.isWhitespace(source.charAt(i)))
                                .as("unit %d of %s", i, source)
                                .isTrue();
                    }
                }
            }
        }
    }

    private static void checkParent(Tokenizer tokenizer, Chunking.Hierarchical policy, String source, Chunk chunk) {
        var parent = Objects.requireNonNull(chunk.parent());
        assertThat(tokenizer.count(parent.text())).as(parent.text()).isLessThanOrEqualTo(policy.parentTokens());
        assertThat(source.substring(
                        source.offsetByCodePoints(0, parent.start()), source.offsetByCodePoints(0, parent.end())))
                .isEqualTo(parent.text());
        assertThat(parent.start()).isLessThanOrEqualTo(chunk.start());
        assertThat(parent.end()).isGreaterThanOrEqualTo(chunk.end());
    }

    private static List<String> documents() throws Exception {
        var random = new Random(11);
        var documents = new ArrayList<String>();
        for (var i = 0; i < 6; i++) {
            documents.add(RandomDocuments.markdown(random));
        }
        for (var text : RealCorpora.texts(2)) {
            documents.add(text.substring(0, Math.min(text.length(), LONGEST)));
        }
        return documents;
    }
}
