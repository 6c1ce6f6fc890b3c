package dev.concordance.operator.cluster;

import dev.concordance.operator.cluster.ClusterConnection.Trouble;
import dev.concordance.operator.elastic.ClusterFacts;
import dev.concordance.operator.kube.Parsed;
import java.time.Instant;
import java.util.Optional;

/**
 * What was seen of a SearchCluster.
 *
 * @param missing what is referred to and not there
 * @param connection the connection that was asked; empty where none can be opened
 * @param facts what Elasticsearch has said
 * @param failure why it has said nothing
 */
record ClusterObservation(
        Parsed<ClusterDeclaration> declaration,
        boolean paused,
        Optional<Trouble> missing,
        Optional<ClusterConnection> connection,
        Optional<ClusterFacts> facts,
        Optional<Trouble> failure,
        Instant now) {}
