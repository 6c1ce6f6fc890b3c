package dev.concordance.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How to reach an Elasticsearch cluster, and who may. */
@JsonClassDescription("How to reach the cluster, with which credentials, and which namespaces may use it.")
@ValidationRule(
        value = "!has(self.certificateAuthority) || self.urls.all(url, url.startsWith('https://'))",
        message = "certificateAuthority is only of use with https: write https URLs, or take it out",
        fieldPath = ".certificateAuthority")
@ValidationRule(
        value =
                "(has(self.indexPrefix) ? self.indexPrefix : 'cc') == (has(oldSelf.indexPrefix) ? oldSelf.indexPrefix : 'cc')",
        message =
                "indexPrefix (default cc) can't be changed: the indexes would be lost under their old names; declare another"
                        + " SearchCluster with the new prefix",
        fieldPath = ".indexPrefix")
@SchemaCustomizer(value = ListType.class, input = "allowedNamespaces=set")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SearchClusterSpec(
        @JsonPropertyDescription("Base URLs of the nodes, http or https, at most 16; requests are spread over them."
                + " Example: https://elasticsearch.search.svc:9200")
        @Required
        @Size(min = 1, max = MAX_URLS)
        @ValidationRule(
                value = "self.all(url, url.replace(url.find('^https?://[^/]*'), '') =="
                        + " self[0].replace(self[0].find('^https?://[^/]*'), ''))",
                message = "give all URLs the same path, or none: they are nodes of one cluster")
        @ValidationRule(value = "self.all(url, url.matches('" + URL + "'))", message = URL_MESSAGE)
        @Nullable
        List<@Size(min = 1, max = MAX_URL) String> urls,

        @JsonPropertyDescription(
                "What the names of all indexes begin with, as in <prefix>-<namespace>.<corpus>; privileges in"
                        + " Elasticsearch can be granted on it. Lower-case letters, digits and underscores, at most 40. Can't be"
                        + " changed. Default: cc.")
        @Size(min = 1, max = MAX_PREFIX)
        @ValidationRule(
                value = "self.matches('^[a-z][a-z0-9_]*$')",
                message = "write lower-case letters, digits and underscores, with a letter first; a dash would let two"
                        + " corpora share an index name")
        @Nullable
        String indexPrefix,

        @JsonPropertyDescription(
                "Certificates to trust instead of the platform's, exactly one of configMapRef and secretRef. Only"
                        + " with https.")
        @Nullable
        CertificateAuthority certificateAuthority,

        @JsonPropertyDescription(
                "Secrets with credentials, each with the keys username and password, or apiKey (in its encoded"
                        + " form). Default: none, for a cluster without security.")
        @Nullable
        Credentials credentials,

        @JsonPropertyDescription(
                "Namespaces, beside the SearchCluster's own, whose Corpora may refer to it; at most 256."
                        + " Default: none.")
        @Size(max = MAX_NAMESPACES)
        @ValidationRule(
                value = "self.all(name, name.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$'))",
                message = "write names of namespaces; patterns such as * are not understood")
        @Nullable
        List<@Size(min = 1, max = Rules.MAX_LABEL) String> allowedNamespaces) {
    static final int MAX_URLS = 16;
    static final int MAX_URL = 512;
    static final int MAX_PREFIX = 40;
    static final int MAX_NAMESPACES = 256;

    private static final String HOST_LABEL = "[A-Za-z0-9]([-A-Za-z0-9]*[A-Za-z0-9])?";
    private static final String HOST = "((" + HOST_LABEL
            + "[.])*[A-Za-z]([-A-Za-z0-9]*[A-Za-z0-9])?|[0-9]{1,3}([.][0-9]{1,3}){3}|[[][0-9A-Fa-f:.]+[]])";
    static final String URL = "^https?://" + HOST + "(:[0-9]{1,5})?((/[-A-Za-z0-9._~]+)*/?)?$";
    static final String URL_MESSAGE =
            "write http or https URLs of nodes, such as https://elasticsearch:9200, without credentials"
                    + " and without a query; credentials are named in spec.credentials";

    /** PEM certificates to trust, in a ConfigMap or a Secret of the SearchCluster's namespace. */
    @ValidationRule(
            value = "has(self.configMapRef) != has(self.secretRef)",
            message = "set exactly one of configMapRef and secretRef")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record CertificateAuthority(
            @JsonPropertyDescription(
                    "Key of a ConfigMap, in the SearchCluster's namespace, with certificates in PEM form. Default key:"
                            + " ca.crt.")
            @Nullable
            KeyReference configMapRef,

            @JsonPropertyDescription(
                    "Key of a Secret, in the SearchCluster's namespace, with certificates in PEM form. Default key:"
                            + " ca.crt. Example: the Secret <name>-es-http-certs-public of ECK.")
            @Nullable
            KeyReference secretRef) {}

    /**
     * Secrets with username and password, or apiKey. The operator's is read in the SearchCluster's namespace; those for
     * ingestion and serving are mounted by pods, so they are Secrets of that name in the Corpus's or QueryServer's namespace.
     */
    @ValidationRule(
            value = "has(self.operatorSecretRef) || has(self.ingestSecretRef) || has(self.serveSecretRef)",
            message = "name at least one Secret, or leave credentials out for a cluster without security")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Credentials(
            @JsonPropertyDescription(
                    "Secret in the SearchCluster's namespace, for the operator: creates and deletes indexes and moves"
                            + " aliases. Default: none, requests are sent without credentials.")
            @Nullable
            LocalReference operatorSecretRef,

            @JsonPropertyDescription(
                    "Secret in the namespace of each Corpus, for ingestion pods: writes to the corpus's indexes."
                            + " Default: none.")
            @Nullable
            LocalReference ingestSecretRef,

            @JsonPropertyDescription(
                    "Secret in the namespace of each QueryServer, for its pods: only reads. Default: none.")
            @Nullable
            LocalReference serveSecretRef) {}
}
