package dev.concordance.index;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.manifest.ChunkFields;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.parse.Pages;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A passage as it was read back.
 *
 * @param documentKey of its document
 * @param chunk what it comes to in tokens isn't known of it
 * @param principals who may see it
 */
record StoredChunk(String documentKey, IndexedChunk chunk, List<String> principals) {
    private static final TypeReference<Map<String, Object>> METADATA = new TypeReference<>() {};

    /** Of all that is stored of it, with its vector. */
    static StoredChunk of(JsonNode stored) {
        return new StoredChunk(
                stored.path(ChunkFields.DOCUMENT_KEY).asText(), chunk(stored), texts(stored.path(ChunkFields.ACL)));
    }

    private static IndexedChunk chunk(JsonNode stored) {
        var vector = stored.path(ChunkFields.VECTOR);
        return new IndexedChunk(
                stored.path(ChunkFields.ORDINAL).asInt(),
                stored.path(ChunkFields.TEXT).asText(),
                stored.path(ChunkFields.START).asInt(),
                stored.path(ChunkFields.END).asInt(),
                stored.has(ChunkFields.FIRST_PAGE)
                        ? new Pages.Range(
                                stored.path(ChunkFields.FIRST_PAGE).asInt(),
                                stored.path(ChunkFields.LAST_PAGE).asInt())
                        : null,
                texts(stored.path(ChunkFields.HEADINGS)),
                stored.path(ChunkFields.CONTEXT).asText(),
                stored.path(ChunkFields.TITLE).asText(),
                stored.has(ChunkFields.URI) ? stored.path(ChunkFields.URI).asText() : null,
                metadata(stored.path(ChunkFields.METADATA)),
                texts(stored.path(ChunkFields.SIGNALS)),
                stored.path(ChunkFields.TEXT_HASH).asText(),
                texts(stored.path(ChunkFields.SENTENCE_HASHES)),
                vector.isEmpty() ? null : GenerationReader.floats(vector),
                stored.has(ChunkFields.PARENT) ? parent(stored.path(ChunkFields.PARENT)) : null,
                0);
    }

    private static IndexedChunk.Parent parent(JsonNode stored) {
        return new IndexedChunk.Parent(
                stored.path(ChunkFields.ORDINAL).asInt(),
                stored.path(ChunkFields.TEXT).asText(),
                stored.path(ChunkFields.START).asInt(),
                stored.path(ChunkFields.END).asInt());
    }

    private static Map<String, Object> metadata(JsonNode stored) {
        return stored.isObject()
                ? Objects.requireNonNull(ManifestJson.mapper().convertValue(stored, METADATA))
                : Map.of();
    }

    private static List<String> texts(JsonNode values) {
        return values.valueStream().map(JsonNode::asText).toList();
    }
}
