package dev.concordance.search;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.manifest.AnnRecall;
import dev.concordance.manifest.Chunking;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.GenerationMapping;
import dev.concordance.manifest.GenerationState;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.search.SearchException.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Knows what the aliases point to without asking on a search's way: it is told to look again in the background, and looks at
 * once when an answer shows that an alias has moved.
 */
final class LiveGenerations {
    private static final Duration DEADLINE = Duration.ofSeconds(5);
    /** What was told of freshness within this time is about to be told again. */
    private static final Duration LATELY = Duration.ofSeconds(5);
    /** Elasticsearch takes request lines of 4 KiB; an alias has up to 150 characters. */
    private static final int ALIASES_A_REQUEST = 20;

    private static final String BEFORE_NUMBER = "-g";

    /** Two clusters may have the same alias. */
    private record Place(ElasticsearchConnection elasticsearch, String alias) {}

    /** What a ledger says of a generation. */
    private record Told(Instant freshAsOf, @Nullable AnnRecall annRecall) {}

    private final Map<Place, LiveGeneration> known = new ConcurrentHashMap<>();

    /** What the alias pointed to lately; asks if it isn't known. */
    LiveGeneration of(ElasticsearchConnection elasticsearch, String alias) {
        var last = known.get(new Place(elasticsearch, alias));
        return last == null ? refresh(elasticsearch, alias) : last;
    }

    /** What the alias points to now; throws {@link SearchException} if it points to nothing. */
    LiveGeneration refresh(ElasticsearchConnection elasticsearch, String alias) {
        refresh(elasticsearch, List.of(alias));
        var live = known.get(new Place(elasticsearch, alias));
        if (live == null) {
            throw new SearchException(
                    Kind.UNAVAILABLE, "the corpus has no generation that can be searched yet: try again later");
        }
        return live;
    }

    /** Looks at all of the aliases, two requests for many of them. */
    void refresh(ElasticsearchConnection elasticsearch, List<String> aliases) {
        for (var from = 0; from < aliases.size(); from += ALIASES_A_REQUEST) {
            look(elasticsearch, aliases.subList(from, Math.min(aliases.size(), from + ALIASES_A_REQUEST)));
        }
    }

    /** Looks how fresh those of the aliases are that are told of all the time: those whose sources are followed. */
    void refreshFollowed(ElasticsearchConnection elasticsearch, List<String> aliases, Instant now) {
        var followed = new HashMap<String, Integer>();
        for (var alias : aliases) {
            var live = known.get(new Place(elasticsearch, alias));
            if (live != null
                    && live.freshAsOf() != null
                    && live.freshAsOf().plus(LATELY).isAfter(now)) {
                followed.put(alias, live.number());
            }
        }
        told(elasticsearch, followed)
                .forEach((alias, told) -> known.computeIfPresent(
                        new Place(elasticsearch, alias),
                        (place, live) -> Objects.equals(live.number(), followed.get(alias))
                                ? live.withFreshness(told.freshAsOf())
                                : live));
    }

    /** Forgets what was known of other connections than these. */
    void keep(Set<ElasticsearchConnection> connections) {
        known.keySet().removeIf(place -> !connections.contains(place.elasticsearch()));
    }

    private void look(ElasticsearchConnection elasticsearch, List<String> aliases) {
        var path = "/" + String.join(",", aliases) + "/_mapping?ignore_unavailable=true&filter_path=*.mappings._meta."
                + GenerationMapping.META;
        var manifests = new HashMap<String, GenerationManifest>();
        elasticsearch.send("GET", path, null, DEADLINE).json().properties().forEach(index -> {
            var manifest =
                    manifest(index.getValue().path("mappings").path("_meta").path(GenerationMapping.META));
            if (manifest != null && index.getKey().contains(BEFORE_NUMBER)) {
                manifests.put(index.getKey(), manifest);
            }
        });
        var numbers = new HashMap<String, Integer>();
        manifests.forEach((index, manifest) -> numbers.put(alias(index), manifest.generation()));
        var told = told(elasticsearch, numbers);
        var found = new HashMap<String, LiveGeneration>();
        manifests.forEach((index, manifest) -> found.put(alias(index), live(index, manifest, told.get(alias(index)))));
        for (var alias : aliases) {
            var live = found.get(alias);
            if (live == null) {
                known.remove(new Place(elasticsearch, alias));
            } else {
                known.put(new Place(elasticsearch, alias), live);
            }
        }
    }

    private static LiveGeneration live(String index, GenerationManifest manifest, @Nullable Told told) {
        return new LiveGeneration(
                index,
                manifest.generation(),
                manifest.model().digest(),
                manifest.model().dimensions(),
                manifest.chunking() instanceof Chunking.Hierarchical chunking
                        ? chunking.mostSiblings(manifest.model().maxTokens())
                        : 1,
                manifest.documentLevel(),
                manifest.vectors(),
                told == null ? null : told.freshAsOf(),
                told == null ? null : told.annRecall());
    }

    /** By aliases, what the ledgers say of the generations of these numbers. */
    private static Map<String, Told> told(ElasticsearchConnection elasticsearch, Map<String, Integer> generations) {
        var told = new HashMap<String, Told>();
        if (generations.isEmpty()) {
            return told;
        }
        var body = ManifestJson.mapper().createObjectNode();
        var wanted = body.putArray("docs");
        var aliases = new ArrayList<String>();
        generations.forEach((alias, number) -> {
            aliases.add(alias);
            wanted.addObject().put("_index", alias + "-ledger").put("_id", GenerationState.id(number));
        });
        var states = elasticsearch
                .send("POST", "/_mget", body.toString().getBytes(StandardCharsets.UTF_8), DEADLINE)
                .json()
                .path("docs");
        for (var i = 0; i < aliases.size(); i++) {
            var state = states.path(i).path("_source");
            if (state.path("freshAsOf").isTextual()) {
                told.put(
                        aliases.get(i),
                        new Told(Instant.parse(state.path("freshAsOf").asText()), annRecall(state.path("annRecall"))));
            }
        }
        return told;
    }

    /** Null: not measured, or by a later version. */
    private static @Nullable AnnRecall annRecall(JsonNode measured) {
        try {
            return ManifestJson.mapper().treeToValue(measured, AnnRecall.class);
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    private static String alias(String index) {
        return index.substring(0, index.lastIndexOf(BEFORE_NUMBER));
    }

    /** Null: the index isn't a generation, or a later version made it. */
    private static @Nullable GenerationManifest manifest(JsonNode meta) {
        try {
            var manifest = ManifestJson.mapper().treeToValue(meta, GenerationManifest.class);
            return manifest == null || manifest.model() == null ? null : manifest;
        } catch (JsonProcessingException e) {
            return null;
        }
    }
}
