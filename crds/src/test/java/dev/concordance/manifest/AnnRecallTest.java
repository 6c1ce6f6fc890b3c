package dev.concordance.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.manifest.AnnRecall.Depth;
import dev.concordance.manifest.AnnRecall.Measured;
import dev.concordance.manifest.RoutingTable.Semantic;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AnnRecallTest {
    private static final AnnRecall MEASURED = new AnnRecall(
            Instant.EPOCH,
            10_000,
            100,
            List.of(
                    new Measured(new Depth(1, 1), 0.80, 1),
                    new Measured(new Depth(2, 1), 0.90, 2),
                    new Measured(new Depth(2, 2), 0.96, 3),
                    new Measured(new Depth(4, 4), 0.99, 8)));

    @Test
    void choosesTheCheapestDepthThatReachesTheDeclaredRecall() {
        assertThat(best(0.8, 100, null)).isEqualTo(new Depth(1, 1));
        assertThat(best(0.95, 100, null)).isEqualTo(new Depth(2, 2));
        assertThat(best(0.97, 100, null)).isEqualTo(new Depth(4, 4));
    }

    @Test
    void choosesTheBestThatIsFastEnoughWhereNothingReachesIt() {
        assertThat(best(0.999, 100, null)).isEqualTo(new Depth(4, 4));
        assertThat(best(0.97, 2, null)).isEqualTo(new Depth(2, 1));
        assertThat(MEASURED.best(new Semantic(0.97, 0, null))).isEmpty();
    }

    @Test
    void keepsToTheDeclaredOversampling() {
        assertThat(best(0.95, 100, 4)).isEqualTo(new Depth(4, 4));
        assertThat(best(0.95, 100, 1)).isEqualTo(new Depth(2, 1));
        assertThat(MEASURED.best(new Semantic(0.95, 100, 8))).isEmpty();
        assertThat(Depth.unmeasured(VectorStorage.DEFAULT, 8)).isEqualTo(new Depth(8, 8));
    }

    @Test
    void triesWhatIsOfUseForTheStorage() {
        assertThat(Depth.of(new VectorStorage(VectorStorage.Type.FLAT, 16, 100)))
                .containsExactly(new Depth(1, 1));
        assertThat(Depth.of(new VectorStorage(VectorStorage.Type.HNSW, 16, 100)))
                .containsExactly(new Depth(1, 1), new Depth(2, 1), new Depth(4, 1), new Depth(8, 1), new Depth(16, 1));
        assertThat(Depth.of(VectorStorage.DEFAULT))
                .startsWith(new Depth(1, 1), new Depth(2, 1), new Depth(2, 2), new Depth(4, 1))
                .hasSize(14);
    }

    private static Depth best(double recall, long millis, @Nullable Integer oversample) {
        return MEASURED.best(new Semantic(recall, millis, oversample))
                .orElseThrow()
                .depth();
    }
}
