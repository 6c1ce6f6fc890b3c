package dev.concordance.index;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.GenerationState;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.Lease;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.Reached;
import dev.concordance.manifest.RunReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The ledger of a corpus as its one writer sees it. */
public final class Ledger {
    private final ElasticsearchConnection elasticsearch;
    private final String index;
    private volatile Lease held = new Lease(0, "", Map.of(), Instant.EPOCH);

    private record Stored(Lease lease, String precondition) {}

    public Ledger(ElasticsearchConnection elasticsearch, IndexNames names) {
        this.elasticsearch = elasticsearch;
        this.index = names.ledger();
    }

    /**
     * Becomes the corpus's writer. The caller knows that the one before is gone; should it live all the same, its next
     * {@link #check} fails.
     *
     * @return first epoch of which something in the generation may be half written; the new epoch itself if nothing is
     */
    public long take(String holder, int generation, Instant now) {
        var stored = read();
        var epoch = stored.lease().epoch() + 1;
        var unfinished = new HashMap<>(stored.lease().unfinished());
        unfinished.putIfAbsent(generation, epoch);
        hold(stored, new Lease(epoch, holder, unfinished, now));
        return unfinished.get(generation);
    }

    /** Makes this writer's epoch no less than a version that somebody else has given to a document of the corpus. */
    public void outrun(long version) {
        if (version > held.epoch()) {
            var stored = read();
            if (stored.lease().epoch() != held.epoch()) {
                throw IndexException.leaseLost();
            }
            hold(stored, new Lease(version, held.holder(), held.unfinished(), held.since()));
        }
    }

    /** The epoch of this writer. */
    public long epoch() {
        return held.epoch();
    }

    /**
     * Throws {@link IndexException} if another writer has taken over, or if one of the ledger and the index to be written to
     * is gone: Elasticsearch would make it anew, with whatever mapping.
     */
    void check(String written) {
        var body = ManifestJson.mapper().createObjectNode();
        var asked = body.putArray("docs");
        asked.addObject().put("_index", index).put("_id", Lease.ID);
        asked.addObject().put("_index", written).put("_id", Lease.ID).put("_source", false);
        var answer = elasticsearch.send("POST", "/_mget", body.toString().getBytes(StandardCharsets.UTF_8));
        var docs = answer.json().path("docs");
        for (var document : docs) {
            requireIndex(document);
        }
        var found = docs.path(0);
        if (!found.path("found").asBoolean()
                || parse(found.path("_source").toString(), Lease.class).epoch() != held.epoch()) {
            throw IndexException.leaseLost();
        }
    }

    private static void requireIndex(JsonNode document) {
        var error = document.path("error");
        if (error.path("type").asText().equals("index_not_found_exception")) {
            throw new IndexException(
                    FailureReason.GenerationMissing,
                    "the index %s was deleted while the run wrote to it"
                            .formatted(document.path("_index").asText()),
                    true);
        }
        if (error.isObject()) {
            throw new IndexException(
                    FailureReason.ElasticsearchRejected,
                    "Elasticsearch can't read what it is to write to: "
                            + error.path("reason").asText(),
                    true);
        }
    }

    /** Says that everything that was begun in the generation is done. */
    public void finish(int generation) {
        var stored = read();
        if (stored.lease().epoch() != held.epoch()) {
            throw IndexException.leaseLost();
        }
        var unfinished = new HashMap<>(held.unfinished());
        unfinished.remove(generation);
        hold(stored, new Lease(held.epoch(), held.holder(), unfinished, held.since()));
    }

    /**
     * Writes how the run stands. Looks first whether the ledger is still there: Elasticsearch would make it anew, with no
     * mapping and for nobody, if the corpus was deleted meanwhile.
     */
    public void write(RunReport report) {
        read();
        write(RunReport.id(report.run()), report);
    }

    /** Writes what the generation holds. */
    public void write(GenerationState state) {
        write(GenerationState.id(state.generation()), state);
    }

    /**
     * Says up to where what was pushed to sources is searchable; of other sources that stays as it was.
     *
     * @param withheld whether deletions up to there are withheld
     */
    public void reach(int generation, Map<String, String> positions, boolean withheld) {
        if (positions.isEmpty()) {
            return;
        }
        var answer = elasticsearch.send("GET", "/" + index + "/_doc/" + Reached.id(generation), null);
        var reached = new HashMap<String, String>();
        if (answer.status() != 404) {
            reached.putAll(parse(answer.json().path("_source").toString(), Reached.class)
                    .positions());
        }
        reached.putAll(positions);
        write(Reached.id(generation), new Reached(generation, reached, withheld));
    }

    /** What the generation held when a run last ended well. */
    public Optional<GenerationState> state(int generation) {
        var answer = elasticsearch.send("GET", "/" + index + "/_doc/" + GenerationState.id(generation), null);
        return answer.status() == 404
                ? Optional.empty()
                : Optional.of(parse(answer.json().path("_source").toString(), GenerationState.class));
    }

    private Stored read() {
        var answer = elasticsearch.send("GET", "/" + index + "/_doc/" + Lease.ID, null);
        var json = answer.json();
        if (answer.status() == 404 && json.path("error").isObject()) {
            throw new IndexException(
                    FailureReason.GenerationMissing,
                    "the index " + index + " does not exist: the operator creates it",
                    true);
        }
        if (answer.status() == 404) {
            return new Stored(new Lease(0, "", Map.of(), Instant.EPOCH), "?op_type=create");
        }
        var precondition = "?if_seq_no=%d&if_primary_term=%d"
                .formatted(
                        json.path("_seq_no").asLong(),
                        json.path("_primary_term").asLong());
        return new Stored(parse(json.path("_source").toString(), Lease.class), precondition);
    }

    /** A client that had no answer sends again, so a refused write may be one that was done the first time. */
    private void hold(Stored before, Lease lease) {
        if (!write(Lease.ID + before.precondition(), lease) && !read().lease().equals(lease)) {
            throw IndexException.leaseLost();
        }
        held = lease;
    }

    private boolean write(String target, Object value) {
        try {
            var body = ManifestJson.mapper().writeValueAsBytes(value);
            var answer = elasticsearch.send("PUT", "/" + index + "/_doc/" + target, body);
            if (answer.status() < 300) {
                return true;
            }
            if (answer.status() == 409) {
                return false;
            }
            throw new IndexException(
                    FailureReason.GenerationMissing,
                    "the ledger " + index + " can't be written: status " + answer.status(),
                    true);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> T parse(String json, Class<T> type) {
        try {
            return ManifestJson.mapper().readValue(json, type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
