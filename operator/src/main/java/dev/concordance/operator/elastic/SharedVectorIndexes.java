package dev.concordance.operator.elastic;

import dev.concordance.manifest.EmbeddingCache;
import dev.concordance.manifest.EmbeddingModelManifest;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.GenerationMapping;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.ManifestJson;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The indexes of vectors that the corpora of a namespace share, one for each model. */
final class SharedVectorIndexes {
    /** Of models that one namespace has at a time, and some of its corpora had before. */
    private static final int MOST_INDEXES = 1_000;

    private final RestCalls rest;
    private final IndexNames names;

    SharedVectorIndexes(RestCalls rest, IndexNames names) {
        this.rest = rest;
        this.names = names;
    }

    /** Deletes those of models that no generation of the namespace has. */
    void sweep() {
        var unused = new ArrayList<String>();
        rest.get("/" + names.embeddings("*") + "?allow_no_indices=true&filter_path=*.settings.index.uuid")
                .fieldNames()
                .forEachRemaining(unused::add);
        if (!unused.isEmpty()) {
            unused.removeAll(models().keySet());
            unused.forEach(index -> rest.send("DELETE", "/" + index + "?ignore_unavailable=true", null));
        }
    }

    /** Those that hold vectors which were used last in this month or before, by name. */
    List<FormerVectors> unusedSince(YearMonth month) {
        var search = ManifestJson.mapper().createObjectNode().put("size", 0);
        search.putObject("query")
                .putObject("range")
                .putObject(GenerationMapping.USED)
                .put("lte", month.toString());
        search.putObject("aggs")
                .putObject("indexes")
                .putObject("terms")
                .put("field", "_index")
                .put("size", MOST_INDEXES);
        // Half an answer would say that nothing is left of what the other half holds.
        var found = rest.send(
                        "POST",
                        "/" + names.embeddings("*")
                                + "/_search?allow_no_indices=true&allow_partial_search_results=false",
                        search.toString())
                .path("aggregations")
                .path("indexes")
                .path("buckets")
                .findValuesAsText("key");
        if (found.isEmpty()) {
            return List.of();
        }
        var models = models();
        return found.stream()
                .sorted()
                .map(index -> new FormerVectors(
                        index,
                        models.getOrDefault(index, List.of()).stream()
                                .flatMap(model -> Optional.ofNullable(model.cache()).stream())
                                .map(EmbeddingCache::unusedMonths)
                                .max(Integer::compare)))
                .toList();
    }

    /** What the generations of the namespace say of their models, by the index that holds the vectors. */
    private Map<String, List<EmbeddingModelManifest>> models() {
        var models = new TreeMap<String, List<EmbeddingModelManifest>>();
        rest.get("/" + names.ofNamespace() + "?allow_no_indices=true&filter_path=*.mappings._meta")
                .forEach(index -> GenerationIndexes.manifest(index)
                        .map(GenerationManifest::model)
                        .ifPresent(model -> models.computeIfAbsent(
                                        names.embeddings(model.digest()), none -> new ArrayList<>())
                                .add(model)));
        return models;
    }
}
