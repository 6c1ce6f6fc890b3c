package dev.concordance.operator.corpus;

import dev.concordance.manifest.RoutingTable;
import dev.concordance.manifest.VectorStorage;

/** How a corpus is searched, and what its index is like for it. */
public record DeclaredSearch(VectorStorage vectors, RoutingTable.Retrieval retrieval) {}
