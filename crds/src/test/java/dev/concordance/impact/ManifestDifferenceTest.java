package dev.concordance.impact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.manifest.Analysis;
import dev.concordance.manifest.BundledModel;
import dev.concordance.manifest.Chunking;
import dev.concordance.manifest.EmbeddingModelManifest;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.MetadataField;
import dev.concordance.manifest.ModelFile;
import dev.concordance.manifest.OnnxModel;
import dev.concordance.manifest.Privacy;
import dev.concordance.manifest.RemoteParser;
import dev.concordance.manifest.VectorStorage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ManifestDifferenceTest {
    private static final OnnxModel BGE = BundledModel.BGE_SMALL_EN_V1_5_Q.manifest();
    private static final OnnxModel MINILM = BundledModel.ALL_MINILM_L6_V2_Q.manifest();
    private static final Chunking HEADINGS = new Chunking.ByHeadings(256, 32, "{title}");
    private static final GenerationManifest LIVE = manifest(HEADINGS, BGE);

    static List<Arguments> changes() {
        return List.of(
                Arguments.of(LIVE.numbered(7), Impact.NONE, ""),
                Arguments.of(shards(2), Impact.REMAP, "Corpus spec.index.shards: 1 -> 2"),
                Arguments.of(
                        metadata(new MetadataField("product", MetadataField.Type.KEYWORD)),
                        Impact.REMAP,
                        "Corpus spec.metadata: none -> product keyword"),
                Arguments.of(
                        LIVE.with(new VectorStorage(VectorStorage.Type.BBQ_HNSW, 32, 100)),
                        Impact.REMAP,
                        "Corpus spec.index.vectors: int8_hnsw, m 16, efConstruction 100 -> bbq_hnsw, m 32, efConstruction"
                                + " 100"),
                Arguments.of(
                        LIVE.with(new Analysis("german", List.of("der"))),
                        Impact.REMAP,
                        "Corpus spec.index.analysis: english -> german, stopWords [der]"),
                Arguments.of(documentLevel(), Impact.REFETCH, "Corpus spec.access.mode: Public -> DocumentLevel"),
                Arguments.of(
                        LIVE.with(new Privacy(Map.of(Privacy.Kind.Email, Privacy.Action.Redact), List.of())),
                        Impact.RECHUNK,
                        "ChunkingPolicy spec.privacy: {} -> {Email=Redact}"),
                Arguments.of(
                        LIVE.with(parser()),
                        Impact.REFETCH,
                        "Corpus spec.parser: none -> formats [PDF], ocr Auto [], revision \"2\""),
                Arguments.of(
                        manifest(new Chunking.ByHeadings(128, 32, "{title}"), BGE),
                        Impact.RECHUNK,
                        "ChunkingPolicy spec.headings.maxTokens: 256 -> 128"),
                Arguments.of(
                        manifest(new Chunking.Recursive(256, ""), BGE),
                        Impact.RECHUNK,
                        "ChunkingPolicy spec: {headings.contextHeader={title}, headings.maxTokens=256,"
                                + " headings.overlapTokens=32} -> {recursive.contextHeader=, recursive.maxTokens=256}"),
                Arguments.of(
                        manifest(HEADINGS, MINILM),
                        Impact.REEMBED,
                        "EmbeddingModel spec: bge-small-en-v1.5-q -> all-minilm-l6-v2-q"),
                Arguments.of(
                        manifest(HEADINGS, with(BGE, BGE.tokenizer(), 300, "")),
                        Impact.REEMBED,
                        "EmbeddingModel spec maxTokens: 512 -> 300"),
                Arguments.of(
                        manifest(HEADINGS, with(BGE, BGE.tokenizer(), 256, "")),
                        Impact.RECHUNK,
                        "EmbeddingModel spec maxTokens: 512 -> 256"),
                Arguments.of(
                        manifest(HEADINGS, with(BGE, BGE.tokenizer(), 512, "passage: ")),
                        Impact.REEMBED,
                        "EmbeddingModel spec prefixes.passage:  -> passage: "));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void tellsWhatHasChangedAndWhatItTakes(GenerationManifest declared, Impact impact, String cause) {
        var causes = ManifestDifference.between(LIVE, declared);
        assertThat(ManifestDifference.impact(causes)).isEqualTo(impact);
        assertThat(causes.stream()
                        .map(one -> one.field() + ": " + one.before() + " -> " + one.after())
                        .toList())
                .isEqualTo(cause.isEmpty() ? List.of() : List.of(cause));
    }

    @Test
    void screensAgainWhereMetadataThatWasScreenedIsDeclaredToBeANumberOrTheOtherWayRound() {
        var privacy = new Privacy(Map.of(Privacy.Kind.Phone, Privacy.Action.Redact), List.of());
        var screened = LIVE.with(privacy);
        var number =
                metadata(new MetadataField("ticket", MetadataField.Type.LONG)).with(privacy);
        var keyword = metadata(new MetadataField("ticket", MetadataField.Type.KEYWORD))
                .with(privacy);
        assertThat(impact(screened, number)).isEqualTo(Impact.RECHUNK);
        assertThat(impact(number, screened)).isEqualTo(Impact.RECHUNK);
        assertThat(impact(number, keyword)).isEqualTo(Impact.RECHUNK);
        assertThat(impact(screened, keyword)).isEqualTo(Impact.REMAP);
    }

    private static Impact impact(GenerationManifest before, GenerationManifest after) {
        return ManifestDifference.impact(ManifestDifference.between(before, after));
    }

    @Test
    void letsNobodySeeEverythingWithoutReadingAgain() {
        assertThat(ManifestDifference.impact(ManifestDifference.between(documentLevel(), LIVE)))
                .isEqualTo(Impact.REMAP);
    }

    @Test
    void cutsAgainForAModelThatCountsOtherwise() {
        var other = with(BGE, new ModelFile.Downloaded("https://example.com/tokenizer.json", "ab".repeat(32)), 512, "");
        assertThat(ManifestDifference.impact(ManifestDifference.between(LIVE, manifest(HEADINGS, other))))
                .isEqualTo(Impact.RECHUNK);
    }

    @Test
    void cutsAgainWhereVectorsSayWhereToCut() {
        var semantic = new Chunking.Semantic(256, 32, 90, "");
        assertThat(ManifestDifference.impact(
                        ManifestDifference.between(manifest(semantic, BGE), manifest(semantic, MINILM))))
                .isEqualTo(Impact.RECHUNK);
    }

    @Test
    void saysEverythingThatHasChanged() {
        var declared = new GenerationManifest(
                0, GenerationManifest.PIPELINE, new Chunking.ByHeadings(128, 16, "{title}"), MINILM, 3, List.of());
        var causes = ManifestDifference.between(LIVE, declared);
        assertThat(causes).hasSize(4);
        assertThat(ManifestDifference.impact(causes)).isEqualTo(Impact.RECHUNK);
    }

    @Test
    void findsACauseWheneverADigestDiffers() {
        var all = new ArrayList<GenerationManifest>();
        changes().forEach(change -> all.add((GenerationManifest) change.get()[0]));
        for (var one : all) {
            for (var other : all) {
                assertThat(ManifestDifference.between(one, other).isEmpty())
                        .as("%s and %s", one, other)
                        .isEqualTo(one.digest().equals(other.digest()));
            }
        }
    }

    private static GenerationManifest manifest(Chunking chunking, EmbeddingModelManifest model) {
        return new GenerationManifest(3, GenerationManifest.PIPELINE, chunking, model, 1, List.of());
    }

    private static GenerationManifest shards(int shards) {
        return new GenerationManifest(3, GenerationManifest.PIPELINE, HEADINGS, BGE, shards, List.of());
    }

    private static GenerationManifest metadata(MetadataField field) {
        return new GenerationManifest(3, GenerationManifest.PIPELINE, HEADINGS, BGE, 1, List.of(field));
    }

    private static GenerationManifest documentLevel() {
        return new GenerationManifest(
                3, GenerationManifest.PIPELINE, HEADINGS, BGE, 1, List.of(), Privacy.NONE, true, null);
    }

    private static RemoteParser parser() {
        return new RemoteParser(
                List.of(RemoteParser.Format.PDF),
                RemoteParser.Ocr.Auto,
                List.of(),
                "2",
                new RemoteParser.Access("https://a.example.com", null, null, 2, 1_000));
    }

    private static OnnxModel with(OnnxModel model, ModelFile tokenizer, int maxTokens, String passagePrefix) {
        return new OnnxModel(
                model.model(),
                tokenizer,
                model.dimensions(),
                maxTokens,
                model.pooling(),
                model.normalize(),
                model.queryPrefix(),
                passagePrefix,
                null);
    }
}
