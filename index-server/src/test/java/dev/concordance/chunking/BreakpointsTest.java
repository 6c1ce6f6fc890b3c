package dev.concordance.chunking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.embedding.Embedder;
import dev.concordance.embedding.Role;
import dev.concordance.manifest.Chunking;
import dev.concordance.parse.Parser;
import dev.concordance.testing.SmallModel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Where the meaning of a document changes. */
class BreakpointsTest {
    private static final int MODEL_TOKENS = 510;
    private static final Embedder MODEL = SmallModel.get();
    private static final String CATS =
            "The cat sleeps on the sofa. Kittens drink milk and purr. A cat hunts mice at night. Cats wash their fur. ";
    private static final String BANKS =
            "The central bank raised interest rates. Inflation makes loans expensive. Bonds fell on the market. ";
    private static final String STARS =
            "A star burns hydrogen to helium. Galaxies hold billions of stars. Telescopes see distant planets. ";

    @Test
    void breaksAboveThePercentileOfAllDistances() {
        var breakpoints = new Breakpoints(new double[] {0.1, 0.4, 0.2, 0.3}, 50);
        // numpy.percentile([.1, .2, .3, .4], 50) is .25
        assertThat(IntStream.rangeClosed(1, 4).filter(breakpoints::isBefore)).containsExactly(2, 4);
        var highest = new Breakpoints(new double[] {0.1, 0.4, 0.2, 0.3}, 99);
        assertThat(IntStream.rangeClosed(1, 4).filter(highest::isBefore)).containsExactly(2);
        assertThat(highest.farthest(3, 4)).isEqualTo(4);
    }

    @Test
    void breaksNothingWhereAllSentencesAreAsFarApart() {
        var same = new Breakpoints(new double[] {0.2, 0.2, 0.2}, 5);
        assertThat(IntStream.rangeClosed(1, 3).filter(same::isBefore)).isEmpty();
        assertThat(same.farthest(1, 3)).isEqualTo(1);
    }

    @Test
    void cutsWhereTheSubjectChanges() throws Exception {
        var chunks = chunk(new Chunking.Semantic(128, 16, 80, ""), CATS + BANKS + STARS, BreakpointsTest::vectors);
        assertThat(chunks).extracting(Chunk::text).containsExactly(CATS.strip(), BANKS.strip(), STARS.strip());
    }

    @Test
    void cutsALongSubjectAtItsGreatestDistanceAndEndsNoChunkTooEarly() throws Exception {
        var chunks = chunk(new Chunking.Semantic(32, 12, 99, ""), CATS + BANKS + STARS, BreakpointsTest::vectors);
        assertThat(chunks).hasSize(3);
        chunks.forEach(chunk ->
                assertThat(MODEL.tokenizer().count(chunk.text())).isBetween(chunk == chunks.getLast() ? 1 : 12, 32));
    }

    @Test
    void asksForPairsOfSentencesOnce() throws Exception {
        var asked = new ArrayList<String>();
        chunk(new Chunking.Semantic(64, 8, 95, ""), "One is here. Two is there. Three is gone.", texts -> {
            asked.addAll(texts);
            return RandomVectors.of(texts);
        });
        assertThat(asked)
                .containsExactly(
                        "One is here.", "One is here. Two is there.", "Two is there. Three is gone.", "Three is gone.");
    }

    @Test
    void asksForNothingOfAnEmptyDocumentAndLetsTheModelsFailureThrough() throws Exception {
        assertThat(chunk(new Chunking.Semantic(64, 8, 95, ""), " \n", texts -> {
                    throw new AssertionError("nobody was to ask");
                }))
                .isEmpty();
        assertThatThrownBy(() -> chunk(new Chunking.Semantic(64, 8, 95, ""), "One. Two.", texts -> {
                    throw new IllegalStateException("the model is away");
                }))
                .hasMessage("the model is away");
    }

    private static List<float[]> vectors(List<String> texts) {
        return texts.stream().map(text -> MODEL.embed(Role.PASSAGE, text)).toList();
    }

    private static List<Chunk> chunk(Chunking policy, String text, Vectors vectors) throws Exception {
        var document = Parser.parse("a.txt", text.getBytes(StandardCharsets.UTF_8));
        return new Chunker(policy, MODEL.tokenizer(), MODEL_TOKENS)
                .asking(vectors)
                .chunk("a.txt", document);
    }
}
