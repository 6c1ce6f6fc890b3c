package dev.concordance.operator.cluster;

/** What is done about a SearchCluster. */
sealed interface ClusterStep {
    /** Others may use this connection, or see what is wrong with it. */
    record Publish(ClusterConnection connection) implements ClusterStep {}

    /** There is no connection. */
    record Withdraw() implements ClusterStep {}
}
