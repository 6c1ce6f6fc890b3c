package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.embedding.Embedder;
import dev.concordance.embedding.ModelException;
import dev.concordance.embedding.Role;
import dev.concordance.manifest.FailureReason;
import dev.concordance.testing.ModelInPlaceOf;
import dev.concordance.testing.SmallModel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class SentenceVectorsTest {
    private record Counted(Embedder model, List<String> asked) implements ModelInPlaceOf {
        @Override
        public float[] embed(Role role, String text) {
            asked.add(text);
            if (text.isEmpty()) {
                throw new ModelException(FailureReason.ModelInvalid, "the model is away");
            }
            return new float[] {text.length()};
        }
    }

    @Test
    void embedsASentenceOnceAndCountsIt() {
        var asked = Collections.synchronizedList(new ArrayList<String>());
        var progress = new Progress();
        try (var pool = Executors.newFixedThreadPool(2)) {
            var vectors = new SentenceVectors(new Counted(SmallModel.get(), asked), pool, progress, new StopSignal());
            assertThat(vectors.of(List.of("a", "bb", "a")))
                    .containsExactly(new float[] {1}, new float[] {2}, new float[] {1});
            assertThat(vectors.of(List.of("bb", "ccc"))).containsExactly(new float[] {2}, new float[] {3});
        }
        assertThat(asked).containsExactlyInAnyOrder("a", "bb", "ccc");
        assertThat(progress.counts().embedded()).isEqualTo(3);
    }

    @Test
    void failsWithTheModelAndEndsWithTheRun() {
        var stop = new StopSignal();
        try (var pool = Executors.newFixedThreadPool(1)) {
            var vectors =
                    new SentenceVectors(new Counted(SmallModel.get(), new ArrayList<>()), pool, new Progress(), stop);
            assertThatThrownBy(() -> vectors.of(List.of("")))
                    .isInstanceOf(ModelException.class)
                    .hasMessage("the model is away");
            stop.give();
            assertThatThrownBy(() -> vectors.of(List.of("a"))).isInstanceOf(RunException.class);
        }
    }
}
