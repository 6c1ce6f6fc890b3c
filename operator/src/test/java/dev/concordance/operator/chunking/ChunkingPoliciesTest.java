package dev.concordance.operator.chunking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.concordance.api.v1alpha1.ChunkingPolicy;
import dev.concordance.api.v1alpha1.ChunkingPolicySpec;
import dev.concordance.manifest.BundledModel;
import dev.concordance.manifest.Chunking;
import dev.concordance.manifest.Fingerprint;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.Privacy;
import dev.concordance.manifest.Privacy.Action;
import dev.concordance.manifest.Privacy.Kind;
import dev.concordance.operator.kube.InvalidSpec;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a ChunkingPolicy declares, in its strict form. */
final class ChunkingPoliciesTest {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    static Stream<Arguments> declared() {
        return Stream.of(
                Arguments.of("headings: {}", new Chunking.ByHeadings(256, 32, "{title} > {headings}")),
                Arguments.of(
                        "headings: {maxTokens: 100, overlapTokens: 0}",
                        new Chunking.ByHeadings(100, 0, "{title} > {headings}")),
                Arguments.of("headings: {maxTokens: 160}", new Chunking.ByHeadings(160, 20, "{title} > {headings}")),
                Arguments.of(
                        "headings: {overlapTokens: 200}", new Chunking.ByHeadings(400, 200, "{title} > {headings}")),
                Arguments.of("sentences: {overlapSentences: 2}", new Chunking.BySentences(256, 2, "{title}")),
                Arguments.of("tokens: {contextHeader: ''}", new Chunking.ByTokens(256, 32, "")),
                Arguments.of("recursive: {}", new Chunking.Recursive(256, "{title}")),
                Arguments.of("code: {}", new Chunking.ByCode(256, "{title} > {headings}")),
                Arguments.of("code: {maxTokens: 64, contextHeader: ''}", new Chunking.ByCode(64, "")),
                Arguments.of("recursive: {maxTokens: 64, contextHeader: ''}", new Chunking.Recursive(64, "")),
                Arguments.of("hierarchical: {}", new Chunking.Hierarchical(512, 128, "{title} > {headings}")),
                Arguments.of(
                        "hierarchical: {childTokens: 200, contextHeader: ''}", new Chunking.Hierarchical(800, 200, "")),
                Arguments.of(
                        "hierarchical: {parentTokens: 100}",
                        new Chunking.Hierarchical(100, 100, "{title} > {headings}")),
                Arguments.of("semantic: {}", new Chunking.Semantic(256, 64, 95, "{title}")),
                Arguments.of(
                        "semantic: {maxTokens: 300, minTokens: 0, breakpointPercentile: 80}",
                        new Chunking.Semantic(300, 0, 80, "{title}")),
                Arguments.of("whole: {}", new Chunking.Whole("{title}")));
    }

    @ParameterizedTest
    @MethodSource("declared")
    void takesWhatIsDeclaredAndHandsItOver(String spec, Chunking expected) throws Exception {
        var chunking = ChunkingPolicies.parse(policy(spec));
        assertThat(chunking).isEqualTo(expected);
        var handedOver = ManifestJson.mapper().writeValueAsString(chunking);
        assertThat(ManifestJson.mapper().readValue(handedOver, Chunking.class)).isEqualTo(expected);
    }

    @Test
    void saysWhatToWriteInstead() {
        assertThatThrownBy(() -> ChunkingPolicies.parse(policy("{}")))
                .hasMessageContaining("set exactly one of headings");
        assertThatThrownBy(() -> ChunkingPolicies.parse(policy("{whole: {}, recursive: {}}")))
                .isInstanceOf(InvalidSpec.class)
                .hasMessageContaining("semantic and whole");
        assertThatThrownBy(() -> ChunkingPolicies.parse(policy("hierarchical: {parentTokens: 64, childTokens: 65}")))
                .hasMessageContaining("has to be at most parentTokens (64)");
        assertThatThrownBy(() -> ChunkingPolicies.parse(policy("semantic: {maxTokens: 64, minTokens: 33}")))
                .hasMessageContaining("has to be at most half of maxTokens (64)");
        assertThatThrownBy(() -> ChunkingPolicies.parse(policy("tokens: {maxTokens: 20, overlapTokens: 20}")))
                .hasMessageContaining("has to be smaller than maxTokens (20)");
    }

    @Test
    void takesWhatIsToBeKeptOutAndHandsItOver() throws Exception {
        var declared = DeclaredPolicy.parse(
                policy(
                        "{whole: {}, privacy: {email: Redact, phone: Quarantine, phoneRegions: [DE, AT, DE], hiddenText: Signal}}"));
        var expected = new Privacy(
                Map.of(
                        Kind.Email, Action.Redact,
                        Kind.Phone, Action.Quarantine,
                        Kind.HiddenText, Action.Signal),
                List.of("AT", "DE"));
        assertThat(declared.privacy()).isEqualTo(expected);
        var handedOver = ManifestJson.mapper().writeValueAsString(expected);
        assertThat(ManifestJson.mapper().readValue(handedOver, Privacy.class)).isEqualTo(expected);
        assertThat(DeclaredPolicy.parse(policy("{whole: {}}")).privacy()).isEqualTo(Privacy.NONE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                                     | say what to look for
            {email: Mask}                          | spec.privacy.email: "Mask" is not known
            {email: Signal}                        | spec.privacy.email: write Redact or Quarantine
            {instructionInjection: Redact}         | spec.privacy.instructionInjection: write Signal or Quarantine
            {phone: Redact, phoneRegions: [XX]}    | "XX" is no country
            {email: Redact, phoneRegions: [DE]}    | they are for phone, which isn't set
            """)
    void saysWhatOfPrivacyToWriteInstead(String privacy, String sentence) {
        assertThatThrownBy(() -> DeclaredPolicy.parse(policy("{whole: {}, privacy: " + privacy + "}")))
                .isInstanceOf(InvalidSpec.class)
                .hasMessageContaining(sentence);
    }

    @Test
    void buildsAnewWhatIsScreenedDifferentlyAndNothingElse() throws Exception {
        var plain = new GenerationManifest(
                1, 1, ChunkingPolicies.builtIn(), BundledModel.BGE_SMALL_EN_V1_5_Q.manifest(), 1, List.of());
        var json = (ObjectNode) ManifestJson.mapper().valueToTree(plain);
        json.remove("privacy");
        var older = ManifestJson.mapper().treeToValue(json, GenerationManifest.class);
        assertThat(older).isEqualTo(plain);
        assertThat(plain.digest())
                .isEqualTo(new Fingerprint("generation/1")
                        .with("pipeline", 1)
                        .with("chunking", plain.chunking())
                        .with("model", plain.model().digest())
                        .with("shards", 1)
                        .with("metadata", List.of())
                        .digest());
        var redacting = plain.with(new Privacy(Map.of(Kind.Email, Action.Redact), List.of()));
        var quarantining = plain.with(new Privacy(Map.of(Kind.Email, Action.Quarantine), List.of()));
        var abroad = plain.with(new Privacy(Map.of(Kind.Phone, Action.Redact), List.of("DE")));
        var atHome = plain.with(new Privacy(Map.of(Kind.Phone, Action.Redact), List.of("AT")));
        assertThat(Stream.of(plain, redacting, quarantining, abroad, atHome)
                        .map(GenerationManifest::digest)
                        .distinct())
                .hasSize(5);
        assertThat(redacting.numbered(7).digest()).isEqualTo(redacting.digest());
    }

    private static ChunkingPolicy policy(String spec) throws Exception {
        var policy = new ChunkingPolicy();
        policy.setSpec(YAML.readValue(spec, ChunkingPolicySpec.class));
        return policy;
    }
}
