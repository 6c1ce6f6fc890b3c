package dev.concordance.erasure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concordance.index.GenerationReader;
import dev.concordance.index.Leftover;
import dev.concordance.index.ManifestRecord;
import dev.concordance.index.ManifestRecord.State;
import dev.concordance.manifest.ChunkFields;
import dev.concordance.manifest.ManifestJson;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What one generation has of some documents: their records and passages, the hashes of their texts, and some of their vectors. */
final class Found {
    /** So many documents are asked for by their neighbours; all of them are by key and text. */
    private static final int MOST_PROBES = 50;

    private final List<ManifestRecord> records;
    private final List<Leftover> chunks = new ArrayList<>();
    private final Map<String, Set<String>> texts = new HashMap<>();
    private final Set<String> sentences = new TreeSet<>();
    private final Map<String, List<Float>> probes = new HashMap<>();

    private Found(List<ManifestRecord> records) {
        this.records = records;
    }

    /** What there is of these documents. */
    static Found in(GenerationReader reader, Collection<String> keys) {
        var records = reader.records(keys).stream()
                .filter(record -> record.state() != State.Erased)
                .toList();
        var found = new Found(records);
        reader.chunks(query(keys), found::add);
        return found;
    }

    private static ObjectNode query(Collection<String> keys) {
        var body = among(ChunkFields.DOCUMENT_KEY, keys).put("_source", false);
        body.putArray("fields")
                .add(ChunkFields.DOCUMENT_KEY)
                .add(ChunkFields.SOURCE)
                .add(ChunkFields.TEXT_HASH)
                .add(ChunkFields.VECTOR)
                // A generation of before there were any has no mapping for them.
                .addObject()
                .put("field", ChunkFields.SENTENCE_HASHES)
                .put("include_unmapped", true);
        return body;
    }

    /** A search for all passages with one of these values. */
    static ObjectNode among(String field, Collection<String> values) {
        var body = ManifestJson.mapper().createObjectNode();
        var terms = body.putObject("query")
                .putObject("constant_score")
                .putObject("filter")
                .putObject("terms")
                .putArray(field);
        values.forEach(terms::add);
        return body;
    }

    private void add(JsonNode hit) {
        var fields = hit.path("fields");
        var key = fields.path(ChunkFields.DOCUMENT_KEY).path(0).asText();
        var source = fields.path(ChunkFields.SOURCE).path(0).asText();
        chunks.add(new Leftover(hit.path("_id").asText(), key, source));
        var hashes = texts.computeIfAbsent(key, document -> new TreeSet<>());
        // A passage that the model refuses has neither vector nor hash.
        fields.path(ChunkFields.TEXT_HASH).forEach(hash -> hashes.add(hash.asText()));
        fields.path(ChunkFields.SENTENCE_HASHES).forEach(hash -> sentences.add(hash.asText()));
        var vector = fields.path(ChunkFields.VECTOR);
        if (vector.isArray() && !vector.isEmpty() && probes.size() < MOST_PROBES) {
            probes.computeIfAbsent(key, document -> floats(vector));
        }
    }

    private static List<Float> floats(JsonNode vector) {
        return vector.valueStream().map(JsonNode::floatValue).toList();
    }

    /** Records of documents that aren't erased yet. */
    List<ManifestRecord> records() {
        return records;
    }

    /** Keys of those of the documents of which there is something. */
    Set<String> keys() {
        var keys = new HashSet<>(texts.keySet());
        records.forEach(record -> keys.add(record.key()));
        return keys;
    }

    List<Leftover> chunks() {
        return chunks;
    }

    /** Hashes of texts by the key of the document. */
    Map<String, Set<String>> texts() {
        return texts;
    }

    /** Hashes of what was embedded to cut the documents. */
    Set<String> sentences() {
        return sentences;
    }

    /** One vector of each of some of the documents, by the key of the document. */
    Map<String, List<Float>> probes() {
        return probes;
    }
}
