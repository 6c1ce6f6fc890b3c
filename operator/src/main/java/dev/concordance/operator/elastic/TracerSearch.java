package dev.concordance.operator.elastic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concordance.manifest.ChunkFields;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.Tracer;
import dev.concordance.operator.elastic.BackendException.Obstacle;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Looks for a tracer as query servers search: through the alias, by words and by vector, in one request. A filter leaves out all
 * other documents, so that the search for neighbours is exact and its answer doesn't depend on how a graph is walked.
 */
final class TracerSearch {
    /** One an index, and an alias leads to one, unless somebody has changed it. */
    private static final int MOST = 10;

    /** Far below what the same vector has, whatever is lost where vectors are kept as bytes, and above what another one has. */
    private static final double SAME = 0.5;

    private TracerSearch() {}

    /** The lines of a multi-search. */
    static String lines(String alias, int dimensions) {
        var lines = new StringBuilder();
        for (var search : new ObjectNode[] {byWords(), byVector(dimensions)}) {
            lines.append(ManifestJson.mapper().createObjectNode().put("index", alias))
                    .append('\n');
            lines.append(search).append('\n');
        }
        return lines.toString();
    }

    private static ObjectNode byWords() {
        var search = search();
        var bool = search.putObject("query").putObject("bool");
        var words = bool.putObject("must").putObject("combined_fields").put("query", Tracer.TEXT);
        words.putArray("fields").add(ChunkFields.TEXT).add(ChunkFields.CONTEXT);
        filter(bool);
        return search;
    }

    private static ObjectNode byVector(int dimensions) {
        var search = search();
        var knn = search.putObject("knn");
        knn.put("field", ChunkFields.VECTOR).put("k", MOST).put("num_candidates", MOST);
        knn.put("similarity", SAME);
        var vector = knn.putArray("query_vector");
        for (var value : Tracer.vector(dimensions)) {
            vector.add(value);
        }
        filter(knn);
        return search;
    }

    private static ObjectNode search() {
        var search = ManifestJson.mapper().createObjectNode().put("size", MOST).put("track_total_hits", false);
        search.putArray("_source").add(Tracer.TRACED_AT);
        return search;
    }

    private static void filter(ObjectNode query) {
        query.putObject("filter").putObject("term").put(ChunkFields.DOCUMENT_KEY, Tracer.KEY);
    }

    /** Reads the answer. Who may not search at all can't tell that nothing is found. */
    static TracerSight read(JsonNode answer) {
        var legs = answer.path("responses");
        if (legs.size() != 2) {
            throw new BackendException(
                    Obstacle.UNREACHABLE,
                    "what answers is not Elasticsearch: of two searches it answered " + legs.size());
        }
        return new TracerSight(leg(legs.path(0)), leg(legs.path(1)));
    }

    private static TracerSight.Leg leg(JsonNode answer) {
        var hits = new ArrayList<TracerSight.Hit>();
        for (var hit : answer.path("hits").path("hits")) {
            hits.add(new TracerSight.Hit(hit.path("_index").asText(), tracedAt(hit)));
        }
        var shards = answer.path("_shards");
        return new TracerSight.Leg(hits, shards.path("total").asInt(), failure(answer));
    }

    private static Instant tracedAt(JsonNode hit) {
        try {
            return Instant.parse(hit.path("_source").path(Tracer.TRACED_AT).asText());
        } catch (DateTimeParseException byHand) {
            return Instant.EPOCH;
        }
    }

    private static @Nullable String failure(JsonNode answer) {
        if (answer.has("error")) {
            return answer.path("error")
                    .path("reason")
                    .asText(answer.path("error").asText("no reason given"));
        }
        var failed = answer.path("_shards").path("failed").asInt();
        if (failed > 0 || answer.path("timed_out").asBoolean()) {
            return "%d of %d shards did not answer"
                    .formatted(failed, answer.path("_shards").path("total").asInt());
        }
        return null;
    }
}
