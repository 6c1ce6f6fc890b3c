package dev.concordance.inbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concordance.elasticsearch.Answer;
import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.index.DocumentKey;
import dev.concordance.manifest.InboxFields;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.PushPosition;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads what was pushed. Writes get their sequence numbers before they are done, and end in any order, so a search can show a later one and
 * not yet an earlier one. A reading is therefore complete up to the global checkpoint that was asked for before the index was
 * refreshed: up to there every write is done on all copies of the shard and can't be lost with one. It may show later ones too, which the next
 * reading shows again.
 */
public final class InboxReader {
    private static final int PAGE = 1_000;
    private static final int MOST_SOURCES = 10_000;
    private static final String KEEP_ALIVE = "5m";

    private final ElasticsearchConnection elasticsearch;
    private final String index;
    private final Lookup lookup;

    public InboxReader(ElasticsearchConnection elasticsearch, String index) {
        this.elasticsearch = elasticsearch;
        this.index = index;
        this.lookup = new Lookup(elasticsearch, index);
    }

    /**
     * A document that was pushed.
     *
     * @param hash changes with it; empty: it was deleted
     * @param length bytes of its content
     * @param at when it was taken
     */
    public record Listed(String id, String hash, long length, Instant at) {
        /** Whether it was deleted. */
        public boolean isDeleted() {
            return hash.isEmpty();
        }
    }

    /**
     * A document with what it says.
     *
     * @param json text of a JSON object
     * @param hash changes with it
     */
    public record Pushed(String id, Version version, String json, String hash) {}

    /**
     * How far a reading went.
     *
     * @param whole whether it had all documents, and not only what has changed
     */
    public record Extent(PushPosition position, boolean whole) {}

    /** Where the inbox is now: a number below which nothing is missing any more. */
    public PushPosition position() {
        var primary = primary();
        return new PushPosition(
                primary.path("commit").path("user_data").path("history_uuid").asText(),
                primary.path("seq_no").path("global_checkpoint").asLong());
    }

    /**
     * Gives what has changed in a source since a position or, if there is none or that can't be told any more, all of its documents.
     *
     * @param stop throws if the reading shall end
     */
    public Extent read(String source, @Nullable PushPosition former, Consumer<Listed> each, Runnable stop) {
        var position = position();
        refresh();
        var pit = told(elasticsearch.send("POST", "/" + index + "/_pit?keep_alive=" + KEEP_ALIVE, null))
                .json()
                .path("id")
                .asText();
        try {
            // What was removed before the point in time was noted before that.
            var goesOn = former != null && position.covers(former) && former.sequence() >= horizon();
            pages(query(source, goesOn ? former : null), pit, each, stop);
            return new Extent(position, !goesOn);
        } finally {
            var body = ManifestJson.mapper().createObjectNode().put("id", pit);
            elasticsearch.sendOnce("DELETE", "/_pit", bytes(body));
        }
    }

    /** Names of all sources of which there are documents, whether or not they are still declared. */
    public List<String> sources() {
        refresh();
        var body = ManifestJson.mapper().createObjectNode().put("size", 0);
        body.putObject("query")
                .putObject("bool")
                .putArray("must_not")
                .addObject()
                .putObject("term")
                .put(InboxFields.DELETED, true);
        body.putObject("aggs")
                .putObject("sources")
                .putObject("terms")
                .put("field", InboxFields.SOURCE)
                .put("size", MOST_SOURCES);
        var answer = told(elasticsearch.send("POST", "/" + index + "/_search", bytes(body)))
                .json();
        requireAll(answer);
        var sources = new ArrayList<String>();
        for (var bucket : answer.path("aggregations").path("sources").path("buckets")) {
            sources.add(bucket.path("key").asText());
        }
        return sources;
    }

    /** The documents of these ids that are there. */
    public List<Pushed> documents(String source, List<String> ids) {
        var keys = ids.stream().map(id -> DocumentKey.of(source, id)).toList();
        var found = new ArrayList<Pushed>();
        for (var document :
                lookup.documents(keys, InboxFields.DOCUMENT, InboxFields.HASH, InboxFields.DELETED, InboxFields.ID)) {
            pushed(document).ifPresent(found::add);
        }
        return found;
    }

    private static Optional<Pushed> pushed(JsonNode found) {
        var fields = found.path("_source");
        if (!found.path("found").asBoolean() || fields.path(InboxFields.DELETED).asBoolean()) {
            return Optional.empty();
        }
        return Optional.of(new Pushed(
                fields.path(InboxFields.ID).asText(),
                new Version(
                        found.path("_seq_no").asLong(),
                        found.path("_primary_term").asLong()),
                fields.path(InboxFields.DOCUMENT).asText(),
                fields.path(InboxFields.HASH).asText()));
    }

    private JsonNode primary() {
        var stats = told(elasticsearch.send(
                        "GET",
                        "/" + index + "/_stats/docs?level=shards&filter_path=indices.*.shards.*.routing.primary,"
                                + "indices.*.shards.*.seq_no,indices.*.shards.*.commit.user_data.history_uuid",
                        null))
                .json();
        for (var copy : stats.path("indices").path(index).path("shards").path("0")) {
            if (copy.path("routing").path("primary").asBoolean()) {
                return copy;
            }
        }
        throw new Busy("the index %s has no primary shard at the moment: try again".formatted(index));
    }

    /** On each copy, since any of them may be read. */
    void refresh() {
        var shards = told(elasticsearch.send("POST", "/" + index + "/_refresh", null))
                .json()
                .path("_shards");
        if (shards.path("failed").asInt() > 0) {
            throw new Busy("a copy of the index %s can't be refreshed: try again".formatted(index));
        }
    }

    private long horizon() {
        var answer = elasticsearch.send("GET", "/" + index + "/_doc/" + InboxFields.HORIZON, null);
        return answer.json().path("_source").path(InboxFields.UP_TO).asLong(-1);
    }

    private static ObjectNode query(String source, @Nullable PushPosition after) {
        var bool = ManifestJson.mapper().createObjectNode();
        var query = bool.putObject("bool");
        var filter = query.putArray("filter");
        filter.addObject().putObject("term").put(InboxFields.SOURCE, source);
        if (after == null) {
            query.putArray("must_not").addObject().putObject("term").put(InboxFields.DELETED, true);
        } else {
            filter.addObject()
                    .putObject("range")
                    .putObject(InboxFields.SEQUENCE)
                    .put("gt", after.sequence());
        }
        return bool;
    }

    private void pages(ObjectNode query, String pit, Consumer<Listed> each, Runnable stop) {
        JsonNode after = null;
        while (true) {
            stop.run();
            var hits = page(query, pit, after);
            for (var hit : hits) {
                var fields = hit.path("_source");
                each.accept(new Listed(
                        fields.path(InboxFields.ID).asText(),
                        fields.path(InboxFields.HASH).asText(),
                        fields.path(InboxFields.LENGTH).asLong(),
                        Instant.ofEpochMilli(fields.path(InboxFields.AT).asLong())));
                after = hit.path("sort");
            }
            if (hits.size() < PAGE) {
                return;
            }
        }
    }

    private JsonNode page(ObjectNode query, String pit, @Nullable JsonNode after) {
        var body = ManifestJson.mapper().createObjectNode();
        body.put("size", PAGE).put("track_total_hits", false).set("query", query);
        body.putObject("pit").put("id", pit).put("keep_alive", KEEP_ALIVE);
        body.putArray("sort").add("_shard_doc");
        body.putArray("_source")
                .add(InboxFields.ID)
                .add(InboxFields.HASH)
                .add(InboxFields.LENGTH)
                .add(InboxFields.AT);
        if (after != null) {
            body.set("search_after", after);
        }
        var answer = told(elasticsearch.send("POST", "/_search", bytes(body))).json();
        requireAll(answer);
        return answer.path("hits").path("hits");
    }

    private void requireAll(JsonNode answer) {
        if (answer.path("timed_out").asBoolean()
                || answer.path("_shards").path("failed").asInt() > 0) {
            throw new Busy("the index %s can't be searched at the moment: try again".formatted(index));
        }
    }

    private Answer told(Answer answer) {
        if (answer.status() == 404) {
            throw new MissingInbox(index);
        }
        if (answer.status() >= 300) {
            throw new Busy("Elasticsearch can't read the index %s at the moment (%d): try again"
                    .formatted(index, answer.status()));
        }
        return answer;
    }

    private static byte[] bytes(ObjectNode json) {
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }
}
