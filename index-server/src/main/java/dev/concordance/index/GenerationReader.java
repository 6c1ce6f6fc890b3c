package dev.concordance.index;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concordance.elasticsearch.Answer;
import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.manifest.ChunkFields;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.GenerationMapping;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.Tracer;
import dev.concordance.spool.Sequence;
import dev.concordance.spool.Spools;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Reads what a generation holds. */
public final class GenerationReader {
    private static final int PAGE = 2_000;
    private static final int VECTORS_AT_ONCE = 500;
    private static final int CHUNKS_AT_ONCE = 500;
    private static final String KEEP_ALIVE = "5m";
    /** Hits of some shards are no answer; without the others there is one that can be waited for. */
    private static final String WHOLE = "allow_partial_search_results=false";

    private static final RecordCodec RECORDS = new RecordCodec();

    private final ElasticsearchConnection elasticsearch;
    private final IndexNames names;
    private final int generation;

    public GenerationReader(ElasticsearchConnection elasticsearch, IndexNames names, int generation) {
        this.elasticsearch = elasticsearch;
        this.names = names;
        this.generation = generation;
    }

    /** Throws {@link IndexException} if the generation isn't there or was created for another manifest. */
    public void check(GenerationManifest manifest) {
        var digest = meta().path(GenerationMapping.DIGEST).asText();
        if (!digest.equals(manifest.digest())) {
            throw new IndexException(
                    FailureReason.GenerationMissing,
                    "the index %s was created for the settings %s, not for %s"
                            .formatted(names.generation(generation), digest, manifest.digest()));
        }
    }

    /** What the generation was created for; throws {@link IndexException} if it isn't there. */
    public GenerationManifest manifest() {
        return read(meta(), GenerationManifest.class);
    }

    private JsonNode meta() {
        var index = names.generation(generation);
        var answer = elasticsearch.send("GET", "/" + index + "/_mapping", null);
        if (answer.status() == 404) {
            throw new IndexException(
                    FailureReason.GenerationMissing, "the index " + index + " does not exist: the operator creates it");
        }
        requireRead(answer);
        return answer.json().findPath("_meta").path(GenerationMapping.META);
    }

    /** Makes what was written searchable. */
    public void refresh() {
        refresh(names.generation(generation) + "," + names.manifest(generation));
    }

    /** The same of chunks alone, which is all that searches find. */
    public void refreshChunks() {
        refresh(names.generation(generation));
    }

    /** The same of records alone. */
    public void refreshRecords() {
        refresh(names.manifest(generation));
    }

    private void refresh(String indexes) {
        if (elasticsearch.send("POST", "/" + indexes + "/_refresh", null).status() >= 300) {
            throw new IndexException(FailureReason.ElasticsearchRejected, "the generation can't be refreshed");
        }
    }

    /** All records of the manifest in their order, as of the last refresh. */
    public Sequence<ManifestRecord> records(Spools spools) {
        var records = spools.sorter(RECORDS, ManifestRecord.ORDER);
        scan(
                names.manifest(generation),
                ManifestJson.mapper().createObjectNode(),
                hit -> records.add(record(hit.path("_source"))));
        return records.end();
    }

    /** The records of these documents, as they are now. */
    public List<ManifestRecord> records(Collection<String> keys) {
        var body = ManifestJson.mapper().createObjectNode();
        var ids = body.putArray("ids");
        keys.forEach(ids::add);
        var found = new ArrayList<ManifestRecord>();
        for (var document :
                search("/" + names.manifest(generation) + "/_mget", body).path("docs")) {
            if (document.path("found").asBoolean()) {
                found.add(record(document.path("_source")));
            }
        }
        return found;
    }

    /** The chunks written in {@code firstEpoch} or later that no record knows, as of the last refresh. */
    public List<Leftover> leftovers(long firstEpoch, Sequence<ManifestRecord> records, Spools spools) {
        var chunks = spools.sorter(WrittenChunk.CODEC, WrittenChunk.ORDER);
        var query = ManifestJson.mapper().createObjectNode();
        query.putArray("_source")
                .add(ChunkFields.SOURCE)
                .add(ChunkFields.DOCUMENT_ID)
                .add(ChunkFields.VERSION);
        query.putObject("query")
                .putObject("range")
                .putObject(ChunkFields.VERSION)
                .put("gte", firstEpoch);
        scan(names.generation(generation), query, hit -> chunks.add(WrittenChunk.of(hit)));
        var leftovers = new ArrayList<Leftover>();
        try (var written = chunks.sorted();
                var known = records.open()) {
            while (written.hasNext()) {
                var chunk = written.next();
                var record = chunk.among(known);
                if (record == null || !chunk.isOf(record)) {
                    leftovers.add(chunk.leftover());
                }
            }
        }
        return leftovers;
    }

    /**
     * Each chunk that a search finds, as of the last refresh.
     *
     * @param body of the search: query and what is wanted of each hit
     */
    public void chunks(ObjectNode body, Consumer<JsonNode> each) {
        scan(names.generation(generation), body, each);
    }

    /** The best hits of a search of the chunks, as of the last refresh. */
    public JsonNode hits(ObjectNode body) {
        return search("/" + names.generation(generation) + "/_search?" + WHOLE, body)
                .path("hits")
                .path("hits");
    }

    /** Each chunk that has a vector, by its id, as of the last refresh. */
    public void vectors(BiConsumer<String, float[]> each) {
        var body = ManifestJson.mapper().createObjectNode().put("_source", false);
        body.putObject("query").putObject("exists").put("field", ChunkFields.VECTOR);
        body.putArray("fields").add(ChunkFields.VECTOR);
        scan(
                names.generation(generation),
                body,
                VECTORS_AT_ONCE,
                hit -> each.accept(
                        hit.path("_id").asText(), floats(hit.path("fields").path(ChunkFields.VECTOR))));
    }

    /** The best hits of each of some searches of the chunks, made one after the other. */
    List<JsonNode> hits(List<ObjectNode> bodies) {
        var lines = new StringBuilder();
        bodies.forEach(body -> lines.append("{}\n").append(body).append('\n'));
        var answer = elasticsearch.send(
                "POST",
                "/" + names.generation(generation) + "/_msearch?max_concurrent_searches=1",
                lines.toString().getBytes(StandardCharsets.UTF_8));
        requireRead(answer);
        var hits = new ArrayList<JsonNode>();
        for (var one : answer.json().path("responses")) {
            requireWhole(one);
            hits.add(one.path("hits").path("hits"));
        }
        return hits;
    }

    /** Compares all chunks with the records, as of the last refresh. */
    public Audit audit(Sequence<ManifestRecord> records, Spools spools) {
        var chunks = spools.sorter(AuditedChunk.CODEC, AuditedChunk.ORDER);
        var newest = new LongAccumulator(Math::max, 0);
        scan(names.generation(generation), AuditedChunk.query(), hit -> {
            if (!Tracer.KEY.equals(hit.path("_id").asText())) {
                chunks.add(AuditedChunk.of(hit));
            }
            newest.accumulate(hit.path("_version").asLong());
        });
        try (var sorted = chunks.sorted()) {
            return Audit.of(records, sorted, newest.get());
        }
    }

    /** The vectors that this generation or one of {@code others} has for texts of these hashes, as of the last refresh. */
    public Map<String, float[]> vectors(Collection<String> textHashes, List<Integer> others) {
        var found = new HashMap<String, float[]>();
        var hashes = List.copyOf(textHashes);
        for (var from = 0; from < hashes.size(); from += VECTORS_AT_ONCE) {
            vectors(hashes.subList(from, Math.min(hashes.size(), from + VECTORS_AT_ONCE)), others, found);
        }
        return found;
    }

    private void vectors(List<String> textHashes, List<Integer> others, Map<String, float[]> found) {
        var indexes = new StringBuilder(names.generation(generation));
        others.forEach(other -> indexes.append(',').append(names.generation(other)));
        var body = ManifestJson.mapper().createObjectNode();
        body.put("size", textHashes.size()).put("_source", false).put("track_total_hits", false);
        var conditions = body.putObject("query").putObject("bool").putArray("filter");
        var hashes = conditions.addObject().putObject("terms").putArray(ChunkFields.TEXT_HASH);
        textHashes.forEach(hashes::add);
        // Somebody who writes back what a search shows takes the vector away.
        conditions.addObject().putObject("exists").put("field", ChunkFields.VECTOR);
        body.putObject("collapse").put("field", ChunkFields.TEXT_HASH);
        body.putArray("fields").add(ChunkFields.TEXT_HASH).add(ChunkFields.VECTOR);
        var path = "/" + indexes + "/_search?ignore_unavailable=true&" + WHOLE;
        for (var hit : search(path, body).path("hits").path("hits")) {
            var fields = hit.path("fields");
            found.put(fields.path(ChunkFields.TEXT_HASH).path(0).asText(), floats(fields.path(ChunkFields.VECTOR)));
        }
    }

    /** What is stored of these chunks, with their vectors, as of the last refresh; without those that aren't there. */
    List<ObjectNode> chunks(List<String> ids) {
        var body = ManifestJson.mapper().createObjectNode();
        body.put("size", ids.size()).put("track_total_hits", false);
        var wanted = body.putObject("query").putObject("ids").putArray("values");
        ids.forEach(wanted::add);
        body.putArray("fields").add(ChunkFields.VECTOR);
        var found = new ArrayList<ObjectNode>();
        for (var hit : search("/" + names.generation(generation) + "/_search?" + WHOLE, body)
                .path("hits")
                .path("hits")) {
            var chunk = (ObjectNode) hit.path("_source");
            // Elasticsearch leaves vectors out of what it says was sent.
            chunk.set(ChunkFields.VECTOR, hit.path("fields").path(ChunkFields.VECTOR));
            found.add(chunk);
        }
        return found;
    }

    /** What is stored of the documents of these records, as of the last refresh. */
    public List<StoredDocument> documents(List<ManifestRecord> records) {
        var ids = records.stream().flatMap(record -> record.chunkIds().stream()).toList();
        var stored = new HashMap<String, List<StoredChunk>>();
        for (var from = 0; from < ids.size(); from += CHUNKS_AT_ONCE) {
            for (var hit : chunks(ids.subList(from, Math.min(ids.size(), from + CHUNKS_AT_ONCE)))) {
                var chunk = StoredChunk.of(hit);
                stored.computeIfAbsent(chunk.documentKey(), key -> new ArrayList<>())
                        .add(chunk);
            }
        }
        return records.stream()
                .map(record -> StoredDocument.of(record, stored.getOrDefault(record.key(), List.of())))
                .toList();
    }

    private void scan(String index, ObjectNode body, Consumer<JsonNode> each) {
        scan(index, body, PAGE, each);
    }

    private void scan(String index, ObjectNode body, int size, Consumer<JsonNode> each) {
        var pit = pointInTime(index);
        try {
            body.put("size", size).put("track_total_hits", false);
            body.putArray("sort").addObject().put("_shard_doc", "asc");
            while (true) {
                body.putObject("pit").put("id", pit).put("keep_alive", KEEP_ALIVE);
                var page = search("/_search?" + WHOLE, body);
                var hits = page.path("hits").path("hits");
                if (hits.isEmpty()) {
                    return;
                }
                hits.forEach(each);
                pit = page.path("pit_id").asText(pit);
                body.set("search_after", hits.path(hits.size() - 1).path("sort"));
            }
        } finally {
            var end = ManifestJson.mapper().createObjectNode().put("id", pit);
            // It ends by itself too, so nobody waits for it.
            elasticsearch.sendOnce("DELETE", "/_pit", end.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    private String pointInTime(String index) {
        var answer = elasticsearch.send("POST", "/" + index + "/_pit?keep_alive=" + KEEP_ALIVE, null);
        if (answer.status() == 404) {
            throw new IndexException(
                    FailureReason.GenerationMissing, "the index " + index + " can't be read: it does not exist");
        }
        requireRead(answer);
        return answer.json().path("id").asText();
    }

    private JsonNode search(String path, JsonNode body) {
        var answer = elasticsearch.send(
                "POST", path, body.toString().getBytes(StandardCharsets.UTF_8), Answer::isBusyForSome);
        requireRead(answer);
        var json = answer.json();
        requireWhole(json);
        return json;
    }

    private static void requireWhole(JsonNode answer) {
        if (answer.has("error") || answer.path("_shards").path("failed").asInt() > 0) {
            throw new IndexException(
                    FailureReason.ElasticsearchRejected,
                    "Elasticsearch could not read the generation: "
                            + answer.findPath("reason").asText());
        }
    }

    private static void requireRead(Answer answer) {
        if (answer.status() >= 300) {
            throw new IndexException(
                    FailureReason.ElasticsearchRejected,
                    "Elasticsearch could not read the generation: "
                            + answer.json().findPath("reason").asText());
        }
    }

    static float[] floats(JsonNode values) {
        var floats = new float[values.size()];
        for (var i = 0; i < floats.length; i++) {
            floats[i] = values.get(i).floatValue();
        }
        return floats;
    }

    private static ManifestRecord record(JsonNode source) {
        return read(source, ManifestRecord.class);
    }

    private static <T> T read(JsonNode source, Class<T> type) {
        try {
            return ManifestJson.mapper().treeToValue(source, type);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
