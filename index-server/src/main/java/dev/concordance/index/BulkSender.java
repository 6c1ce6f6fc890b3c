package dev.concordance.index;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.manifest.FailureReason;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Sends requests until they are done. What Elasticsearch has no room for at the moment is sent again, in halves and later
 * and later; what it refuses for good is told by document; a later writer's version ends the run.
 */
final class BulkSender {
    private static final int FORBIDDEN = 403;
    private static final int CONFLICT = 409;
    private static final int TOO_MANY = 429;
    private static final int NOT_FOUND = 404;
    private static final int TOO_LARGE = 413;

    private final ElasticsearchConnection elasticsearch;
    private final Ledger ledger;
    private final boolean asHolder;
    private final String refresh;

    /** @param asHolder whether the lease is checked before each request */
    BulkSender(ElasticsearchConnection elasticsearch, Ledger ledger, boolean asHolder) {
        this(elasticsearch, ledger, asHolder, "");
    }

    private BulkSender(ElasticsearchConnection elasticsearch, Ledger ledger, boolean asHolder, String refresh) {
        this.elasticsearch = elasticsearch;
        this.ledger = ledger;
        this.asHolder = asHolder;
        this.refresh = refresh;
    }

    /** One for the holder of the lease that makes searchable what it sends, by a refresh of no other shards. */
    static BulkSender refreshing(ElasticsearchConnection elasticsearch, Ledger ledger) {
        return new BulkSender(elasticsearch, ledger, true, "&refresh=true");
    }

    /** What is left to do of a request after it was answered. */
    private record Outcome(List<Bulk.Action> again, boolean busy, Optional<Duration> pause) {
        static final Outcome DONE = new Outcome(List.of(), false);

        Outcome(List<Bulk.Action> again, boolean busy) {
            this(again, busy, Optional.empty());
        }
    }

    /** Does the actions; gives for each document of which one was refused for good what Elasticsearch said. */
    Map<String, String> send(String index, List<Bulk.Action> actions) {
        var refused = new LinkedHashMap<String, String>();
        var requests = new ArrayDeque<List<Bulk.Action>>();
        requests.add(actions);
        var patience = elasticsearch.patience();
        var waited = Duration.ZERO;
        while (!requests.isEmpty()) {
            var outcome = sendOnce(index, requests.remove(), refused);
            halves(outcome.again()).reversed().forEach(requests::addFirst);
            if (!outcome.busy()) {
                patience = elasticsearch.patience();
                waited = Duration.ZERO;
                continue;
            }
            var pause = patience.next(outcome.pause());
            if (pause.isEmpty()) {
                throw new IndexException(
                        FailureReason.ElasticsearchUnreachable,
                        "Elasticsearch has been too busy to take writes for %d s: give it more resources or the corpus fewer shards"
                                .formatted(waited.toSeconds()));
            }
            elasticsearch.pause(pause.get());
            waited = waited.plus(pause.get());
        }
        return refused;
    }

    /** Smaller requests find room where larger ones don't. */
    private static List<List<Bulk.Action>> halves(List<Bulk.Action> actions) {
        var middle = actions.size() / 2;
        if (middle == 0) {
            return actions.isEmpty() ? List.of() : List.of(actions);
        }
        return List.of(actions.subList(0, middle), actions.subList(middle, actions.size()));
    }

    private Outcome sendOnce(String index, List<Bulk.Action> actions, Map<String, String> refused) {
        if (asHolder) {
            ledger.check(index);
        }
        var body = new ByteArrayOutputStream();
        actions.forEach(action -> body.writeBytes(action.lines()));
        var answer = elasticsearch.sendOnce(
                "POST",
                "/" + index + "/_bulk?filter_path=errors,items.*.status,items.*.error" + refresh,
                body.toByteArray());
        if (answer.isBusy()) {
            return new Outcome(actions, true, answer.pause(Instant.now()));
        }
        if (answer.status() == TOO_LARGE) {
            return tooLarge(actions, refused);
        }
        var json = answer.json();
        if (answer.status() >= 300) {
            throw new IndexException(
                    FailureReason.ElasticsearchRejected, "Elasticsearch refused a bulk request: " + reason(json));
        }
        return json.path("errors").asBoolean() ? outcome(index, json.path("items"), actions, refused) : Outcome.DONE;
    }

    private static Outcome tooLarge(List<Bulk.Action> actions, Map<String, String> refused) {
        if (actions.size() > 1) {
            return new Outcome(actions, false);
        }
        refused.putIfAbsent(
                actions.getFirst().owner(), "a passage is larger than http.max_content_length allows a request to be");
        return Outcome.DONE;
    }

    private static Outcome outcome(
            String index, JsonNode items, List<Bulk.Action> actions, Map<String, String> refused) {
        var again = new ArrayList<Bulk.Action>();
        var fenced = new LinkedHashSet<String>();
        for (var i = 0; i < actions.size(); i++) {
            var action = items.path(i).properties().iterator().next();
            var item = action.getValue();
            var status = item.path("status").asInt();
            if (isBlocked(item)) {
                throw forbidden(item);
            }
            if (status == TOO_MANY || status >= 500) {
                again.add(actions.get(i));
            } else if (status == CONFLICT) {
                fenced.add(actions.get(i).owner());
            } else if (status == NOT_FOUND) {
                checkIsThere(index, item);
            } else if (status >= 300) {
                refused.putIfAbsent(actions.get(i).owner(), reason(item));
            }
        }
        return fenced(fenced, again);
    }

    private static Outcome fenced(Set<String> fenced, List<Bulk.Action> again) {
        if (!fenced.isEmpty()) {
            throw IndexException.leaseLost(fenced);
        }
        return new Outcome(again, !again.isEmpty());
    }

    /** A document that is to be deleted may be gone already, its index may not. */
    private static void checkIsThere(String index, JsonNode item) {
        if (!item.path("error").isMissingNode()) {
            throw new IndexException(
                    FailureReason.GenerationMissing, "the index " + index + " was deleted while the run wrote to it");
        }
    }

    /** The block of a full disk has the status of what passes by waiting. */
    private static boolean isBlocked(JsonNode item) {
        var status = item.path("status").asInt();
        return status == FORBIDDEN
                || status == TOO_MANY
                        && item.path("error").path("type").asText().equals("cluster_block_exception");
    }

    private static IndexException forbidden(JsonNode item) {
        if (item.path("error").path("type").asText().equals("security_exception")) {
            return new IndexException(
                    FailureReason.ElasticsearchUnauthorized,
                    "the worker's credentials lack a privilege: " + reason(item));
        }
        return new IndexException(
                FailureReason.DiskWatermark,
                "Elasticsearch blocks writes (%s): free disk space; it lifts the block by itself below the watermark"
                        .formatted(reason(item)));
    }

    /** What Elasticsearch says of an error, without the document's text, which it may quote. */
    private static String reason(JsonNode item) {
        var error = item.path("error");
        var reason = error.path("reason").asText(error.asText("no reason given"));
        var quoted = reason.indexOf("Preview of field's value");
        return quoted < 0 ? reason : reason.substring(0, quoted).strip();
    }
}
