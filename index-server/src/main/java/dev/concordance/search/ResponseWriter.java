package dev.concordance.search;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concordance.manifest.ChunkFields;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.search.Ranking.Place;
import dev.concordance.search.Ranking.Ranked;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the answer of the hits that are shown. */
final class ResponseWriter {
    private static final String[] COPIED = {
        ChunkFields.DOCUMENT_ID, ChunkFields.SOURCE, ChunkFields.URI, ChunkFields.TITLE
    };

    private final SearchRequest request;

    ResponseWriter(SearchRequest request) {
        this.request = request;
    }

    /** A hit that is shown. */
    record Shown(Ranked ranked, Passage passage) {}

    ObjectNode write(List<Shown> shown, LiveGeneration live, List<Degradation> degraded) {
        var json = ManifestJson.mapper().createObjectNode();
        var hits = json.putArray("hits");
        for (var i = 0; i < shown.size(); i++) {
            hits.add(hit(i + 1, shown.get(i).ranked(), shown.get(i).passage()));
        }
        json.put("generation", live.number());
        if (live.freshAsOf() != null) {
            json.put("freshAsOf", live.freshAsOf().toString());
        }
        var reasons = json.putArray("degraded");
        degraded.forEach(reason -> reasons.add(reason.code()));
        return json;
    }

    private ObjectNode hit(int rank, Ranked ranked, Passage passage) {
        var source = passage.fields();
        var json = ManifestJson.mapper().createObjectNode();
        json.put("rank", rank).put("score", ranked.score()).put("chunkId", passage.id());
        for (var field : COPIED) {
            if (source.has(field)) {
                json.set(field, source.get(field));
            }
        }
        json.set("headings", source.has(ChunkFields.HEADINGS) ? source.get(ChunkFields.HEADINGS) : json.arrayNode());
        var isShown = !source.has(ChunkFields.PARENT);
        var shown = isShown ? source : source.path(ChunkFields.PARENT);
        span(json.putObject("span"), shown);
        if (!isShown) {
            span(json.putObject("match"), source);
        }
        if (source.has(ChunkFields.FIRST_PAGE)) {
            json.putObject("pages")
                    .put("first", source.path(ChunkFields.FIRST_PAGE).asInt())
                    .put("last", source.path(ChunkFields.LAST_PAGE).asInt());
        }
        json.set("text", shown.path(ChunkFields.TEXT));
        json.set("signals", source.has(ChunkFields.SIGNALS) ? source.get(ChunkFields.SIGNALS) : json.arrayNode());
        if (request.highlight()) {
            var highlights = json.putArray("highlights");
            passage.highlights().forEach(highlights::add);
        }
        json.set("metadata", source.has(ChunkFields.METADATA) ? source.get(ChunkFields.METADATA) : json.objectNode());
        var legs = json.putObject("legs");
        leg(legs, "lexical", ranked.lexical());
        leg(legs, "semantic", ranked.semantic());
        return json;
    }

    private static void span(ObjectNode span, JsonNode passage) {
        span.put("start", passage.path(ChunkFields.START).asInt())
                .put("end", passage.path(ChunkFields.END).asInt());
    }

    private void leg(ObjectNode legs, String name, @Nullable Place place) {
        if (place != null) {
            var leg = legs.putObject(name).put("rank", place.rank()).put("score", place.score());
            if (request.explain()) {
                leg.put("contribution", place.share());
            }
        }
    }
}
