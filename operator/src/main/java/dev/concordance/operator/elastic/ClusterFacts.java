package dev.concordance.operator.elastic;

import java.util.List;

/**
 * What an Elasticsearch cluster says of itself.
 *
 * @param readOnlyIndexes indexes below the asked prefix that Elasticsearch has closed for writing, because disks are full
 */
public record ClusterFacts(String version, String clusterName, List<String> readOnlyIndexes) {
    public ClusterFacts {
        readOnlyIndexes = List.copyOf(readOnlyIndexes);
    }
}
