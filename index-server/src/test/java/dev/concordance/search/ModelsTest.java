package dev.concordance.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.embedding.Embedder;
import dev.concordance.embedding.ModelException;
import dev.concordance.embedding.Role;
import dev.concordance.embedding.Tokenizer;
import dev.concordance.manifest.BundledModel;
import dev.concordance.manifest.EmbeddingModelManifest;
import dev.concordance.manifest.FailureReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ModelsTest {
    private static final EmbeddingModelManifest ONE = BundledModel.ALL_MINILM_L6_V2_Q.manifest();
    private static final EmbeddingModelManifest OTHER = BundledModel.BGE_SMALL_EN_V1_5_Q.manifest();
    private static final Duration LONG = Duration.ofSeconds(30);

    private final List<FakeEmbedder> opened = new ArrayList<>();
    private @Nullable String failure;

    @Test
    void loadsAModelOnceHoweverManyCorporaHaveIt() {
        try (var models = models()) {
            assertThat(models.keep(List.of(ONE, OTHER, ONE))).isTrue();
            assertThat(models.keep(List.of(OTHER, ONE))).isTrue();
            assertThat(opened).hasSize(2);
            assertThat(models.embed(ONE.digest(), "x", LONG)).containsExactly(1);
        }
        assertThat(opened).allMatch(model -> model.closed);
    }

    @Test
    void loadsNothingAgainWhereOtherWordsArePutBeforeQueries() {
        try (var models = models()) {
            models.keep(List.of(OTHER));
            models.keep(List.of(OTHER.withQueryPrefix("Find: "), OTHER.withQueryPrefix("Look up: ")));
            assertThat(opened).hasSize(1);
            assertThat(opened.getFirst().manifest().queryPrefix())
                    .as("whoever asks says it")
                    .isEmpty();
        }
    }

    @Test
    void closesAModelThatNobodyWantsWhenItsLastSearchIsDone() throws Exception {
        try (var models = models();
                var threads = Executors.newSingleThreadExecutor()) {
            models.keep(List.of(ONE));
            var model = opened.getFirst();
            var search = threads.submit(() -> models.embed(ONE.digest(), "wait", LONG));
            model.entered.await();
            models.keep(List.of(OTHER));
            assertThat(model.closed).isFalse();
            assertThat(models.embed(ONE.digest(), "x", LONG)).isNull();
            model.mayLeave.countDown();
            assertThat(search.get()).containsExactly(1);
            assertThat(model.closed).isTrue();
        }
    }

    @Test
    void goesOnWithoutAModelThatFailsAndTriesItAgain() {
        try (var models = models()) {
            failure = "it is not there";
            assertThat(models.keep(List.of(ONE))).isFalse();
            assertThat(models.problems()).containsEntry(ONE.digest(), "it is not there");
            assertThat(models.embed(ONE.digest(), "x", LONG)).isNull();
            failure = null;
            assertThat(models.keep(List.of(ONE))).isTrue();
            assertThat(models.problems()).isEmpty();
        }
    }

    @Test
    void waitsForAModelNoLongerThanTheDeadline() {
        try (var models = models()) {
            models.keep(List.of(ONE));
            assertThatThrownBy(() -> models.embed(ONE.digest(), "wait", Duration.ofMillis(20)))
                    .isInstanceOfSatisfying(
                            SearchException.class, e -> assertThat(e.kind()).isEqualTo(SearchException.Kind.TIMED_OUT));
            opened.getFirst().mayLeave.countDown();
        }
    }

    private Models models() {
        return new Models(manifest -> {
            if (failure != null) {
                throw new ModelException(FailureReason.ModelUnavailable, failure);
            }
            var model = new FakeEmbedder(manifest);
            opened.add(model);
            return model;
        });
    }

    private static final class FakeEmbedder implements Embedder {
        private final EmbeddingModelManifest manifest;
        private final CountDownLatch entered = new CountDownLatch(1);
        private final CountDownLatch mayLeave = new CountDownLatch(1);
        private volatile boolean closed;

        FakeEmbedder(EmbeddingModelManifest manifest) {
            this.manifest = manifest;
        }

        @Override
        public float[] embed(Role role, String text) {
            if (text.equals("wait")) {
                entered.countDown();
                try {
                    mayLeave.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            return new float[] {1};
        }

        @Override
        public Tokenizer tokenizer() {
            throw new UnsupportedOperationException();
        }

        @Override
        public EmbeddingModelManifest manifest() {
            return manifest;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
