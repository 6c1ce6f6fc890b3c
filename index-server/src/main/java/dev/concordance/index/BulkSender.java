package dev.concordance.index;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.manifest.FailureReason;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Sends actions in requests of bounded size. What Elasticsearch has no room for at the moment is sent again, later and
 * later; what it refuses for good is told by document; a later writer's version ends the run.
 */
final class BulkSender {
    private static final int LARGEST_REQUEST = 4 << 20;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int CONFLICT = 409;
    private static final int TOO_MANY = 429;
    private static final int NOT_FOUND = 404;

    private final ElasticsearchConnection elasticsearch;
    private final Ledger ledger;

    BulkSender(ElasticsearchConnection elasticsearch, Ledger ledger) {
        this.elasticsearch = elasticsearch;
        this.ledger = ledger;
    }

    /** Does the actions; gives for each document of which one was refused for good what Elasticsearch said. */
    Map<String, String> send(String index, List<Bulk.Action> actions) {
        var refused = new LinkedHashMap<String, String>();
        var request = new ArrayList<Bulk.Action>();
        var size = 0L;
        for (var action : actions) {
            if (!request.isEmpty() && size + action.lines().length > LARGEST_REQUEST) {
                sendUntilTaken(index, request, refused);
                request.clear();
                size = 0;
            }
            request.add(action);
            size += action.lines().length;
        }
        if (!request.isEmpty()) {
            sendUntilTaken(index, request, refused);
        }
        return refused;
    }

    private void sendUntilTaken(String index, List<Bulk.Action> actions, Map<String, String> refused) {
        var left = List.copyOf(actions);
        var pause = FIRST_PAUSE;
        var waited = Duration.ZERO;
        while (true) {
            ledger.check();
            left = sendOnce(index, left, refused);
            if (left.isEmpty()) {
                return;
            }
            if (waited.compareTo(PATIENCE) > 0) {
                throw new IndexException(
                        FailureReason.ElasticsearchRejected,
                        "Elasticsearch has been too busy to take writes for %d s: give it more resources or the corpus fewer shards"
                                .formatted(waited.toSeconds()),
                        true);
            }
            Pause.of(pause);
            waited = waited.plus(pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    private List<Bulk.Action> sendOnce(String index, List<Bulk.Action> actions, Map<String, String> refused) {
        var body = new ByteArrayOutputStream();
        actions.forEach(action -> body.writeBytes(action.lines()));
        var answer = elasticsearch.send(
                "POST", "/" + index + "/_bulk?filter_path=errors,items.*.status,items.*.error", body.toByteArray());
        if (answer.status() == TOO_MANY) {
            return actions;
        }
        if (answer.status() == NOT_FOUND) {
            throw new IndexException(
                    FailureReason.GenerationMissing,
                    "the index " + index + " was deleted while the run wrote to it",
                    true);
        }
        var json = answer.json();
        if (answer.status() >= 300) {
            throw new IndexException(
                    FailureReason.ElasticsearchRejected, "Elasticsearch refused a bulk request: " + reason(json), true);
        }
        return json.path("errors").asBoolean() ? again(json.path("items"), actions, refused) : List.of();
    }

    private static List<Bulk.Action> again(JsonNode items, List<Bulk.Action> actions, Map<String, String> refused) {
        var again = new ArrayList<Bulk.Action>();
        for (var i = 0; i < actions.size(); i++) {
            var item = items.path(i).elements().next();
            var status = item.path("status").asInt();
            if (status == TOO_MANY || status >= 500) {
                again.add(actions.get(i));
            } else if (status == CONFLICT) {
                throw IndexException.leaseLost();
            } else if (status == 403) {
                throw new IndexException(
                        FailureReason.DiskWatermark,
                        "Elasticsearch blocks writes (%s): free disk space; it lifts the block by itself below the watermark"
                                .formatted(reason(item)),
                        true);
            } else if (status >= 300 && status != NOT_FOUND) {
                refused.putIfAbsent(actions.get(i).owner(), reason(item));
            }
        }
        return again;
    }

    /** What Elasticsearch says of an error, without the document's text, which it may quote. */
    private static String reason(JsonNode item) {
        var error = item.path("error");
        var reason = error.path("reason").asText(error.asText("no reason given"));
        var quoted = reason.indexOf("Preview of field's value");
        return quoted < 0 ? reason : reason.substring(0, quoted).strip();
    }
}
