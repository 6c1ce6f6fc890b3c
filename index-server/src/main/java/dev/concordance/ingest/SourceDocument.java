package dev.concordance.ingest;

import dev.concordance.parse.ParsedDocument;
import org.jspecify.annotations.Nullable;

/** A document as it was read, with where a person finds it. */
record SourceDocument(ParsedDocument parsed, @Nullable String uri) {}
