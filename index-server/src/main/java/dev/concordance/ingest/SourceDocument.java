package dev.concordance.ingest;

import dev.concordance.access.Acl;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.Tombstones;
import dev.concordance.parse.ParsedDocument;
import org.jspecify.annotations.Nullable;

/**
 * A document as it was read, with where a person finds it.
 *
 * @param acl who may see it; null: everybody
 */
record SourceDocument(
        ParsedDocument parsed,
        @Nullable String uri,
        @Nullable Acl acl) {
    /** The Erasure that covers it, by what its source says and before anything of it is redacted; null: none does. */
    @Nullable
    String erasure(Tombstones tombstones) {
        return tombstones.isEmpty()
                ? null
                : tombstones.ofContent(uri, ManifestJson.mapper().valueToTree(parsed.metadata()));
    }
}
