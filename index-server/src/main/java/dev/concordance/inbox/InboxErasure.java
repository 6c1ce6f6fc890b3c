package dev.concordance.inbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concordance.elasticsearch.Answer;
import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.manifest.InboxFields;
import dev.concordance.manifest.IndexIdentity;
import dev.concordance.manifest.ManifestJson;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Takes what documents say out of an inbox, and every digest of it: of a document stays the mark of its deletion, of the requests on
 * it nothing. Throws {@link MissingInbox}, {@link Busy} or {@link dev.concordance.elasticsearch.ElasticsearchException}.
 */
public final class InboxErasure {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int PAGE = 1_000;

    private final ElasticsearchConnection elasticsearch;
    private final String index;
    private final Inbox inbox;
    private final Lookup lookup;

    public InboxErasure(ElasticsearchConnection elasticsearch, String index, InstantSource clock) {
        this.elasticsearch = elasticsearch;
        this.index = index;
        this.inbox = new Inbox(elasticsearch, index, clock, PATIENCE);
        this.lookup = new Lookup(elasticsearch, index);
    }

    /** The {@link IndexIdentity} of the index; empty: there is no inbox. */
    public Optional<String> uuid() {
        var path = "/" + index + "?ignore_unavailable=true&filter_path=" + IndexIdentity.FIELDS;
        var found = told(elasticsearch.send("GET", path, null)).json().path(index);
        return found.isObject() ? Optional.of(IndexIdentity.of(found)) : Optional.empty();
    }

    /** Those of the documents of these keys that are there, with the hash of what each says. */
    public Map<String, String> hashes(Collection<String> keys) {
        var hashes = new TreeMap<String, String>();
        for (var document : look(keys)) {
            hashes.put(
                    document.path("_id").asText(),
                    document.path("_source").path(InboxFields.HASH).asText());
        }
        return hashes;
    }

    /** Erases the documents of these keys that are there, whatever they say by now. */
    public void erase(Collection<String> keys) {
        var changes = look(keys).stream()
                .map(document -> deletion(document, new Condition.None()))
                .toList();
        requireDecided(inbox.apply(changes));
        forgetRequests(keys);
    }

    /** Erases a document if it still says what has this hash: what somebody has written since says perhaps nothing that has to go. */
    public void erase(String key, String hash) {
        var changes = look(List.of(key)).stream()
                .filter(document ->
                        document.path("_source").path(InboxFields.HASH).asText().equals(hash))
                .map(document -> deletion(document, new Condition.OneOf(Set.of(version(document)))))
                .toList();
        var outcomes = inbox.apply(changes);
        requireDecided(outcomes);
        if (outcomes.stream().anyMatch(Outcome.Done.class::isInstance)) {
            forgetRequests(List.of(key));
        }
    }

    private static Change deletion(JsonNode document, Condition condition) {
        var fields = document.path("_source");
        return new Change(
                fields.path(InboxFields.SOURCE).asText(),
                fields.path(InboxFields.ID).asText(),
                null,
                condition,
                new Change.Request("erase-" + UUID.randomUUID(), "", false));
    }

    private static Version version(JsonNode document) {
        return new Version(
                document.path("_seq_no").asLong(),
                document.path("_primary_term").asLong());
    }

    private static void requireDecided(List<Outcome> outcomes) {
        if (outcomes.stream().anyMatch(Outcome.Contended.class::isInstance)) {
            throw new Busy("others change a document all the time that is to be erased: try again");
        }
    }

    private List<JsonNode> look(Collection<String> keys) {
        var found = new ArrayList<JsonNode>();
        for (var document :
                lookup.documents(keys, InboxFields.SOURCE, InboxFields.ID, InboxFields.HASH, InboxFields.DELETED)) {
            if (document.path("found").asBoolean()
                    && !document.path("_source").path(InboxFields.DELETED).asBoolean()) {
                found.add(document);
            }
        }
        return found;
    }

    private void forgetRequests(Collection<String> keys) {
        while (true) {
            told(elasticsearch.send("POST", "/" + index + "/_refresh", null));
            var ids = requests(keys);
            if (ids.isEmpty()) {
                return;
            }
            var body = new StringBuilder();
            for (var id : ids) {
                var action = ManifestJson.mapper().createObjectNode();
                action.putObject("delete").put("_id", id);
                body.append(action).append('\n');
            }
            told(elasticsearch.send(
                    "POST",
                    "/" + index + "/_bulk?filter_path=items.*.status",
                    body.toString().getBytes(StandardCharsets.UTF_8),
                    Answer::isBusyForSome));
        }
    }

    private List<String> requests(Collection<String> keys) {
        var body = ManifestJson.mapper().createObjectNode();
        body.put("size", PAGE).put("_source", false);
        var of = body.putObject("query").putObject("terms").putArray(InboxFields.OF);
        keys.forEach(of::add);
        var answer = told(elasticsearch.send("POST", "/" + index + "/_search", bytes(body)))
                .json();
        if (answer.path("_shards").path("failed").asInt() > 0) {
            throw new Busy("the index %s can't be searched at the moment: try again".formatted(index));
        }
        var ids = new ArrayList<String>();
        for (var hit : answer.path("hits").path("hits")) {
            ids.add(hit.path("_id").asText());
        }
        return ids;
    }

    private Answer told(Answer answer) {
        if (answer.status() == 404) {
            throw new MissingInbox(index);
        }
        if (answer.status() >= 300) {
            throw new Busy("Elasticsearch can't erase in the index %s at the moment (%d): try again"
                    .formatted(index, answer.status()));
        }
        return answer;
    }

    private static byte[] bytes(ObjectNode json) {
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }
}
