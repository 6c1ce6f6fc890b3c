package dev.concordance.crd;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.concordance.api.v1alpha1.ChunkingPolicy;
import dev.concordance.api.v1alpha1.Corpus;
import dev.concordance.api.v1alpha1.EmbeddingModel;
import dev.concordance.api.v1alpha1.Erasure;
import dev.concordance.api.v1alpha1.IngestionRun;
import dev.concordance.api.v1alpha1.QueryServer;
import dev.concordance.api.v1alpha1.SearchCluster;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.CustomResource;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Makes the CustomResourceDefinitions from the types of the API. */
final class CrdGenerator {
    /** All kinds. */
    static final List<Class<? extends CustomResource<?, ?>>> KINDS = List.of(
            Corpus.class,
            ChunkingPolicy.class,
            EmbeddingModel.class,
            SearchCluster.class,
            QueryServer.class,
            IngestionRun.class,
            Erasure.class);

    private static final String HEADER = """
            # Generated from crds/src/main/java/dev/concordance/api/v1alpha1; to change it, change the types and run
            #   %s
            """.formatted(CrdDriftTest.REGENERATE);

    private CrdGenerator() {}

    /** The definitions by the names of their kinds. */
    static Map<String, CustomResourceDefinition> definitions() {
        var definitions = new TreeMap<String, CustomResourceDefinition>();
        for (var kind : KINDS) {
            definitions.put(kind.getSimpleName(), definition(kind));
        }
        return definitions;
    }

    /** The definitions as YAML by the names of their files. */
    static Map<String, String> files() {
        var files = new TreeMap<String, String>();
        for (var definition : definitions().values()) {
            files.put(definition.getMetadata().getName() + ".yaml", HEADER + yaml(definition));
        }
        return files;
    }

    private static CustomResourceDefinition definition(Class<? extends CustomResource<?, ?>> kind) {
        var finished = new CustomResourceDefinition[1];
        new CRDGenerator()
                .customResourceClasses(List.of(kind))
                .forCRDVersions("v1")
                .withParallelGenerationEnabled(false)
                .withPostProcessor(new CRDPostProcessor() {
                    @Override
                    public HasMetadata process(HasMetadata generated, String version) {
                        finished[0] = (CustomResourceDefinition) generated;
                        Finishing.finish(finished[0], kind);
                        return generated;
                    }
                })
                .withOutput(new Nowhere())
                .generate();
        return finished[0];
    }

    private static String yaml(CustomResourceDefinition definition) {
        var mapper = YAMLMapper.builder()
                .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                .disable(YAMLGenerator.Feature.SPLIT_LINES)
                .build();
        try {
            return mapper.writeValueAsString(integral(mapper.valueToTree(definition)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a definition that is no YAML", e);
        }
    }

    /** Bounds are written as whole numbers, as the API server returns them. */
    private static JsonNode integral(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.properties().forEach(entry -> entry.setValue(integral(entry.getValue())));
        } else if (node instanceof ArrayNode array) {
            for (var i = 0; i < array.size(); i++) {
                array.set(i, integral(array.get(i)));
            }
        } else if (node.isDouble() && node.doubleValue() == node.longValue()) {
            return LongNode.valueOf(node.longValue());
        }
        return node;
    }

    /** The generator insists on writing somewhere. */
    private static final class Nowhere implements CRDGenerator.CRDOutput<OutputStream> {
        @Override
        public OutputStream outputFor(String name) {
            return OutputStream.nullOutputStream();
        }

        @Override
        public void close() {}
    }
}
