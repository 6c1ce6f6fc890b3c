package dev.concordance.operator.elastic;

import dev.concordance.manifest.IndexNames;
import dev.concordance.operator.elastic.BackendException.Obstacle;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What Elasticsearch counts of a corpus's indexes, and of the disks that they are on. */
record IndexStatistics(RestCalls rest) {
    /** Of an index's primary shards; 0: it isn't there. */
    long bytes(String index) {
        return rest.get("/" + index + "/_stats/store?filter_path=_all.primaries.store.size_in_bytes")
                .path("_all")
                .path("primaries")
                .path("store")
                .path("size_in_bytes")
                .asLong();
    }

    /** By the number of the generation, how many searches its shards have answered since the nodes started. */
    Map<Integer, Long> searches(IndexNames names) {
        var searches = new HashMap<Integer, Long>();
        var indexes = rest.get("/" + names.alias() + "-g*/_stats/search?filter_path=indices.*.total.search.query_total")
                .path("indices");
        for (var index : indexes.properties()) {
            var total = index.getValue().path("total").path("search").path("query_total");
            names.number(index.getKey()).ifPresent(number -> searches.put(number, total.asLong()));
        }
        return searches;
    }

    /** As {@link DiskRoom} has it; empty too where the operator isn't allowed to know. */
    Optional<Long> room() {
        try {
            return DiskRoom.of(rest.get(DiskRoom.STATS), rest.get(DiskRoom.SETTINGS));
        } catch (BackendException refused) {
            if (refused.obstacle() == Obstacle.PRIVILEGE_MISSING || refused.obstacle() == Obstacle.REFUSED) {
                return Optional.empty();
            }
            throw refused;
        }
    }
}
