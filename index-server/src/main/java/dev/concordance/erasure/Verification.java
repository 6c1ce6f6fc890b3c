package dev.concordance.erasure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concordance.index.CorpusIndexes.Generation;
import dev.concordance.index.GenerationReader;
import dev.concordance.manifest.ChunkFields;
import dev.concordance.manifest.ManifestJson;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Searches the generations that there are for what has just been erased: by exactly its text, and by its vectors. */
final class Verification {
    private static final int TEXTS_AT_ONCE = 500;
    private static final int NEIGHBOURS = 10;
    private static final int EXPLORED = 100;

    private final List<Generation> generations;
    private final Function<Generation, GenerationReader> readers;
    private final Set<String> erased;
    private final Set<String> later;
    private final Map<Generation, Long> textsIn = new HashMap<>();
    private final Map<Generation, Long> vectorsIn = new HashMap<>();
    private long texts;
    private long vectors;
    private long sameText;

    /**
     * For one batch of what goes.
     *
     * @param erased keys of documents that must not be found
     * @param later keys of documents, also of some that were erased before and restored, that go in another batch
     */
    Verification(
            List<Generation> generations,
            Function<Generation, GenerationReader> readers,
            Set<String> erased,
            Set<String> later) {
        this.generations = generations;
        this.readers = readers;
        this.erased = erased;
        this.later = later;
    }

    /** Searches for these vectors of a model; throws {@link ErasureException} if a neighbour is an erased document's. */
    void byVector(String model, Collection<List<Float>> probes) {
        for (var probe : probes) {
            vectors++;
            for (var generation : of(model)) {
                vectorsIn.merge(generation, 1L, Long::sum);
                for (var hit : readers.apply(generation).hits(neighbours(probe))) {
                    require(hit, "a neighbour", generation);
                }
            }
        }
    }

    /** Searches for passages under these hashes; throws {@link ErasureException} if one is an erased document's. */
    void byText(String model, Collection<String> hashes) {
        var all = List.copyOf(hashes);
        texts += all.size();
        for (var from = 0; from < all.size(); from += TEXTS_AT_ONCE) {
            var some = all.subList(from, Math.min(all.size(), from + TEXTS_AT_ONCE));
            for (var generation : of(model)) {
                textsIn.merge(generation, (long) some.size(), Long::sum);
                var body = Found.among(ChunkFields.TEXT_HASH, some).put("_source", false);
                body.putArray("fields").add(ChunkFields.DOCUMENT_KEY);
                readers.apply(generation).chunks(body, hit -> {
                    require(hit, "a passage", generation);
                    sameText += later.contains(key(hit)) ? 0 : 1;
                });
            }
        }
    }

    /** How many texts were searched for. */
    long texts() {
        return texts;
    }

    /** How many vectors were searched for. */
    long vectors() {
        return vectors;
    }

    /** How many texts were searched for in this generation. */
    long texts(Generation generation) {
        return textsIn.getOrDefault(generation, 0L);
    }

    /** How many vectors were searched for in this generation. */
    long vectors(Generation generation) {
        return vectorsIn.getOrDefault(generation, 0L);
    }

    /** How many passages of documents that are not covered have such a text. */
    long sameText() {
        return sameText;
    }

    private List<Generation> of(String model) {
        return generations.stream()
                .filter(generation -> generation.modelDigest().equals(model))
                .toList();
    }

    private void require(JsonNode hit, String what, Generation generation) {
        var key = key(hit);
        if (erased.contains(key) && !later.contains(key)) {
            throw ErasureException.found(what, "generation " + generation.number());
        }
    }

    private static String key(JsonNode hit) {
        return hit.path("fields").path(ChunkFields.DOCUMENT_KEY).path(0).asText();
    }

    private static ObjectNode neighbours(List<Float> probe) {
        var body = ManifestJson.mapper().createObjectNode();
        body.put("size", NEIGHBOURS).put("_source", false);
        var knn = body.putObject("knn");
        knn.put("field", ChunkFields.VECTOR).put("k", NEIGHBOURS).put("num_candidates", EXPLORED);
        var vector = knn.putArray("query_vector");
        probe.forEach(vector::add);
        body.putArray("fields").add(ChunkFields.DOCUMENT_KEY);
        return body;
    }
}
