package dev.concordance.testing;

import dev.concordance.embedding.Embedder;

/** A model that stays open when a run closes it. */
public record Borrowed(Embedder model) implements ModelInPlaceOf {}
