package dev.concordance.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concordance.manifest.RemoteParser.Format;
import dev.concordance.manifest.RemoteParser.Ocr;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GenerationManifestTest {
    private static final Privacy PRIVACY = new Privacy(Map.of(Privacy.Kind.Email, Privacy.Action.Redact), List.of());
    private static final GenerationManifest PLAIN = new GenerationManifest(
            3,
            GenerationManifest.PIPELINE,
            new Chunking.ByTokens(64, 8, ""),
            BundledModel.ALL_MINILM_L6_V2_Q.manifest(),
            1,
            List.of());

    @Test
    void hasTheDigestItAlwaysHasWhereNothingElseIsDeclared() {
        assertThat(PLAIN.digest()).isEqualTo("c8e1bfae362521362287580e4c34e48d");
    }

    @Test
    void isOtherContentWhenVectorsAreKeptOtherwise() throws Exception {
        var bits = PLAIN.with(new VectorStorage(VectorStorage.Type.BBQ_HNSW, 16, 100));
        assertThat(bits.digest()).isNotEqualTo(PLAIN.digest());
        assertThat(bits.numbered(4).at(PLAIN).digest()).isEqualTo(bits.digest());
        assertThat(PLAIN.with(VectorStorage.DEFAULT).digest()).isEqualTo(PLAIN.digest());
        var json = ManifestJson.mapper().writeValueAsString(bits);
        assertThat(ManifestJson.mapper().readValue(json, GenerationManifest.class))
                .isEqualTo(bits);
    }

    @Test
    void readsManifestsThatSayLess() throws Exception {
        var json = (ObjectNode) ManifestJson.mapper().valueToTree(PLAIN);
        json.remove("vectors");
        json.remove("analysis");
        assertThat(ManifestJson.mapper().treeToValue(json, GenerationManifest.class))
                .isEqualTo(PLAIN);
    }

    @Test
    void mapsVectorsAsTheyAreDeclared() {
        var flat = PLAIN.with(new VectorStorage(VectorStorage.Type.FLAT, 16, 100));
        assertThat(options(flat)).isEqualTo("{\"type\":\"flat\"}");
        var floats = PLAIN.with(new VectorStorage(VectorStorage.Type.HNSW, 32, 200));
        assertThat(options(floats)).isEqualTo("{\"type\":\"hnsw\",\"m\":32,\"ef_construction\":200}");
    }

    @Test
    void isOtherContentWhenTextsAreAnalyzedOtherwise() throws Exception {
        var german = PLAIN.with(new Analysis("german", List.of("der")));
        assertThat(german.digest()).isNotEqualTo(PLAIN.digest());
        assertThat(PLAIN.with(new Analysis("english", List.of())).digest()).isNotEqualTo(PLAIN.digest());
        assertThat(PLAIN.with(Analysis.DEFAULT).digest()).isEqualTo(PLAIN.digest());
        assertThat(german.with(VectorStorage.DEFAULT)
                        .with(PRIVACY)
                        .numbered(4)
                        .at(PLAIN)
                        .analysis())
                .isEqualTo(german.analysis());
        var json = ManifestJson.mapper().writeValueAsString(german);
        assertThat(ManifestJson.mapper().readValue(json, GenerationManifest.class))
                .isEqualTo(german);
    }

    @Test
    void mapsTextsAsTheyAreDeclared() {
        assertThat(analyzer(PLAIN)).isEqualTo("english");
        assertThat(analyzer(PLAIN.with(new Analysis("french", null)))).isEqualTo("french");
        assertThat(analyzer(PLAIN.with(new Analysis(Analysis.NONE, null)))).isEqualTo("standard");
        var german = GenerationMapping.chunks(PLAIN.with(new Analysis("german", List.of("der", "die"))), 0);
        assertThat(german.at("/settings/index/analysis/analyzer/declared").toString())
                .isEqualTo("{\"type\":\"german\",\"stopwords\":[\"der\",\"die\"]}");
        assertThat(german.at("/mappings/properties/text/analyzer").asText()).isEqualTo("declared");
    }

    private static String analyzer(GenerationManifest manifest) {
        return GenerationMapping.chunks(manifest, 0)
                .at("/mappings/properties/context/analyzer")
                .asText();
    }

    private static String options(GenerationManifest manifest) {
        return GenerationMapping.chunks(manifest, 0).findPath("index_options").toString();
    }

    @Test
    void isTheSameContentWhereverTheParserIs() {
        var here = PLAIN.with(parser("https://a.example.com", ""));
        var there = PLAIN.with(parser("https://b.example.com", ""));
        assertThat(here.digest()).isEqualTo(there.digest()).isNotEqualTo(PLAIN.digest());
        assertThat(here.at(there).parser()).isEqualTo(there.parser());
    }

    @Test
    void isOtherContentWhenTheParserReadsOtherwise() {
        var before = PLAIN.with(parser("https://a.example.com", ""));
        var after = PLAIN.with(parser("https://b.example.com", "2"));
        assertThat(before.digest()).isNotEqualTo(after.digest());
        assertThat(before.at(after)).isEqualTo(before);
        assertThat(PLAIN.at(after).parser()).isNull();
    }

    @Test
    void staysWhatItIsWithTheModelWhereItIsNow() {
        var manifest = new GenerationManifest(
                3,
                GenerationManifest.PIPELINE,
                PLAIN.chunking(),
                PLAIN.model(),
                1,
                List.of(),
                PRIVACY,
                true,
                parser("https://a.example.com", ""));
        assertThat(manifest.at(manifest.model())).isEqualTo(manifest);
        assertThat(manifest.at(manifest).digest()).isEqualTo(manifest.digest());
        assertThat(manifest.numbered(4).digest()).isEqualTo(manifest.digest());
    }

    @Test
    void isReadAgainAsItWasWritten() throws Exception {
        var manifest = PLAIN.with(PRIVACY).with(parser("https://a.example.com", "2"));
        var json = ManifestJson.mapper().writeValueAsString(manifest);
        assertThat(ManifestJson.mapper().readValue(json, GenerationManifest.class))
                .isEqualTo(manifest);
    }

    private static RemoteParser parser(String url, String revision) {
        return new RemoteParser(
                List.of(Format.PDF),
                Ocr.Auto,
                List.of("en"),
                revision,
                new RemoteParser.Access(url, "parser", null, 2, 1_000));
    }
}
