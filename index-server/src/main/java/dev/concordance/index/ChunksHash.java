package dev.concordance.index;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.manifest.ChunkFields;
import dev.concordance.manifest.Fingerprint;
import dev.concordance.manifest.ManifestJson;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The digest by which a document's chunks are known to be as they were written: all that is stored of them, but for their
 * vectors, which Elasticsearch keeps apart from the rest.
 */
final class ChunksHash {
    private static final TypeReference<Map<String, Object>> TREE = new TypeReference<>() {};

    private ChunksHash() {}

    /** Of chunks that are written, in their order. */
    static String of(List<IndexedChunk> chunks) {
        var metadata = chunks.isEmpty()
                ? ""
                : canonical(ManifestJson.mapper().valueToTree(chunks.getFirst().metadata()));
        return ofDigests(chunks.stream()
                .map(chunk -> begun(chunk.sentenceHashes())
                        .with(ChunkFields.ORDINAL, chunk.ordinal())
                        .with(ChunkFields.START, chunk.start())
                        .with(ChunkFields.END, chunk.end())
                        .with(
                                ChunkFields.FIRST_PAGE,
                                chunk.pages() == null ? "" : chunk.pages().first())
                        .with(
                                ChunkFields.LAST_PAGE,
                                chunk.pages() == null ? "" : chunk.pages().last())
                        .with(ChunkFields.URI, chunk.uri() == null ? "" : chunk.uri())
                        .with(ChunkFields.TITLE, chunk.title())
                        .with(ChunkFields.HEADINGS, chunk.headings())
                        .with(ChunkFields.CONTEXT, chunk.context())
                        .with(ChunkFields.TEXT, chunk.text())
                        .with(ChunkFields.TEXT_HASH, chunk.vector() == null ? "" : chunk.textHash())
                        .with(ChunkFields.SIGNALS, chunk.signals())
                        .with(ChunkFields.PARENT, chunk.parent() == null ? "" : parent(chunk.parent()))
                        .with(ChunkFields.METADATA, metadata)
                        .digest())
                .toList());
    }

    /** Of one chunk that was read. */
    static String digest(JsonNode chunk) {
        return begun(texts(chunk.path(ChunkFields.SENTENCE_HASHES)))
                .with(ChunkFields.ORDINAL, chunk.path(ChunkFields.ORDINAL).asText())
                .with(ChunkFields.START, chunk.path(ChunkFields.START).asText())
                .with(ChunkFields.END, chunk.path(ChunkFields.END).asText())
                .with(ChunkFields.FIRST_PAGE, chunk.path(ChunkFields.FIRST_PAGE).asText())
                .with(ChunkFields.LAST_PAGE, chunk.path(ChunkFields.LAST_PAGE).asText())
                .with(ChunkFields.URI, chunk.path(ChunkFields.URI).asText())
                .with(ChunkFields.TITLE, chunk.path(ChunkFields.TITLE).asText())
                .with(ChunkFields.HEADINGS, texts(chunk.path(ChunkFields.HEADINGS)))
                .with(ChunkFields.CONTEXT, chunk.path(ChunkFields.CONTEXT).asText())
                .with(ChunkFields.TEXT, chunk.path(ChunkFields.TEXT).asText())
                .with(ChunkFields.TEXT_HASH, chunk.path(ChunkFields.TEXT_HASH).asText())
                .with(ChunkFields.SIGNALS, texts(chunk.path(ChunkFields.SIGNALS)))
                .with(ChunkFields.PARENT, chunk.has(ChunkFields.PARENT) ? parent(chunk.path(ChunkFields.PARENT)) : "")
                .with(ChunkFields.METADATA, canonical(chunk.path(ChunkFields.METADATA)))
                .digest();
    }

    /** Chunks without any have the digest that they had before there were any. */
    private static Fingerprint begun(List<String> sentenceHashes) {
        var fingerprint = new Fingerprint("chunk/1");
        return sentenceHashes.isEmpty() ? fingerprint : fingerprint.with(ChunkFields.SENTENCE_HASHES, sentenceHashes);
    }

    /** Of chunks by their digests, in their order. */
    static String ofDigests(List<String> digests) {
        var all = new Fingerprint("chunks/1");
        digests.forEach(digest -> all.with("chunk", digest));
        return all.digest();
    }

    private static String parent(IndexedChunk.Parent parent) {
        return new Fingerprint("parent/1")
                .with(ChunkFields.ORDINAL, parent.ordinal())
                .with(ChunkFields.START, parent.start())
                .with(ChunkFields.END, parent.end())
                .with(ChunkFields.TEXT, parent.text())
                .digest();
    }

    private static String parent(JsonNode parent) {
        return new Fingerprint("parent/1")
                .with(ChunkFields.ORDINAL, parent.path(ChunkFields.ORDINAL).asText())
                .with(ChunkFields.START, parent.path(ChunkFields.START).asText())
                .with(ChunkFields.END, parent.path(ChunkFields.END).asText())
                .with(ChunkFields.TEXT, parent.path(ChunkFields.TEXT).asText())
                .digest();
    }

    private static List<String> texts(JsonNode values) {
        return values.valueStream().map(JsonNode::asText).toList();
    }

    private static String canonical(JsonNode metadata) {
        if (metadata.isMissingNode() || metadata.isEmpty()) {
            return "";
        }
        try {
            var sorted = new TreeMap<>(ManifestJson.mapper().convertValue(metadata, TREE));
            return ManifestJson.mapper().writeValueAsString(sorted);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
