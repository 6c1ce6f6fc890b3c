package dev.concordance.inbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concordance.elasticsearch.Answer;
import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.manifest.InboxFields;
import dev.concordance.manifest.ManifestJson;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Changes documents. Each write is made only if its document is still in the state that was looked at (optimistic concurrency
 * control), so of several that begin from one state exactly one is made.
 *
 * <p>A request leaves its key in the document that it writes. Whoever overwrites a document first keeps what came of the request in a
 * record of its own, so a repeated request finds its trace in one of the two, wherever its first sending ended. It looks at the document
 * first and at the record afterwards: a record that isn't there then wasn't there before the state that was seen.
 */
public final class Inbox {
    private static final int CONFLICT = 409;
    private static final int TOO_LARGE = 413;
    private static final int TOO_MANY = 429;
    private static final int UNAVAILABLE = 503;
    private static final long PAUSE_NANOS = 20_000_000;

    private final ElasticsearchConnection elasticsearch;
    private final String index;
    private final InstantSource clock;
    private final Duration patience;
    private final Lookup lookup;

    /** @param patience how long changes are tried that others get ahead of */
    public Inbox(ElasticsearchConnection elasticsearch, String index, InstantSource clock, Duration patience) {
        this.elasticsearch = elasticsearch;
        this.index = index;
        this.clock = clock;
        this.patience = patience;
        this.lookup = new Lookup(elasticsearch, index);
    }

    /** A write and the state that it is made from. */
    private record Write(Change change, Optional<Stored> before) {}

    /**
     * Makes changes of different documents, each for itself, and gives what came of each, in their order. Throws {@link MissingInbox}, {@link Busy}
     * or {@link dev.concordance.elasticsearch.ElasticsearchException} if that isn't known of all; to ask for the same again is safe for
     * requests that have a key.
     */
    public List<Outcome> apply(List<Change> changes) {
        var outcomes = new LinkedHashMap<Change, Outcome>();
        var pending = changes;
        var end = System.nanoTime() + patience.toNanos();
        while (!pending.isEmpty()) {
            // Only another look tells of a write that it was done, if it was sent again to an Elasticsearch that had no
            // room for all.
            var isLast = System.nanoTime() >= end;
            round(pending, outcomes);
            pending = pending.stream()
                    .filter(change -> !outcomes.containsKey(change))
                    .toList();
            if (isLast) {
                pending.forEach(change -> outcomes.put(change, new Outcome.Contended()));
                break;
            }
            if (!pending.isEmpty()) {
                LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(PAUSE_NANOS));
            }
        }
        return changes.stream().map(outcomes::get).toList();
    }

    private void round(List<Change> changes, Map<Change, Outcome> outcomes) {
        var states = states(changes);
        var kept = kept(changes);
        var writes = new ArrayList<Write>();
        for (var change : changes) {
            var before = Optional.ofNullable(states.get(change.key()));
            decided(change, before, Optional.ofNullable(kept.get(change)))
                    .ifPresentOrElse(
                            outcome -> outcomes.put(change, outcome), () -> writes.add(new Write(change, before)));
        }
        if (!writes.isEmpty()) {
            keep(writes);
            write(writes, outcomes);
        }
    }

    /** What is to be told without a write; nothing if one is to be made. */
    private static Optional<Outcome> decided(Change change, Optional<Stored> before, Optional<Outcome> kept) {
        var earlier = before.flatMap(state -> state.outcome(change)).or(() -> kept);
        if (earlier.isPresent()) {
            return earlier;
        }
        var now = before.map(Stored::present).orElse(null);
        if (!change.condition().holds(now)) {
            return Optional.of(new Outcome.ConditionFailed(now));
        }
        return change.document() == null && now == null ? Optional.of(new Outcome.Missing()) : Optional.empty();
    }

    private Map<String, Stored> states(List<Change> changes) {
        var found = new HashMap<String, Stored>();
        var keys = changes.stream().map(Change::key).toList();
        for (var document : lookup.documents(keys, InboxFields.DELETED, InboxFields.REQUEST)) {
            Stored.of(document)
                    .ifPresent(state -> found.put(document.path("_id").asText(), state));
        }
        return found;
    }

    private Map<Change, Outcome> kept(List<Change> changes) {
        var repeatable = changes.stream()
                .filter(change -> change.request().isRepeatable())
                .toList();
        var outcomes = new HashMap<Change, Outcome>();
        if (!repeatable.isEmpty()) {
            var found =
                    lookup.documents(repeatable.stream().map(Change::requestKey).toList(), "*");
            for (var i = 0; i < repeatable.size(); i++) {
                var change = repeatable.get(i);
                Stored.kept(found.path(i), change).ifPresent(outcome -> outcomes.put(change, outcome));
            }
        }
        return outcomes;
    }

    /** Keeps the requests whose work is about to be overwritten. That it is overwritten after all is not certain, and does no harm. */
    private void keep(List<Write> writes) {
        var body = new ByteArrayOutputStream();
        for (var write : writes) {
            write.before().filter(state -> state.written().isRepeatable()).ifPresent(state -> {
                var action = ManifestJson.mapper().createObjectNode();
                action.putObject("index")
                        .put(
                                "_id",
                                Change.requestKey(
                                        write.change().key(), state.written().key()));
                add(body, action, state.toKeep(write.change().key(), clock.millis()));
            });
        }
        if (body.size() > 0) {
            for (var item : send(body)) {
                requireSuccess(item.path("index").path("status").asInt(), "keep requests");
            }
        }
    }

    private void write(List<Write> writes, Map<Change, Outcome> outcomes) {
        var body = new ByteArrayOutputStream();
        writes.forEach(write -> add(body, action(write), fields(write)));
        var items = send(body);
        for (var i = 0; i < writes.size(); i++) {
            var write = writes.get(i);
            var item = items.path(i).elements().next();
            var status = item.path("status").asInt();
            if (status < 300) {
                var version = new Version(
                        item.path("_seq_no").asLong(),
                        item.path("_primary_term").asLong());
                outcomes.put(write.change(), new Outcome.Done(version, creates(write)));
            } else if (status == 400 || status == TOO_LARGE) {
                outcomes.put(
                        write.change(),
                        new Outcome.Refused(item.path("error").path("type").asText()));
            } else if (status != CONFLICT) {
                throw new Busy("Elasticsearch takes no documents at the moment (%d): try again".formatted(status));
            }
        }
    }

    private static ObjectNode action(Write write) {
        var json = ManifestJson.mapper().createObjectNode();
        var action = json.putObject(write.before().isPresent() ? "index" : "create")
                .put("_id", write.change().key());
        write.before()
                .map(Stored::version)
                .ifPresent(
                        version -> action.put("if_seq_no", version.sequence()).put("if_primary_term", version.term()));
        return json;
    }

    private ObjectNode fields(Write write) {
        var change = write.change();
        var json = ManifestJson.mapper().createObjectNode();
        json.put(InboxFields.SOURCE, change.source())
                .put(InboxFields.ID, change.id())
                .put(InboxFields.AT, clock.millis());
        var document = change.document();
        if (document == null) {
            json.put(InboxFields.DELETED, true);
        } else {
            json.put(InboxFields.DOCUMENT, document.json())
                    .put(InboxFields.HASH, document.hash())
                    .put(InboxFields.LENGTH, document.length());
        }
        json.set(
                InboxFields.REQUEST,
                ManifestJson.mapper().valueToTree(new Stored.Written(change.request(), creates(write))));
        return json;
    }

    private static boolean creates(Write write) {
        return write.change().document() != null
                && write.before().map(Stored::present).isEmpty();
    }

    private JsonNode send(ByteArrayOutputStream body) {
        var answer = elasticsearch.send(
                "POST",
                "/" + index
                        + "/_bulk?filter_path=items.*.status,items.*._seq_no,items.*._primary_term,items.*.error.type",
                body.toByteArray(),
                Answer::isBusyForSome);
        requireSuccess(answer.status(), "write documents");
        return answer.json().path("items");
    }

    private void requireSuccess(int status, String what) {
        if (status == 404) {
            throw new MissingInbox(index);
        }
        if (status == TOO_MANY || status == UNAVAILABLE) {
            throw new Busy("Elasticsearch is too busy to " + what + ": try again");
        }
        if (status >= 300) {
            throw new Busy("Elasticsearch refused to %s (%d): see its log".formatted(what, status));
        }
    }

    private static void add(ByteArrayOutputStream body, ObjectNode action, ObjectNode source) {
        body.writeBytes(bytes(action));
        body.write('\n');
        body.writeBytes(bytes(source));
        body.write('\n');
    }

    private static byte[] bytes(ObjectNode json) {
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }
}
