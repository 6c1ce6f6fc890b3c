package dev.concordance.operator.cluster;

import dev.concordance.api.v1alpha1.KeyReference;
import dev.concordance.api.v1alpha1.LocalReference;
import dev.concordance.api.v1alpha1.SearchCluster;
import dev.concordance.api.v1alpha1.SearchClusterSpec;
import dev.concordance.operator.kube.Defaults;
import dev.concordance.operator.kube.InvalidSpec;
import dev.concordance.operator.kube.Reference;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a SearchCluster declares, checked and with its defaults.
 *
 * @param operatorSecret Secret in the SearchCluster's namespace
 * @param ingestSecret name of a Secret in the namespaces of corpora
 * @param serveSecret name of a Secret in the namespaces of query servers
 */
public record ClusterDeclaration(
        String namespace,
        List<String> urls,
        String indexPrefix,
        Optional<Authority> authority,
        Optional<String> operatorSecret,
        Optional<String> ingestSecret,
        Optional<String> serveSecret,
        List<String> allowedNamespaces) {
    private static final String DEFAULT_PREFIX = "cc";

    public ClusterDeclaration {
        urls = List.copyOf(urls);
        allowedNamespaces = List.copyOf(allowedNamespaces);
    }

    /** Where the certificates to trust are. */
    public record Authority(Reference object, String key) {}

    /** The strict form of a SearchCluster; throws {@link InvalidSpec}. */
    public static ClusterDeclaration parse(SearchCluster cluster) {
        var spec = Defaults.required(cluster.getSpec(), "spec");
        var namespace = cluster.getMetadata().getNamespace();
        var credentials = spec.credentials();
        return new ClusterDeclaration(
                namespace,
                urls(spec),
                Defaults.or(spec.indexPrefix(), DEFAULT_PREFIX),
                authority(namespace, spec.certificateAuthority()),
                name(credentials == null ? null : credentials.operatorSecretRef()),
                name(credentials == null ? null : credentials.ingestSecretRef()),
                name(credentials == null ? null : credentials.serveSecretRef()),
                Defaults.or(spec.allowedNamespaces(), List.of()));
    }

    /** Whether objects of this namespace may refer to the SearchCluster. */
    public boolean allows(String other) {
        return namespace.equals(other) || allowedNamespaces.contains(other);
    }

    private static List<String> urls(SearchClusterSpec spec) {
        var urls = Defaults.required(spec.urls(), "spec.urls");
        if (urls.isEmpty()) {
            throw new InvalidSpec("spec.urls is empty; name at least one URL such as https://elasticsearch:9200");
        }
        urls.forEach(ClusterDeclaration::requireUrl);
        return urls;
    }

    private static void requireUrl(String url) {
        var scheme = "";
        try {
            var parsed = URI.create(url);
            scheme = parsed.getHost() == null ? "" : String.valueOf(parsed.getScheme());
        } catch (IllegalArgumentException notAUrl) {
            // the one message below says it
        }
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new InvalidSpec("spec.urls: \"" + url
                    + "\" is not an http or https URL; write one such as https://elasticsearch:9200");
        }
    }

    private static Optional<Authority> authority(
            String namespace, SearchClusterSpec.@Nullable CertificateAuthority authority) {
        if (authority == null) {
            return Optional.empty();
        }
        if (authority.configMapRef() != null) {
            var reference = authority.configMapRef();
            return Optional.of(new Authority(Reference.configMap(namespace, objectName(reference)), key(reference)));
        }
        if (authority.secretRef() != null) {
            var reference = authority.secretRef();
            return Optional.of(new Authority(Reference.secret(namespace, objectName(reference)), key(reference)));
        }
        throw new InvalidSpec("spec.certificateAuthority: set exactly one of configMapRef and secretRef");
    }

    private static String objectName(KeyReference reference) {
        return Defaults.required(reference.name(), "spec.certificateAuthority: name");
    }

    private static String key(KeyReference reference) {
        return Defaults.or(reference.key(), "ca.crt");
    }

    private static Optional<String> name(@Nullable LocalReference reference) {
        return reference == null ? Optional.empty() : Optional.ofNullable(reference.name());
    }
}
