package dev.concordance.localcluster.quickstart;

import dev.concordance.localcluster.Command;
import dev.concordance.localcluster.LocalCluster;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The local cluster, with the images that were built just now. */
public record LocalSite(LocalCluster cluster) implements Site {
    @Override
    public Command kubectl() {
        return command("kubectl");
    }

    @Override
    public Command helm() {
        return command("helm");
    }

    @Override
    public List<String> values() {
        return List.of(
                // Its websites are on loopback.
                "ingestion: {privateNetworkNamespaces: [\"*\"]}",
                "image:",
                "  pullPolicy: Never",
                "  operator: {repository: %s, digest: \"%s\"}"
                        .formatted(LocalCluster.OPERATOR, cluster.imageDigest(LocalCluster.OPERATOR)),
                "  indexServer: {repository: %s, digest: \"%s\"}"
                        .formatted(LocalCluster.INDEX_SERVER, cluster.imageDigest(LocalCluster.INDEX_SERVER)));
    }

    @Override
    public URI elasticsearch() {
        return cluster.elasticsearchUrl();
    }

    @Override
    public URI repository() {
        return cluster.gitUrl();
    }

    @Override
    public <T> T withQueryServer(String namespace, String name, Function<URI, T> use) {
        return use.apply(cluster.gatewayUrl());
    }

    @Override
    public List<String> nextSteps() {
        return List.of(
                "",
                "All of it goes on running. Try next:",
                "  eval \"$(./quickstart env)\"             kubectl, helm and the addresses, for this shell",
                "  kubectl get corpora -A                 is it ready, what is in it, how fresh is it",
                "  kubectl describe corpora -n docs       its conditions and events",
                "  kubectl explain corpus.spec            what can be declared",
                "  curl -s $CONCORDANCE_URL/v1/namespaces/docs/corpora/concordance-docs/search \\",
                "       -H 'Content-Type: application/json' -d '{\"query\": \"how are deletions guarded\", \"k\": 3}'",
                "  git commit a change to a page in docs/, and ask for it two minutes later",
                "  ./quickstart down                      stops everything; with --purge its state goes too");
    }

    private Command command(String name) {
        return new Command(
                List.of(cluster.binaries().path(name)),
                Map.of("KUBECONFIG", cluster.controlPlane().kubeconfig().toString()));
    }
}
