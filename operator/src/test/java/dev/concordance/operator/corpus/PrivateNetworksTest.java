package dev.concordance.operator.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.concordance.api.v1alpha1.Corpus;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.operator.cluster.ClusterConnection;
import dev.concordance.operator.cluster.ClusterConnections;
import dev.concordance.operator.cluster.ClusterDeclaration;
import dev.concordance.operator.elastic.FakeSearchBackend;
import dev.concordance.operator.kube.Values;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whose corpora may read websites in private networks: the operator's configuration says it, whatever a Corpus declares. */
final class PrivateNetworksTest {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    @Test
    void areReadByTheNamespacesThatAreNamedAlone() throws Exception {
        var configured = Set.of("team-a");
        assertThat(mayRead(configured, "team-a")).isTrue();
        assertThat(mayRead(configured, "team-b")).isFalse();
        assertThat(mayRead(configured, "team-a-2")).isFalse();
        assertThat(mayRead(configured, "team")).isFalse();
    }

    @Test
    void areReadByAllWhereAStarIsNamedAndByNobodyWhereNothingIs() throws Exception {
        assertThat(mayRead(Set.of("*"), "team-b")).isTrue();
        assertThat(mayRead(Set.of("team-a", "*"), "team-b")).isTrue();
        assertThat(mayRead(Set.of(), "team-a")).isFalse();
    }

    /** What the worker of a run is told. */
    private static boolean mayRead(Set<String> configured, String namespace) throws Exception {
        var corpus = YAML.readValue("""
                metadata: {name: handbook, namespace: %s}
                spec:
                  sources: [{name: site, web: {urls: ["https://intranet/"]}}]
                  searchClusterRef: {name: search}
                """.formatted(namespace), Corpus.class);
        var cluster = new ClusterDeclaration(
                namespace,
                List.of("https://es:9200"),
                "cc",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of());
        var connection = new ClusterConnection(cluster, null, "", new FakeSearchBackend(), Optional.empty());
        try (var client =
                new KubernetesClientBuilder().withConfig(Config.empty()).build()) {
            var resolver = new CorpusResolver(
                    new CorpusReferences(), new ClusterConnections(), new Values(client), configured);
            var source = resolver.resolve(CorpusParser.parse(corpus), connection)
                    .sources()
                    .getFirst();
            return ((SourceManifest.Web) source.location()).privateNetworks();
        }
    }
}
