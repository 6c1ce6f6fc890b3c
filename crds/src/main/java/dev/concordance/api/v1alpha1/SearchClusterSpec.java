package dev.concordance.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How to reach an Elasticsearch cluster, and who may. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SearchClusterSpec(
        @Nullable List<String> urls,
        @Nullable String indexPrefix,
        @Nullable CertificateAuthority certificateAuthority,
        @Nullable Credentials credentials,
        @Nullable List<String> allowedNamespaces) {

    /** PEM certificates to trust, in a ConfigMap or a Secret of the SearchCluster's namespace. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record CertificateAuthority(
            @Nullable KeyReference configMapRef, @Nullable KeyReference secretRef) {}

    /**
     * Secrets with username and password, or apiKey. The operator's is read in the SearchCluster's namespace; those for
     * ingestion and serving are mounted by pods, so they are Secrets of that name in the Corpus's or QueryServer's namespace.
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Credentials(
            @Nullable LocalReference operatorSecretRef,
            @Nullable LocalReference ingestSecretRef,
            @Nullable LocalReference serveSecretRef) {}
}
