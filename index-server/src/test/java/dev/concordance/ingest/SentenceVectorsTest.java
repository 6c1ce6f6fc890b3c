package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.embedding.Embedder;
import dev.concordance.embedding.ModelException;
import dev.concordance.embedding.Role;
import dev.concordance.index.TextHash;
import dev.concordance.ingest.Embedding.Text;
import dev.concordance.manifest.FailureReason;
import dev.concordance.testing.ModelInPlaceOf;
import dev.concordance.testing.SmallModel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SentenceVectorsTest {
    private static final String DIGEST = SmallModel.get().manifest().digest();

    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private final Progress progress = new Progress();
    private final ExecutorService pool = Executors.newFixedThreadPool(2);
    private final Stored stored = new Stored();
    private final Embedding embedding = new Embedding(new Counted(SmallModel.get(), asked), pool, stored, progress);

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

    private static final class Stored implements Embedding.Known {
        private final Map<String, float[]> vectors = new HashMap<>();
        private boolean fails;

        @Override
        public synchronized Map<String, float[]> find(Collection<String> hashes) {
            if (fails) {
                throw RunException.stopped();
            }
            var found = new HashMap<>(vectors);
            found.keySet().retainAll(hashes);
            return found;
        }

        @Override
        public synchronized void keep(Map<String, float[]> kept) {
            vectors.putAll(kept);
        }
    }

    @AfterEach
    void stop() {
        pool.shutdownNow();
    }

    @Test
    void embedsASentenceOnceAndCountsIt() {
        var vectors = sentences(new StopSignal());
        assertThat(vectors.of(List.of("a", "bb", "a")))
                .containsExactly(new float[] {1}, new float[] {2}, new float[] {1});
        assertThat(vectors.of(List.of("bb", "ccc"))).containsExactly(new float[] {2}, new float[] {3});
        assertThat(asked).containsExactlyInAnyOrder("a", "bb", "ccc");
        assertThat(progress.counts().embedded()).isEqualTo(3);
        assertThat(progress.counts().reused()).isEqualTo(2);
        assertThat(vectors.hashes()).containsExactly(hash("a"), hash("bb"), hash("ccc"));
        assertThat(sentences(new StopSignal()).hashes()).isEmpty();
    }

    @Test
    void asksNobodyForWhatIsStoredOrWasAPassage() {
        stored.vectors.put(hash("stored"), new float[] {7});
        embedding.vectors(List.of(new Text(hash("passage"), "passage")));
        assertThat(sentences(new StopSignal()).of(List.of("stored", "passage", "new")))
                .containsExactly(new float[] {7}, new float[] {7}, new float[] {3});
        assertThat(asked).containsExactlyInAnyOrder("passage", "new");
        embedding.end();
        assertThat(stored.vectors).containsOnlyKeys(hash("stored"), hash("passage"), hash("new"));
    }

    @Test
    void failsWithTheModelAndEndsWithTheRun() {
        var stop = new StopSignal();
        var vectors = sentences(stop);
        assertThatThrownBy(() -> vectors.of(List.of("")))
                .isInstanceOf(ModelException.class)
                .hasMessage("the model is away");
        stop.give();
        assertThatThrownBy(() -> vectors.of(List.of("a"))).isInstanceOf(RunException.class);
    }

    @Test
    void leavesNobodyWaitingForWhatCouldNotBeLookedUp() {
        stored.fails = true;
        assertThatThrownBy(() -> sentences(new StopSignal()).of(List.of("a"))).isInstanceOf(RunException.class);
        assertThatThrownBy(() -> sentences(new StopSignal()).of(List.of("a"))).isInstanceOf(RunException.class);
        assertThat(asked).isEmpty();
    }

    private SentenceVectors sentences(StopSignal stop) {
        return new SentenceVectors(embedding, SmallModel.get().manifest(), stop);
    }

    private static String hash(String text) {
        return TextHash.of(DIGEST, text);
    }
}
