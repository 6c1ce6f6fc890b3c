package dev.concordance.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.concordance.manifest.BundledModel;
import dev.concordance.manifest.Chunking;
import dev.concordance.manifest.GenerationManifest;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

final class ChunkEstimateTest {
    private static final GenerationManifest DEFAULT = headings(256, 32);
    private static final Offset<Double> SHARE = within(0.12);

    /** As counted on corpora that are published. */
    @Test
    void isAboutRightOnRealCorpora() {
        assertThat(ChunkEstimate.of(5_183, 9_926, 1_700_000, DEFAULT, headings(160, 20))
                                .chunks()
                        / 16_145.0)
                .as("SciFact")
                .isCloseTo(1, SHARE);
        assertThat(ChunkEstimate.of(1_400, 1_772, 330_000, DEFAULT, headings(160, 20))
                                .chunks()
                        / 2_443.0)
                .as("Cranfield")
                .isCloseTo(1, SHARE);
    }

    @Test
    void changesNothingForTheSamePolicy() {
        var same = ChunkEstimate.of(5_183, 9_926, 1_700_000, DEFAULT, DEFAULT);
        assertThat(same.chunks()).isEqualTo(9_926);
        assertThat(same.tokens()).isEqualTo(1_700_000);
    }

    @Test
    void givesEachDocumentOneChunkAtLeast() {
        assertThat(ChunkEstimate.of(100, 400, 80_000, DEFAULT, headings(100_000, 0))
                        .chunks())
                .isBetween(100L, 250L);
        var whole = new GenerationManifest(
                1,
                GenerationManifest.PIPELINE,
                new Chunking.Whole(""),
                BundledModel.BGE_SMALL_EN_V1_5_Q.manifest(),
                1,
                List.of());
        assertThat(ChunkEstimate.of(100, 100, 2_000, DEFAULT, whole).chunks()).isEqualTo(100);
    }

    @Test
    void cutsWhatWasWholeSoFar() {
        assertThat(ChunkEstimate.of(100, 100, 20_000, DEFAULT, headings(40, 4)).chunks())
                .isGreaterThan(500);
    }

    @Test
    void hasNothingToCutWhereThereIsNothing() {
        assertThat(ChunkEstimate.of(0, 0, 0, DEFAULT, headings(40, 4))).isEqualTo(new ChunkEstimate(0, 0));
    }

    private static GenerationManifest headings(int most, int overlap) {
        return new GenerationManifest(
                1,
                GenerationManifest.PIPELINE,
                new Chunking.ByHeadings(most, overlap, "{title} > {headings}"),
                BundledModel.BGE_SMALL_EN_V1_5_Q.manifest(),
                1,
                List.of());
    }
}
