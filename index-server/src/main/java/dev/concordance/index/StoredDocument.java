package dev.concordance.index;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.access.Acl;
import dev.concordance.manifest.ChunkFields;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.parse.Pages;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A document as a generation holds it.
 *
 * @param chunks those of the record's version that are there, in their order; what they come to in tokens isn't known of each
 * @param principals who may see each of the chunks
 */
public record StoredDocument(ManifestRecord record, List<IndexedChunk> chunks, List<List<String>> principals) {
    private static final TypeReference<Map<String, Object>> METADATA = new TypeReference<>() {};

    public StoredDocument {
        chunks = List.copyOf(chunks);
        principals = List.copyOf(principals);
    }

    /** Of what is stored of its chunks, with their vectors. */
    static StoredDocument of(ManifestRecord record, List<? extends JsonNode> chunks) {
        var sorted = chunks.stream()
                .sorted(Comparator.comparingInt(
                        chunk -> chunk.path(ChunkFields.ORDINAL).asInt()))
                .toList();
        return new StoredDocument(
                record,
                sorted.stream().map(StoredDocument::chunk).toList(),
                sorted.stream().map(chunk -> texts(chunk.path(ChunkFields.ACL))).toList());
    }

    /** Whether its chunks are all there, as they were written and for the people that the record says. */
    public boolean isWhole() {
        var access = record.access();
        return chunks.isEmpty()
                ? record.chunks() == 0
                : ChunksHash.of(chunks).equals(record.chunksHash())
                        && (access == null
                                || principals.stream()
                                        .allMatch(seenBy ->
                                                Acl.stored(seenBy).digest().equals(access.digest())));
    }

    /** What the document's source said of it besides its text. */
    public Map<String, Object> metadata() {
        return chunks.isEmpty() ? Map.of() : chunks.getFirst().metadata();
    }

    /** Where the document is for a person; null: nobody knows. */
    public @Nullable String uri() {
        return chunks.isEmpty() ? null : chunks.getFirst().uri();
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
