package dev.concordance.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.manifest.BundledModel;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.ModelFile;
import dev.concordance.manifest.OnnxModel;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OnnxEmbedderTest {
    @ParameterizedTest
    @EnumSource(BundledModel.class)
    void putsRelatedTextsNearerThanUnrelatedOnes(BundledModel model) {
        try (var embedder = OnnxEmbedder.open(model.manifest(), ModelFiles.bundledOnly())) {
            var query = embedder.embed(Role.QUERY, "How do I reset my password?");
            var related = embedder.embed(Role.PASSAGE, "Steps to recover a forgotten login credential");
            var unrelated = embedder.embed(Role.PASSAGE, "The recipe needs two eggs");

            assertThat(dot(query, query)).isBetween(0.9999, 1.0001);
            assertThat(dot(query, related)).isGreaterThan(dot(query, unrelated) + 0.1);
            assertThat(embedder.embed(Role.QUERY, "How do I reset my password?"))
                    .containsExactly(query);
        }
    }

    @ParameterizedTest
    @EnumSource(BundledModel.class)
    void cutsWhatIsLongerThanTheModelTakes(BundledModel model) {
        try (var embedder = OnnxEmbedder.open(model.manifest(), ModelFiles.bundledOnly())) {
            assertThat(embedder.embed(Role.PASSAGE, "index ".repeat(2_000)))
                    .containsExactly(embedder.embed(Role.PASSAGE, "index ".repeat(1_000)));
        }
    }

    @ParameterizedTest
    @EnumSource(BundledModel.class)
    void refusesAFileWithAnotherDigest(BundledModel model) {
        var right = (ModelFile.Bundled) model.manifest().model();
        var wrong = with(
                model.manifest(),
                new ModelFile.Bundled(right.resource(), "00" + right.sha256().substring(2)),
                384);

        assertThatThrownBy(
                        () -> OnnxEmbedder.open(wrong, ModelFiles.bundledOnly()).close())
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.reason()).isEqualTo(FailureReason.ModelDigestMismatch))
                .hasMessageContaining("not the declared 00");
    }

    @ParameterizedTest
    @EnumSource(BundledModel.class)
    void refusesAnotherDimensionAndSaysWhichOneToDeclare(BundledModel model) {
        var wrong = with(model.manifest(), model.manifest().model(), 768);

        assertThatThrownBy(
                        () -> OnnxEmbedder.open(wrong, ModelFiles.bundledOnly()).close())
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("declare 384");
    }

    private static OnnxModel with(OnnxModel m, ModelFile file, int dimensions) {
        return new OnnxModel(
                file,
                m.tokenizer(),
                dimensions,
                m.maxTokens(),
                m.pooling(),
                m.normalize(),
                m.queryPrefix(),
                m.passagePrefix(),
                null);
    }

    private static double dot(float[] a, float[] b) {
        var sum = 0.0;
        for (var i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }
}
