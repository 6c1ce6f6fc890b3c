package dev.concordance.index;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.GenerationMapping;
import dev.concordance.manifest.IndexIdentity;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.ManifestJson;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Finds the generations that a corpus has at the moment, whoever has made them: a build, or somebody who restored a snapshot. */
public final class CorpusIndexes {
    private CorpusIndexes() {}

    /**
     * A generation.
     *
     * @param modelDigest of the model that gave its vectors
     * @param uuids of its two indexes, by their names, as {@link IndexIdentity} has them
     */
    public record Generation(int number, String modelDigest, Map<String, String> uuids) {
        public Generation {
            uuids = Map.copyOf(uuids);
        }
    }

    /** All of them, by number; throws {@link IndexException} if one of them lacks an index. */
    public static List<Generation> of(ElasticsearchConnection elasticsearch, IndexNames names) {
        var path = "/" + names.alias() + "-g*?expand_wildcards=all&allow_no_indices=true"
                + "&filter_path=*.mappings._meta," + IndexIdentity.FIELDS;
        var answer = elasticsearch.send("GET", path, null);
        if (answer.status() >= 300) {
            throw new IndexException(
                    FailureReason.ElasticsearchRejected,
                    "the generations of %s can't be listed (%d)".formatted(names.alias(), answer.status()));
        }
        var indexes = answer.json();
        var name = Pattern.compile(Pattern.quote(names.alias()) + "-g([1-9][0-9]{0,8})(-manifest)?");
        var generations = new ArrayList<Generation>();
        indexes.fieldNames().forEachRemaining(index -> {
            var match = name.matcher(index);
            if (match.matches() && meta(indexes.path(index)).isObject()) {
                var number = Integer.parseInt(match.group(1));
                if (match.group(2) == null) {
                    generations.add(generation(number, names, indexes));
                } else if (indexes.path(names.generation(number)).isMissingNode()) {
                    throw incomplete(index);
                }
            }
        });
        generations.sort(Comparator.comparingInt(Generation::number));
        return generations;
    }

    private static Generation generation(int number, IndexNames names, JsonNode indexes) {
        var chunks = names.generation(number);
        var records = names.manifest(number);
        if (indexes.path(records).isMissingNode()) {
            throw incomplete(chunks);
        }
        return new Generation(
                number,
                manifest(chunks, indexes.path(chunks)).model().digest(),
                Map.of(
                        chunks,
                        IndexIdentity.of(indexes.path(chunks)),
                        records,
                        IndexIdentity.of(indexes.path(records))));
    }

    private static GenerationManifest manifest(String name, JsonNode index) {
        try {
            return ManifestJson.mapper().treeToValue(meta(index), GenerationManifest.class);
        } catch (JsonProcessingException e) {
            throw new IndexException(
                    FailureReason.ElasticsearchRejected,
                    "what index %s is can't be read by this version: use the worker's image of the operator's version"
                            .formatted(name));
        }
    }

    private static JsonNode meta(JsonNode index) {
        return index.path("mappings").path("_meta").path(GenerationMapping.META);
    }

    private static IndexException incomplete(String index) {
        return new IndexException(
                FailureReason.GenerationMissing,
                "of the generation of index %s the other index does not exist: it is being made or removed"
                        .formatted(index));
    }
}
