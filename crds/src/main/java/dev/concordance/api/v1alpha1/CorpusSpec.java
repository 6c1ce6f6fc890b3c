package dev.concordance.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a team wants of a corpus. */
@SchemaCustomizer(value = ListMap.class, input = "sources=name")
@SchemaCustomizer(value = ListMap.class, input = "metadata=name")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CorpusSpec(
        @Nullable List<Source> sources,
        @Nullable LocalReference chunkingPolicyRef,
        @Nullable LocalReference embeddingModelRef,
        @Nullable ClusterReference searchClusterRef,
        @Nullable Freshness freshness,
        @Nullable List<MetadataField> metadata,
        @Nullable Index index,
        @Nullable Retrieval retrieval,
        @Nullable Ingestion ingestion,
        @Nullable String deletionPolicy) {

    /** One place where documents are; exactly one of git and volume. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Source(
            @Nullable String name,
            @Nullable Git git,
            @Nullable Volume volume,
            @Nullable List<String> include,
            @Nullable List<String> exclude,
            @Nullable String uriTemplate,
            @Nullable JsonLines jsonl) {}

    /** A git repository over http(s) or ssh. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Git(
            @Nullable String url,
            @Nullable String ref,
            @Nullable LocalReference credentialsSecretRef,
            @Nullable KeyReference caConfigMapRef) {}

    /** A folder of a PersistentVolumeClaim. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Volume(
            @Nullable String claimName, @Nullable String path) {}

    /** How the lines of {@code .jsonl} files become documents. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record JsonLines(
            @Nullable String idField,
            @Nullable String titleField,
            @Nullable String textField,
            @Nullable String uriField,
            @Nullable List<String> metadataFields) {}

    /** How old answers may be. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Freshness(@Nullable String maxStaleness) {}

    /** A metadata field that searches may filter on. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record MetadataField(
            @Nullable String name, @Nullable String type) {}

    /** Settings of the Elasticsearch index. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Index(@Nullable Integer shards, @Nullable Integer replicas) {}

    /** How a search is answered where the request does not say. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Retrieval(@Nullable String mode, @Nullable Fusion fusion) {}

    /** How the lexical and the semantic ranking become one. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Fusion(
            @Nullable String method,
            @Nullable String lexicalWeight,
            @Nullable String semanticWeight,
            @Nullable Integer rankConstant) {}

    /** How ingestion jobs run. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Ingestion(
            @Nullable ResourceRequirements resources,
            @Nullable String maxDocumentSize,
            @Nullable Integer maxChunksPerDocument) {}
}
