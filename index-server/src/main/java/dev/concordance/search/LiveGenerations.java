package dev.concordance.search;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.manifest.EmbeddingModelManifest;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.GenerationMapping;
import dev.concordance.manifest.GenerationState;
import dev.concordance.manifest.ManifestJson;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Knows what the aliases point to without asking on a search's way: it is asked anew in the background, and at once when an
 * answer came from another index than was thought.
 */
final class LiveGenerations {
    private static final Duration ASK_AGAIN = Duration.ofSeconds(2);
    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final System.Logger LOG = System.getLogger(LiveGenerations.class.getName());

    private record Known(LiveGeneration live, long at) {}

    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private final Map<String, Boolean> asking = new ConcurrentHashMap<>();

    /** What the alias pointed to lately; asks if it isn't known. */
    LiveGeneration of(ElasticsearchConnection elasticsearch, String alias) {
        var last = known.get(alias);
        if (last == null) {
            return refresh(elasticsearch, alias);
        }
        if (System.nanoTime() - last.at() > ASK_AGAIN.toNanos() && asking.putIfAbsent(alias, true) == null) {
            Thread.ofVirtual().start(() -> refreshInBackground(elasticsearch, alias));
        }
        return last.live();
    }

    /** What the alias points to now; throws {@link SearchException} if it points to nothing. */
    LiveGeneration refresh(ElasticsearchConnection elasticsearch, String alias) {
        var answer = elasticsearch.send("GET", "/" + alias + "/_mapping?filter_path=*.mappings._meta", null, DEADLINE);
        if (answer.status() == 404) {
            known.remove(alias);
            throw new SearchException(
                    SearchException.Kind.UNAVAILABLE,
                    "the corpus has no generation that can be searched yet: try again later");
        }
        var index = answer.json().fieldNames().next();
        var meta = answer.json().path(index).path("mappings").path("_meta").path(GenerationMapping.META);
        var live = live(elasticsearch, alias, index, meta);
        known.put(alias, new Known(live, System.nanoTime()));
        return live;
    }

    private void refreshInBackground(ElasticsearchConnection elasticsearch, String alias) {
        try {
            refresh(elasticsearch, alias);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "generation not refreshed alias={0}: {1}", alias, e.getMessage());
        } finally {
            asking.remove(alias);
        }
    }

    private static LiveGeneration live(
            ElasticsearchConnection elasticsearch, String alias, String index, JsonNode meta) {
        var number = meta.path("generation").asInt();
        var state =
                elasticsearch.send("GET", "/" + alias + "-ledger/_doc/" + GenerationState.id(number), null, DEADLINE);
        var freshAsOf = state.json().path("_source").path("freshAsOf");
        return new LiveGeneration(
                index, number, model(meta), freshAsOf.isTextual() ? Instant.parse(freshAsOf.asText()) : null);
    }

    private static String model(JsonNode meta) {
        @Nullable EmbeddingModelManifest model;
        try {
            model = ManifestJson.mapper()
                    .treeToValue(meta, GenerationManifest.class)
                    .model();
        } catch (JsonProcessingException e) {
            return "unreadable";
        }
        return model.digest();
    }
}
