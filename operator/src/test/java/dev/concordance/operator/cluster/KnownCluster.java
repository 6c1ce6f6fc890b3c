package dev.concordance.operator.cluster;

import dev.concordance.operator.elastic.FakeSearchBackend;
import java.util.List;
import java.util.Optional;

/** A SearchCluster that is connected to a cluster in memory, and counts how often it was doubted. */
public final class KnownCluster {
    public final FakeSearchBackend backend = new FakeSearchBackend();
    public final ClusterConnection connection = new ClusterConnection(
            new ClusterDeclaration(
                    "docs",
                    List.of("https://es:9200"),
                    "cc",
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    List.of()),
            null,
            "",
            backend,
            Optional.empty());
    public final ClusterConnections connections = new ClusterConnections();
    private int doubts;

    public KnownCluster() {
        connections.put(new ClusterConnections.Key("docs", "search"), connection);
        connections.onDoubt(cluster -> doubts++);
    }

    /** How often a request was said to have failed. */
    public int doubts() {
        return doubts;
    }
}
