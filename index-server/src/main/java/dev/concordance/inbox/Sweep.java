package dev.concordance.inbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.manifest.InboxFields;
import dev.concordance.manifest.ManifestJson;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

/**
 * Removes marks of deletions, and what was kept of requests, once they are old. Before a mark goes, its number is noted as the horizon:
 * whoever has read up to an earlier one can't go on from there. Any number of sweeps can be under way at a time.
 */
public final class Sweep {
    /** Until then they stay. */
    public static final Duration RETENTION = Duration.ofHours(24);

    private static final int PAGE = 1_000;
    private static final int CONFLICT = 409;

    private final ElasticsearchConnection elasticsearch;
    private final String index;

    public Sweep(ElasticsearchConnection elasticsearch, String index) {
        this.elasticsearch = elasticsearch;
        this.index = index;
    }

    /** Removes what is old now, and gives how much that was. */
    public long sweep(Instant now) {
        new InboxReader(elasticsearch, index).refresh();
        var before = now.minus(RETENTION).toEpochMilli();
        return removeAll(marks(before), true) + removeAll(requests(before), false);
    }

    private static ObjectNode marks(long before) {
        var query = old(before);
        query.withArray("/bool/filter").addObject().putObject("term").put(InboxFields.DELETED, true);
        return query;
    }

    private static ObjectNode requests(long before) {
        var query = old(before);
        query.withArray("/bool/must_not").addObject().putObject("exists").put("field", InboxFields.SOURCE);
        return query;
    }

    private static ObjectNode old(long before) {
        var query = ManifestJson.mapper().createObjectNode();
        query.withArray("/bool/filter")
                .addObject()
                .putObject("range")
                .putObject(InboxFields.AT)
                .put("lt", before);
        return query;
    }

    private long removeAll(ObjectNode query, boolean areMarks) {
        var removed = 0L;
        var after = -1L;
        while (true) {
            var hits = page(query, after);
            if (hits.isEmpty()) {
                return removed;
            }
            after = hits.path(hits.size() - 1).path("_seq_no").asLong();
            if (areMarks) {
                raiseHorizon(after);
            }
            removed += remove(hits);
        }
    }

    private JsonNode page(ObjectNode query, long after) {
        var body = ManifestJson.mapper().createObjectNode();
        body.put("size", PAGE)
                .put("track_total_hits", false)
                .put("seq_no_primary_term", true)
                .put("_source", false)
                .set("query", query);
        body.putArray("sort").addObject().put(InboxFields.SEQUENCE, "asc");
        body.putArray("search_after").add(after);
        var answer = elasticsearch.send("POST", "/" + index + "/_search", bytes(body));
        if (answer.status() >= 300) {
            throw new Busy("old marks can't be looked up at the moment (%d)".formatted(answer.status()));
        }
        return answer.json().path("hits").path("hits");
    }

    private void raiseHorizon(long sequence) {
        while (true) {
            var found = elasticsearch
                    .send("GET", "/" + index + "/_doc/" + InboxFields.HORIZON, null)
                    .json();
            if (found.path("_source").path(InboxFields.UP_TO).asLong(-1) >= sequence) {
                return;
            }
            var condition = found.path("found").asBoolean()
                    ? "?if_seq_no=%d&if_primary_term=%d"
                            .formatted(
                                    found.path("_seq_no").asLong(),
                                    found.path("_primary_term").asLong())
                    : "?op_type=create";
            var body = ManifestJson.mapper().createObjectNode().put(InboxFields.UP_TO, sequence);
            var status = elasticsearch
                    .send("PUT", "/" + index + "/_doc/" + InboxFields.HORIZON + condition, bytes(body))
                    .status();
            if (status >= 300 && status != CONFLICT) {
                throw new Busy("the horizon can't be written at the moment (%d)".formatted(status));
            }
        }
    }

    /** Only those that are still as they were found. */
    private long remove(JsonNode hits) {
        var body = new StringBuilder();
        for (var hit : hits) {
            var action = ManifestJson.mapper().createObjectNode();
            action.putObject("delete")
                    .put("_id", hit.path("_id").asText())
                    .put("if_seq_no", hit.path("_seq_no").asLong())
                    .put("if_primary_term", hit.path("_primary_term").asLong());
            body.append(action).append('\n');
        }
        var items = elasticsearch
                .send(
                        "POST",
                        "/" + index + "/_bulk?filter_path=items.*.status",
                        body.toString().getBytes(StandardCharsets.UTF_8))
                .json()
                .path("items");
        var removed = 0L;
        for (var item : items) {
            removed += item.path("delete").path("status").asInt() == 200 ? 1 : 0;
        }
        return removed;
    }

    private static byte[] bytes(ObjectNode json) {
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }
}
