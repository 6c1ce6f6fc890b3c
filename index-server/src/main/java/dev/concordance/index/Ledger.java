package dev.concordance.index;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.elasticsearch.Answer;
import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.latency.LatencyHistory;
import dev.concordance.manifest.ErasureReport;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.GenerationState;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.Lease;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.Reached;
import dev.concordance.manifest.RunReport;
import dev.concordance.manifest.Throughput;
import dev.concordance.manifest.Tombstones;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The ledger of a corpus as the one writer of a generation sees it, or one of the workers among which its run is divided. */
public final class Ledger {
    private static final int TURNS = 100;

    private final ElasticsearchConnection elasticsearch;
    private final String index;
    private final @Nullable Shard shard;
    private volatile int target;
    private volatile long epoch;

    private record Stored(Lease lease, String precondition) {}

    public Ledger(ElasticsearchConnection elasticsearch, IndexNames names) {
        this(elasticsearch, names, null);
    }

    /** @param shard that the writer writes; null: it writes alone */
    public Ledger(ElasticsearchConnection elasticsearch, IndexNames names, @Nullable Shard shard) {
        this.elasticsearch = elasticsearch;
        this.index = names.ledger();
        this.shard = shard;
    }

    /**
     * Becomes the generation's writer, or that of its shard. The caller knows that the one before is gone; should it live all the
     * same, its next {@link #check} fails. Throws {@link IndexException} if an Erasure was carried out that the caller wasn't
     * told of.
     *
     * @param tombstones that the caller was told of
     * @return first epoch of which something in the generation may be half written; the new epoch itself if nothing is
     */
    public long take(String holder, int generation, Instant now, Tombstones tombstones) {
        target = generation;
        var lease = change(before -> {
            var known = before.requiring(erasures(before, tombstones));
            return shard == null
                    ? known.takenBy(holder, generation, now)
                    : known.takenBy(holder, shard.number(), generation, now);
        });
        epoch = lease.epoch();
        return Objects.requireNonNull(lease.unfinished().get(generation));
    }

    /** Becomes the writer of all generations, to erase: it leaves nothing half written, since what it has begun it does again. */
    public void take(String holder, Instant now) {
        target = Lease.ALL;
        epoch = change(before -> before.takenBy(holder, now)).epoch();
    }

    /** From now on nobody writes who doesn't know of the Erasure of this UID. */
    public void require(String erasure) {
        if (!read().lease().erasures().contains(erasure)) {
            change(held(lease -> {
                var erasures = new HashSet<>(lease.erasures());
                erasures.add(erasure);
                return lease.requiring(erasures);
            }));
        }
    }

    /** Of Erasures that the writer doesn't know those are left out that have gone, and their reports with them. */
    private Set<String> erasures(Lease lease, Tombstones known) {
        var erasures = new HashSet<String>();
        for (var erasure : lease.erasures()) {
            if (known.contains(erasure)) {
                erasures.add(erasure);
            } else if (erased(erasure).filter(report -> !report.refused()).isPresent()) {
                throw new IndexException(
                        FailureReason.Superseded,
                        "documents were erased after this run was specified, and it would bring them back; the next run does not");
            }
        }
        return erasures;
    }

    /** Makes this writer's epoch no less than a version that somebody else has given to a document of the corpus. */
    public void outrun(long version) {
        if (version > epoch) {
            epoch = change(held(lease -> lease.outrunning(target, version))).epoch();
        }
    }

    /**
     * Begins the next of many pieces of work on a generation: it gets an epoch of its own, as if another writer did it.
     *
     * @param done whether those before it are done, whether that was said or not
     */
    public void renew(int generation, boolean done) {
        epoch = change(held(lease -> lease.renewed(generation, done))).epoch();
    }

    /** The epoch of this writer. */
    public long epoch() {
        return epoch;
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
        var answer = elasticsearch.send(
                "POST", "/_mget", body.toString().getBytes(StandardCharsets.UTF_8), Answer::isBusyForSome);
        requireRead(answer);
        var docs = answer.json().path("docs");
        for (var document : docs) {
            requireIndex(document);
        }
        var found = docs.path(0);
        if (!found.path("found").asBoolean()
                || !isHeld(parse(found.path("_source").toString(), Lease.class))) {
            throw IndexException.leaseLost();
        }
    }

    private boolean isHeld(Lease lease) {
        return Objects.equals(lease.epochOf(target, shard == null ? null : shard.number()), epoch);
    }

    private static void requireIndex(JsonNode document) {
        var error = document.path("error");
        if (error.path("type").asText().equals("index_not_found_exception")) {
            throw new IndexException(
                    FailureReason.GenerationMissing,
                    "the index %s was deleted while the run wrote to it"
                            .formatted(document.path("_index").asText()));
        }
        if (error.isObject()) {
            throw new IndexException(
                    FailureReason.ElasticsearchRejected,
                    "Elasticsearch can't read what it is to write to: "
                            + error.path("reason").asText());
        }
    }

    /** Says that everything that was begun in the generation is done, of which this goes on being the writer. */
    public void done(int generation) {
        change(held(lease -> lease.done(generation)));
    }

    /** Says that everything that was begun in the generation, or in the shard, is done, and writes no more. */
    public void finish(int generation) {
        change(held(lease -> shard == null ? lease.finished(generation) : lease.finished(generation, shard.number())));
    }

    /**
     * Writes how the run stands. Looks first whether the ledger is still there: Elasticsearch would make it anew, with no
     * mapping and for nobody, if the corpus was deleted meanwhile.
     */
    public void write(RunReport report) {
        read();
        write(RunReport.id(report.run()), report);
    }

    /** What a run, or the worker of one of its shards, has told last. */
    public Optional<RunReport> report(String run) {
        return find(RunReport.id(run), RunReport.class);
    }

    /** Writes what the generation holds if this is still its writer. */
    public void confirm(GenerationState state, String written) {
        check(written);
        write(state);
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
        var reached = new HashMap<String, String>();
        reached(generation).ifPresent(told -> reached.putAll(told.positions()));
        reached.putAll(positions);
        write(Reached.id(generation), new Reached(generation, reached, withheld));
    }

    /** Up to where what was pushed to sources is searchable. */
    public Optional<Reached> reached(int generation) {
        return find(Reached.id(generation), Reached.class);
    }

    /** Writes what was erased for the Erasure of this UID. */
    public void write(String erasure, ErasureReport report) {
        write(ErasureReport.id(erasure), (Object) report);
    }

    /** Writes how fast builds were. */
    public void write(Throughput throughput) {
        write(Throughput.ID, throughput);
    }

    /** How fast builds were. */
    public Throughput throughput() {
        return find(Throughput.ID, Throughput.class).orElse(Throughput.NOTHING);
    }

    /** Writes how long changes took lately. */
    public void write(LatencyHistory history) {
        write(LatencyHistory.ID, history);
    }

    /** How long changes took lately. */
    public LatencyHistory latencies() {
        return find(LatencyHistory.ID, LatencyHistory.class).orElse(LatencyHistory.NOTHING);
    }

    /** What the generation held when a run last ended well. */
    public Optional<GenerationState> state(int generation) {
        return find(GenerationState.id(generation), GenerationState.class);
    }

    /**
     * Throws {@link IndexException} if the Erasure of this UID has gone. Its report goes first, so nobody relies on its having gone
     * before this knows of it.
     */
    public void requireInEffect(String erasure) {
        if (erased(erasure).isEmpty()) {
            throw new IndexException(
                    FailureReason.Superseded,
                    "an Erasure has gone since this run was specified, and it would take out what was pushed since then; the next run does not");
        }
    }

    /** What was erased for the Erasure of this UID. */
    public Optional<ErasureReport> erased(String erasure) {
        return find(ErasureReport.id(erasure), ErasureReport.class);
    }

    private <T> Optional<T> find(String id, Class<T> type) {
        var answer = elasticsearch.send("GET", "/" + index + "/_doc/" + id, null);
        if (answer.status() == 404) {
            return Optional.empty();
        }
        requireRead(answer);
        return Optional.of(parse(answer.json().path("_source").toString(), type));
    }

    private void requireRead(Answer answer) {
        if (answer.status() >= 300) {
            throw new IndexException(
                    FailureReason.ElasticsearchRejected,
                    "the ledger %s can't be read (%d): %s"
                            .formatted(
                                    index,
                                    answer.status(),
                                    answer.json().findPath("reason").asText()));
        }
    }

    private Stored read() {
        var answer = elasticsearch.send("GET", "/" + index + "/_doc/" + Lease.ID, null);
        var json = answer.json();
        if (answer.status() == 404 && json.path("error").isObject()) {
            throw new IndexException(
                    FailureReason.GenerationMissing, "the index " + index + " does not exist: the operator creates it");
        }
        if (answer.status() == 404) {
            return new Stored(Lease.NOBODYS, "?op_type=create");
        }
        requireRead(answer);
        var precondition = "?if_seq_no=%d&if_primary_term=%d"
                .formatted(
                        json.path("_seq_no").asLong(),
                        json.path("_primary_term").asLong());
        return new Stored(parse(json.path("_source").toString(), Lease.class), precondition);
    }

    private UnaryOperator<Lease> held(UnaryOperator<Lease> change) {
        return lease -> {
            if (!isHeld(lease)) {
                throw IndexException.leaseLost();
            }
            return change.apply(lease);
        };
    }

    /**
     * Changes the lease. A client that had no answer sends again, so a refused write may be one that was done the first time, with or
     * without others of other generations since; it may also be that somebody else was faster, as a worker that holds it together
     * with this one, or one that is about to lose it.
     */
    private Lease change(UnaryOperator<Lease> change) {
        for (var turn = 0; turn < TURNS; turn++) {
            var stored = read();
            var lease = change.apply(stored.lease());
            if (write(Lease.ID + stored.precondition(), lease) || isWritten(lease, read().lease())) {
                return lease;
            }
        }
        throw IndexException.leaseLost();
    }

    private boolean isWritten(Lease wanted, Lease found) {
        return Objects.equals(wanted.holders().get(target), found.holders().get(target))
                && Objects.equals(
                        wanted.unfinished().get(target), found.unfinished().get(target))
                && wanted.erasures().equals(found.erasures());
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
                    answer.status() == 404 ? FailureReason.GenerationMissing : FailureReason.ElasticsearchRejected,
                    "the ledger " + index + " can't be written: status " + answer.status());
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
