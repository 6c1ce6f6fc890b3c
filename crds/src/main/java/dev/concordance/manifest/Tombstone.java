package dev.concordance.manifest;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an Erasure keeps out of a corpus, whatever sources and indexes hold: documents of which any of this is true.
 *
 * @param erasure UID of the Erasure
 * @param keys of documents that it has erased, which stay erased whatever is said of them later
 * @param documents by their ids
 * @param uris by where they are for a person
 * @param metadata by values of their fields; a document is covered that has all values of one of these
 */
public record Tombstone(
        String erasure,
        List<String> keys,
        List<NamedDocument> documents,
        List<String> uris,
        List<Map<String, String>> metadata) {
    public Tombstone {
        keys = List.copyOf(keys);
        documents = List.copyOf(documents);
        uris = List.copyOf(uris);
        metadata = metadata.stream().map(Map::copyOf).toList();
    }

    /**
     * A document by its id.
     *
     * @param source name of its source; null: in any
     */
    public record NamedDocument(String id, @Nullable String source) {}

    /** The same of which these documents are known besides. */
    public Tombstone with(List<String> erased) {
        return new Tombstone(erasure, erased, documents, uris, metadata);
    }
}
