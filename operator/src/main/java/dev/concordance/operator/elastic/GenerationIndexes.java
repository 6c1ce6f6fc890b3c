package dev.concordance.operator.elastic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.GenerationMapping;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.ManifestJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads an answer of Elasticsearch's get-index call as generations. */
final class GenerationIndexes {
    private GenerationIndexes() {}

    /** An index of a generation, or what is left of one. */
    record Found(
            int number,
            Optional<GenerationManifest> manifest,
            boolean intact,
            boolean live,
            Optional<Instant> servedSince,
            int replicas) {}

    /** Indexes whose names only begin like this corpus's are left out. */
    static List<Found> of(IndexNames names, JsonNode indexes) {
        var pattern = Pattern.compile(Pattern.quote(names.alias()) + "-g([1-9][0-9]{0,8})(-manifest)?");
        var numbers = new TreeMap<Integer, Boolean>();
        indexes.fieldNames().forEachRemaining(name -> {
            var match = pattern.matcher(name);
            if (match.matches()) {
                numbers.put(Integer.parseInt(match.group(1)), true);
            }
        });
        var found = new ArrayList<Found>();
        for (int number : numbers.keySet()) {
            var chunks = indexes.path(names.generation(number));
            var records = indexes.path(names.manifest(number));
            var described = chunks.isMissingNode() ? records : chunks;
            found.add(new Found(
                    number,
                    manifest(described),
                    !chunks.isMissingNode() && !records.isMissingNode(),
                    chunks.path("aliases").has(names.alias()),
                    servedSince(names, chunks.path("aliases")),
                    chunks.path("settings")
                            .path("index")
                            .path("number_of_replicas")
                            .asInt()));
        }
        return found;
    }

    private static Optional<Instant> servedSince(IndexNames names, JsonNode aliases) {
        return aliases.properties().stream()
                .flatMap(alias -> names.servedSince(alias.getKey()).stream())
                .max(Comparator.naturalOrder());
    }

    /** What the mapping's {@code _meta} says the generation is; empty for an index that isn't ours. */
    static Optional<GenerationManifest> manifest(JsonNode index) {
        var meta = index.path("mappings").path("_meta").path(GenerationMapping.META);
        if (!meta.isObject()) {
            return Optional.empty();
        }
        try {
            return Optional.of(ManifestJson.mapper().treeToValue(meta, GenerationManifest.class));
        } catch (JsonProcessingException unreadable) {
            return Optional.empty();
        }
    }
}
