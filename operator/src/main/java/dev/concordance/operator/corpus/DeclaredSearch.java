package dev.concordance.operator.corpus;

import dev.concordance.manifest.Analysis;
import dev.concordance.manifest.RoutingTable;
import dev.concordance.manifest.VectorStorage;
import dev.concordance.operator.kube.Reference;
import java.util.Optional;

/**
 * How a corpus is searched, and what its index is like for it.
 *
 * @param retrieval without synonyms, which are elsewhere
 * @param synonyms empty: there are none
 */
public record DeclaredSearch(
        VectorStorage vectors, Analysis analysis, RoutingTable.Retrieval retrieval, Optional<Synonyms> synonyms) {
    /** Where synonyms are: a key of a ConfigMap. */
    public record Synonyms(Reference configMap, String key) {}
}
