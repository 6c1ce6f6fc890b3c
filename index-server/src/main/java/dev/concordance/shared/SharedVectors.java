package dev.concordance.shared;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concordance.elasticsearch.Answer;
import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.elasticsearch.ElasticsearchException;
import dev.concordance.manifest.EmbeddingCache;
import dev.concordance.manifest.EmbeddingModelManifest;
import dev.concordance.manifest.GenerationMapping;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.Spending;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The vectors of a model that any corpus of the namespace has had made, by the hash of model, role and text. A vector comes
 * back bit for bit. Without the index, or with one that fails, a run goes on for some minutes as if nothing were kept, and says so: a
 * text may then be paid for again, but no answer is ever wrong. Safe for many threads.
 */
public final class SharedVectors {
    private static final System.Logger LOG = System.getLogger(SharedVectors.class.getName());
    private static final int READ_AT_ONCE = 500;
    private static final int WRITTEN_AT_ONCE = 250;
    private static final int EXPIRED_AT_ONCE = 1_000;
    /** So that a run that finds a great heap of old vectors ends all the same; the next one goes on. */
    private static final int MOST_ROUNDS = 100;
    /** So long a failing index is left alone: what embeds does not wait for it with each text. */
    private static final Duration REST = Duration.ofMinutes(5);
    /** What another run has deleted before. */
    private static final int NOT_FOUND = 404;

    private final ElasticsearchConnection elasticsearch;
    private final String index;
    private final int dimensions;
    private final @Nullable EmbeddingCache declared;
    private final Clock clock;
    private volatile Instant restsUntil = Instant.MIN;

    public SharedVectors(
            ElasticsearchConnection elasticsearch, IndexNames names, EmbeddingModelManifest model, Clock clock) {
        this.elasticsearch = elasticsearch;
        this.index = names.embeddings(model.digest());
        this.dimensions = model.dimensions();
        this.declared = model.cache();
        this.clock = clock;
    }

    /** The vectors that are kept under these hashes. */
    public Map<String, float[]> find(Collection<String> textHashes) {
        var found = new HashMap<String, float[]>();
        if (isKept()) {
            var resting = new HashMap<String, float[]>();
            attempt(() -> {
                var hashes = List.copyOf(textHashes);
                for (var from = 0; from < hashes.size(); from += READ_AT_ONCE) {
                    read(hashes.subList(from, Math.min(hashes.size(), from + READ_AT_ONCE)), found, resting);
                }
            });
            // A use is noted once a month, not each time.
            keep(resting);
        }
        return found;
    }

    /** Keeps vectors by their hashes. When this returns, they are found by whoever asks. */
    public void keep(Map<String, float[]> vectors) {
        if (isKept() && !vectors.isEmpty()) {
            attempt(() -> {
                var lines = new StringBuilder();
                var waiting = 0;
                for (var vector : vectors.entrySet()) {
                    write(vector.getKey(), vector.getValue(), lines);
                    waiting++;
                    if (waiting == WRITTEN_AT_ONCE) {
                        bulk(lines);
                        lines.setLength(0);
                        waiting = 0;
                    }
                }
                if (waiting > 0) {
                    bulk(lines);
                }
            });
        }
    }

    /**
     * Lets go of what was not used for long, and of what is too much. Each run does so, also one that had no use for vectors: in a
     * namespace where nothing changes they would stay for ever.
     */
    public void expire() {
        var limits = declared;
        if (isKept() && limits != null) {
            attempt(() -> {
                for (var rounds = 0; rounds < MOST_ROUNDS; rounds++) {
                    if (!expireSome(limits)) {
                        return;
                    }
                }
            });
        }
    }

    private boolean isKept() {
        return declared != null && !clock.instant().isBefore(restsUntil);
    }

    private void attempt(Runnable work) {
        try {
            work.run();
        } catch (ElasticsearchException | Unusable e) {
            restsUntil = clock.instant().plus(REST);
            LOG.log(
                    System.Logger.Level.WARNING,
                    "shared vectors are not used for {0} minutes, so texts may be embedded again index={1} reason={2}",
                    REST.toMinutes(),
                    index,
                    e.getMessage());
        }
    }

    private void read(List<String> hashes, Map<String, float[]> found, Map<String, float[]> resting) {
        var body = ManifestJson.mapper().createObjectNode();
        var ids = body.putArray("ids");
        hashes.forEach(ids::add);
        var month = Spending.month(clock.instant());
        for (var document : send("POST", "/_mget", body.toString()).path("docs")) {
            if (document.path("error").isObject()) {
                throw new Unusable(document.path("error").path("reason").asText());
            }
            var vector = vector(document.path("_source"));
            if (vector != null) {
                var hash = document.path("_id").asText();
                found.put(hash, vector);
                if (!document.path("_source")
                        .path(GenerationMapping.USED)
                        .asText()
                        .equals(month)) {
                    resting.put(hash, vector);
                }
            }
        }
    }

    /** Null: there is none, or what there is was not written by this class. */
    private float @Nullable [] vector(JsonNode source) {
        try {
            var bytes = Base64.getDecoder()
                    .decode(source.path(GenerationMapping.FLOATS).asText());
            if (bytes.length != dimensions * Float.BYTES) {
                return null;
            }
            var floats = new float[dimensions];
            ByteBuffer.wrap(bytes)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(floats);
            return floats;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private void write(String hash, float[] vector, StringBuilder lines) {
        var bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        line(lines, action("index", hash));
        line(
                lines,
                ManifestJson.mapper()
                        .createObjectNode()
                        .put(GenerationMapping.FLOATS, Base64.getEncoder().encodeToString(bytes.array()))
                        .put(GenerationMapping.USED, Spending.month(clock.instant())));
    }

    /** Whether there may be more. */
    private boolean expireSome(EmbeddingCache limits) {
        send("POST", "/_refresh", null);
        var query = ManifestJson.mapper().createObjectNode();
        query.put("size", EXPIRED_AT_ONCE).put("track_total_hits", true).put("_source", false);
        query.putArray("sort").addObject().put(GenerationMapping.USED, "asc");
        var hits = send("POST", "/_search", query.toString()).path("hits");
        var surplus = hits.path("total").path("value").asLong() - limits.maxVectors();
        var oldest = YearMonth.parse(Spending.month(clock.instant()))
                .minusMonths(limits.unusedMonths())
                .toString();
        var lines = new StringBuilder();
        var expired = new ArrayList<String>();
        for (var hit : hits.path("hits")) {
            if (expired.size() < surplus || hit.path("sort").path(0).asText().compareTo(oldest) < 0) {
                expired.add(hit.path("_id").asText());
                line(lines, action("delete", hit.path("_id").asText()));
            }
        }
        if (!expired.isEmpty()) {
            bulk(lines);
        }
        return expired.size() == EXPIRED_AT_ONCE;
    }

    private static ObjectNode action(String verb, String id) {
        var action = ManifestJson.mapper().createObjectNode();
        action.putObject(verb).put("_id", id);
        return action;
    }

    private static void line(StringBuilder lines, ObjectNode json) {
        lines.append(json).append('\n');
    }

    private void bulk(StringBuilder lines) {
        var answer = send("POST", "/_bulk?filter_path=errors,items.*.status,items.*.error.reason", lines.toString());
        for (var status : answer.findValues("status")) {
            if (status.asInt() >= 300 && status.asInt() != NOT_FOUND) {
                throw new Unusable("Elasticsearch refused to keep a vector with status " + status.asInt());
            }
        }
    }

    private JsonNode send(String method, String path, @Nullable String body) {
        // All that is written here may be written twice.
        var answer = elasticsearch.send(
                method,
                "/" + index + path,
                body == null ? null : body.getBytes(StandardCharsets.UTF_8),
                Answer::isBusyForSome);
        if (answer.status() >= 300) {
            throw new Unusable("Elasticsearch answered " + answer.status());
        }
        return answer.json();
    }

    /** The index is not there, or not as it should be. */
    private static final class Unusable extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unusable(String message) {
            super(message);
        }
    }
}
