package dev.concordance.search;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concordance.access.Caller;
import dev.concordance.manifest.AnnRecall.Depth;
import dev.concordance.manifest.ChunkFields;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.NearestQuery;
import dev.concordance.manifest.RoutingTable.Lexical;
import dev.concordance.manifest.RoutingTable.Mode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes the two queries of a search: a multi-search that finds the candidates of each leg, and a search that gets the passages
 * of those that are shown. Both prefer the same copies of the shards, since each copy has its own view of what is being written.
 */
final class QueryWriter {
    private static final JsonFactory JSON = ManifestJson.mapper().getFactory();
    private static final int CANDIDATES_PER_HIT = 2;
    /** Several passages of a document make one hit. */
    private static final int MORE_BY_DOCUMENT = 2;

    private static final int BODY_BYTES = 16_384;
    static final String[] SHOWN = {
        ChunkFields.DOCUMENT_ID,
        ChunkFields.SOURCE,
        ChunkFields.URI,
        ChunkFields.TITLE,
        ChunkFields.HEADINGS,
        ChunkFields.START,
        ChunkFields.END,
        ChunkFields.FIRST_PAGE,
        ChunkFields.LAST_PAGE,
        ChunkFields.TEXT,
        ChunkFields.SIGNALS,
        ChunkFields.PARENT,
        ChunkFields.METADATA
    };

    private final String alias;
    private final SearchRequest request;
    private final List<ObjectNode> shown;
    private final List<ObjectNode> filters;
    private final int candidates;
    private final Depth depth;
    private final Lexical lexical;
    private final List<String> wordings;
    private final String[] fields;
    private final String preference =
            Long.toHexString(ThreadLocalRandom.current().nextLong());

    /** A request to Elasticsearch. */
    record Query(String path, byte[] body) {}

    /**
     * Asks for what a request asks for.
     *
     * @param siblings at most so many chunks are shown as one
     * @param lexical how words are compared
     * @param depth how thoroughly vectors are
     * @param seenBy whoever may see what is found; null: everybody may see everything
     */
    QueryWriter(
            String alias, SearchRequest request, int siblings, Lexical lexical, Depth depth, @Nullable Caller seenBy) {
        this.alias = alias;
        this.lexical = lexical;
        this.wordings = request.query() == null ? List.of() : Wordings.of(request.query(), lexical.synonyms());
        this.depth = depth;
        this.request = request;
        this.fields = siblings == 1
                ? Candidate.FIELDS.toArray(String[]::new)
                : Stream.concat(Candidate.FIELDS.stream(), Stream.of(Candidate.PARENT))
                        .toArray(String[]::new);
        var visible = seenBy == null ? null : visible(seenBy);
        this.shown = visible == null ? List.of() : List.of(visible);
        this.filters = Stream.of(
                        request.filter() == null ? null : request.filter().query(), visible)
                .filter(Objects::nonNull)
                .toList();
        var wanted = Math.max(NearestQuery.FEWEST, Math.max(CANDIDATES_PER_HIT, siblings) * request.k());
        this.candidates = Math.min(NearestQuery.MOST, request.byDocument() ? MORE_BY_DOCUMENT * wanted : wanted);
    }

    /**
     * The candidates: of the lexical leg, of the semantic leg, or of both in this order.
     *
     * @param vector the semantic leg's; null: that leg is off
     */
    Query candidates(float @Nullable [] vector) {
        return new Query("/_msearch", written(json -> {
            if (request.mode() != Mode.semantic || vector == null) {
                leg(json, this::lexical);
            }
            if (vector != null) {
                leg(json, out -> semantic(out, vector));
            }
        }));
    }

    /**
     * The passages of chunks, in any order.
     *
     * @param index where the candidates are
     */
    Query passages(String index, List<String> ids) {
        return new Query(
                "/" + index + "/_search?preference=" + preference,
                written(json -> search(json, ids.size(), out -> {
                    out.writeFieldName("_source");
                    out.writeArray(SHOWN, 0, SHOWN.length);
                    out.writeObjectFieldStart("query");
                    out.writeObjectFieldStart("bool");
                    out.writeObjectFieldStart("must");
                    out.writeObjectFieldStart("ids");
                    out.writeFieldName("values");
                    out.writeArray(ids.toArray(String[]::new), 0, ids.size());
                    out.writeEndObject();
                    out.writeEndObject();
                    // Who may see a chunk may have changed since it was found.
                    filter(out, shown);
                    out.writeEndObject();
                    out.writeEndObject();
                    if (request.highlight()) {
                        highlight(out);
                    }
                })));
    }

    private interface Part {
        void write(JsonGenerator json) throws IOException;
    }

    private static byte[] written(Part part) {
        var body = new ByteArrayOutputStream(BODY_BYTES);
        try (var json = JSON.createGenerator(body)) {
            json.setRootValueSeparator(null);
            part.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return body.toByteArray();
    }

    private void leg(JsonGenerator json, Part query) throws IOException {
        json.writeStartObject();
        json.writeStringField("index", alias);
        json.writeStringField("preference", preference);
        json.writeEndObject();
        json.writeRaw('\n');
        search(json, candidates, out -> {
            out.writeBooleanField("_source", false);
            out.writeStringField("stored_fields", "_none_");
            out.writeFieldName("docvalue_fields");
            out.writeArray(fields, 0, fields.length);
            query.write(out);
        });
        json.writeRaw('\n');
    }

    private static void search(JsonGenerator json, int size, Part part) throws IOException {
        json.writeStartObject();
        json.writeNumberField("size", size);
        json.writeBooleanField("track_total_hits", false);
        part.write(json);
        json.writeEndObject();
    }

    private void lexical(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("query");
        json.writeObjectFieldStart("bool");
        json.writeObjectFieldStart("must");
        words(json);
        json.writeEndObject();
        filter(json, filters);
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void filter(JsonGenerator json, List<ObjectNode> filters) throws IOException {
        if (filters.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart("filter");
        for (var filter : filters) {
            json.writeTree(filter);
        }
        json.writeEndArray();
    }

    private static ObjectNode visible(Caller seenBy) {
        var query = JsonNodeFactory.instance.objectNode();
        var principals = query.putObject("terms").putArray(ChunkFields.ACL);
        seenBy.principals().forEach(principals::add);
        return query;
    }

    /** The best of the wordings counts. */
    private void words(JsonGenerator json) throws IOException {
        if (wordings.size() == 1) {
            words(json, wordings.getFirst());
            return;
        }
        json.writeObjectFieldStart("dis_max");
        json.writeArrayFieldStart("queries");
        for (var wording : wordings) {
            json.writeStartObject();
            words(json, wording);
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    /** BM25F, which takes a passage and the titles above it for one text: Zaragoza et al., TREC-13 (2004). */
    private void words(JsonGenerator json, String wording) throws IOException {
        json.writeObjectFieldStart("combined_fields");
        json.writeStringField("query", wording);
        json.writeArrayFieldStart("fields");
        json.writeString(ChunkFields.TEXT + "^" + lexical.text());
        json.writeString(ChunkFields.CONTEXT + "^" + lexical.context());
        json.writeEndArray();
        json.writeEndObject();
    }

    private void semantic(JsonGenerator json, float[] vector) throws IOException {
        var nearest = NearestQuery.of(vector, candidates, depth);
        if (!filters.isEmpty()) {
            nearest.putArray("filter").addAll(filters);
        }
        json.writeFieldName("knn");
        json.writeTree(nearest);
    }

    private void highlight(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("highlight");
        json.writeObjectFieldStart("fields");
        json.writeObjectFieldStart(ChunkFields.TEXT);
        json.writeStringField("type", "unified");
        json.writeNumberField("number_of_fragments", 3);
        json.writeObjectFieldStart("highlight_query");
        json.writeObjectFieldStart("match");
        json.writeStringField(ChunkFields.TEXT, String.join(" ", wordings));
        json.writeEndObject();
        json.writeEndObject();
        json.writeEndObject();
        json.writeEndObject();
        json.writeStringField("encoder", "html");
        json.writeEndObject();
    }
}
