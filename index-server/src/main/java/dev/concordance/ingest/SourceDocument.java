package dev.concordance.ingest;

import dev.concordance.access.Acl;
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
        @Nullable Acl acl) {}
