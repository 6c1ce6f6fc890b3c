package dev.concordance.operator.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.concordance.api.v1alpha1.EmbeddingModel;
import dev.concordance.api.v1alpha1.EmbeddingModelSpec;
import dev.concordance.manifest.BundledModel;
import dev.concordance.manifest.EmbeddingCache;
import dev.concordance.manifest.ModelFile;
import dev.concordance.manifest.RemoteAccess;
import dev.concordance.manifest.RemoteAccess.Protocol;
import dev.concordance.manifest.RemoteModel;
import dev.concordance.operator.kube.Conditions;
import dev.concordance.operator.kube.Finding;
import dev.concordance.operator.kube.InvalidSpec;
import dev.concordance.operator.kube.Parsed;
import dev.concordance.operator.kube.Reference;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EmbeddingModelsTest {
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final String LEAST =
            "protocol: TEI, url: \"http://tei:8080/\", model: bge, dimensions: 384, tokenizer: {bundled: all-minilm-l6-v2-q}";

    @Test
    void fillsInWhatARemoteModelDoesNotDeclare() {
        assertThat(remote(LEAST).manifest())
                .isEqualTo(new RemoteModel(
                        "bge",
                        "",
                        BundledModel.ALL_MINILM_L6_V2_Q.manifest().tokenizer(),
                        384,
                        512,
                        true,
                        "",
                        "",
                        new EmbeddingCache(3, 1_000_000),
                        new RemoteAccess(
                                "hosted",
                                Protocol.TEI,
                                "http://tei:8080",
                                null,
                                null,
                                new RemoteAccess.Limits(32, 8_192, 4, 0, 0, 30_000, 1_000),
                                null)));
    }

    @Test
    void refersToAllThatPodsAndTheOperatorNeed() {
        var model = remote("""
                protocol: OpenAI, url: "https://api.example.com/v1", model: m, dimensions: 8,
                tokenizer: {volume: {claimName: models, path: t.json}, sha256: "%s"},
                credentialsSecretRef: {name: openai}, caConfigMapRef: {name: ca},
                price: {perMillionTokens: "0.02"}, budget: {perMonth: "25"}""".formatted("0".repeat(64)));
        assertThat(model.references("docs"))
                .containsExactly(
                        Reference.claim("docs", "models"),
                        Reference.secret("docs", "openai"),
                        Reference.configMap("docs", "ca"));
        var remote = (RemoteModel) model.trusting("PEM");
        assertThat(remote.tokenizer()).isEqualTo(new ModelFile.Mounted("model-models", "t.json", "0".repeat(64)));
        assertThat(remote.access().credentialsMount()).isEqualTo("embedding-openai");
        assertThat(remote.access().caCertificates()).isEqualTo("PEM");
        assertThat(remote.access().price()).isEqualTo(new RemoteAccess.Price("0.02", "USD", "25"));
        assertThat(DeclaredModel.secret(remote)).contains("openai");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "TEI|OpenAI|false",
                "http://tei:8080/|https://elsewhere.example.com|false",
                "dimensions: 384|dimensions: 384, credentialsSecretRef: {name: key}|false",
                "dimensions: 384|dimensions: 384, limits: {inputsPerRequest: 7}|false",
                "dimensions: 384|dimensions: 384, price: {perMillionTokens: \"1\"}|false",
                "model: bge|model: other|true",
                "dimensions: 384|dimensions: 384, revision: \"2\"|true",
                "dimensions: 384|dimensions: 385|true",
                "dimensions: 384|dimensions: 384, maxTokens: 256|true",
                "dimensions: 384|dimensions: 384, normalize: false|true",
                "all-minilm-l6-v2-q|bge-small-en-v1.5-q|true",
                "dimensions: 384|dimensions: 384, prefixes: {query: \"q: \"}|false",
                "dimensions: 384|dimensions: 384, prefixes: {passage: \"p: \"}|true"
            })
    void knowsAModelByWhatDeterminesItsVectors(String before, String after, boolean another) {
        var changed = remote(LEAST.replace(before, after)).manifest();
        assertThat(changed).isNotEqualTo(remote(LEAST).manifest());
        assertThat(changed.digest().equals(remote(LEAST).manifest().digest())).isEqualTo(!another);
    }

    @Test
    void keepsVectorsOfRemoteModelsAndOfThoseThatDeclareIt() {
        assertThat(parse("bundled: {name: all-minilm-l6-v2-q}").manifest().cache())
                .isNull();
        assertThat(parse("bundled: {name: all-minilm-l6-v2-q}, cache: {}")
                        .manifest()
                        .cache())
                .isEqualTo(new EmbeddingCache(3, 1_000_000));
        assertThat(parse("bundled: {name: all-minilm-l6-v2-q}, cache: {unusedMonths: 1}")
                        .manifest()
                        .digest())
                .isEqualTo(BundledModel.ALL_MINILM_L6_V2_Q.manifest().digest());
        assertThat(parse("remote: {" + LEAST + "}, cache: {enabled: false}")
                        .manifest()
                        .cache())
                .isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "budget: {perMonth: \"1\"}|spec.remote.budget: declare price too",
                "price: {perMillionTokens: cheap}|spec.remote.price.perMillionTokens: \"cheap\" is no amount",
                "limits: {queryTimeout: 1h}|spec.remote.limits.queryTimeout is longer than 10m",
                "limits: {requestTimeout: soon}|spec.remote.limits.requestTimeout: \"soon\" is not a duration"
            })
    void saysWhatToWriteInstead(String wrong, String sentence) {
        assertThatThrownBy(() -> remote(LEAST + ", " + wrong))
                .isInstanceOf(InvalidSpec.class)
                .hasMessageContaining(sentence);
    }

    @Test
    void namesTheObjectThatIsMissing() {
        var model = new Parsed.Valid<>(remote(LEAST));
        Map.of(
                        Reference.secret("docs", "key"), ModelReason.SecretMissing,
                        Reference.configMap("docs", "ca"), ModelReason.CertificateAuthorityMissing,
                        Reference.claim("docs", "models"), ModelReason.ClaimMissing)
                .forEach((missing, reason) -> assertThat(ModelConditions.of(model, Optional.of(missing)))
                        .contains(Finding.of(
                                Conditions.READY, dev.concordance.operator.kube.Truth.FALSE, reason, missing)));
    }

    private static DeclaredModel remote(String fields) {
        return parse("remote: {" + fields + "}");
    }

    private static DeclaredModel parse(String spec) {
        try {
            var model = new EmbeddingModel();
            model.setMetadata(new ObjectMetaBuilder()
                    .withName("hosted")
                    .withNamespace("docs")
                    .build());
            model.setSpec(YAML.readValue("{" + spec + "}", EmbeddingModelSpec.class));
            return EmbeddingModels.parse(model);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(spec, e);
        }
    }
}
