package dev.concordance.operator.query;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.concordance.api.v1alpha1.ChunkingPolicy;
import dev.concordance.api.v1alpha1.Corpus;
import dev.concordance.api.v1alpha1.EmbeddingModel;
import dev.concordance.api.v1alpha1.QueryServer;
import dev.concordance.api.v1alpha1.SearchCluster;
import dev.concordance.operator.chunking.DeclaredPolicy;
import dev.concordance.operator.cluster.ClusterDeclaration;
import dev.concordance.operator.corpus.CorpusParser;
import dev.concordance.operator.model.EmbeddingModels;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What admission lets pass, the parsers understand: both read the cases of the admission suite. */
class AdmissionAgreementTest {
    private static final Path CASES =
            Path.of(System.getProperty("concordance.root")).resolve("e2e/suite/src/test/resources/admission");
    private static final YAMLMapper YAML = new YAMLMapper();

    @TestFactory
    Stream<DynamicTest> corpora() throws IOException {
        return understands("corpus", Corpus.class, CorpusParser::parse);
    }

    @TestFactory
    Stream<DynamicTest> policies() throws IOException {
        return understands("chunkingpolicy", ChunkingPolicy.class, DeclaredPolicy::parse);
    }

    @TestFactory
    Stream<DynamicTest> models() throws IOException {
        return understands("embeddingmodel", EmbeddingModel.class, EmbeddingModels::parse);
    }

    @TestFactory
    Stream<DynamicTest> clusters() throws IOException {
        return understands("searchcluster", SearchCluster.class, ClusterDeclaration::parse);
    }

    @TestFactory
    Stream<DynamicTest> servers() throws IOException {
        return understands("queryserver", QueryServer.class, QueryDeclaration::parse);
    }

    private static <K extends HasMetadata> Stream<DynamicTest> understands(
            String kind, Class<K> type, Consumer<K> parser) throws IOException {
        var cases = YAML.readTree(CASES.resolve(kind + ".yaml").toFile());
        var tests = new ArrayList<DynamicTest>();
        for (var accepted : cases.path("accepted")) {
            var object = merged((ObjectNode) cases.path("example"), (ObjectNode) accepted.path("with"));
            ((ObjectNode) object.path("metadata")).put("namespace", "docs");
            var parsed = Serialization.unmarshal(object.toString(), type);
            tests.add(dynamicTest(
                    accepted.path("case").asText(),
                    () -> assertThatCode(() -> parser.accept(parsed)).doesNotThrowAnyException()));
        }
        return tests.stream();
    }

    /** A merge patch (RFC 7386). */
    private static ObjectNode merged(ObjectNode target, ObjectNode patch) {
        var result = target.deepCopy();
        for (var change : patch.properties()) {
            if (change.getValue().isNull()) {
                result.remove(change.getKey());
            } else if (change.getValue() instanceof ObjectNode changes) {
                result.set(
                        change.getKey(),
                        merged(
                                result.path(change.getKey()) instanceof ObjectNode object
                                        ? object
                                        : result.objectNode(),
                                changes));
            } else {
                result.set(change.getKey(), change.getValue());
            }
        }
        return result;
    }
}
