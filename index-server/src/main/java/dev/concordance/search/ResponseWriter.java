package dev.concordance.search;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concordance.manifest.ChunkFields;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.search.Leg.Slice;
import dev.concordance.search.Ranking.Place;
import dev.concordance.search.Ranking.Ranked;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the answer of the hits that are shown. */
final class ResponseWriter {
    private static final String[] COPIED = {
        ChunkFields.DOCUMENT_ID, ChunkFields.SOURCE, ChunkFields.URI, ChunkFields.TITLE
    };

    private final byte[] answer;
    private final SearchRequest request;

    ResponseWriter(byte[] answer, SearchRequest request) {
        this.answer = answer;
        this.request = request;
    }

    ObjectNode write(List<Ranked> ranking, LiveGeneration live, List<Degradation> degraded) {
        var json = ManifestJson.mapper().createObjectNode();
        var hits = json.putArray("hits");
        for (var i = 0; i < ranking.size(); i++) {
            hits.add(hit(i + 1, ranking.get(i)));
        }
        json.put("generation", live.number());
        if (live.freshAsOf() != null) {
            json.put("freshAsOf", live.freshAsOf().toString());
        }
        var reasons = json.putArray("degraded");
        degraded.forEach(reason -> reasons.add(reason.code()));
        return json;
    }

    private ObjectNode hit(int rank, Ranked ranked) {
        var source = parse(ranked.hit().source());
        var json = ManifestJson.mapper().createObjectNode();
        json.put("rank", rank)
                .put("score", ranked.score())
                .put("chunkId", ranked.hit().id());
        for (var field : COPIED) {
            if (source.has(field)) {
                json.set(field, source.get(field));
            }
        }
        json.set("headings", source.has(ChunkFields.HEADINGS) ? source.get(ChunkFields.HEADINGS) : json.arrayNode());
        json.putObject("span")
                .put("start", source.path(ChunkFields.START).asInt())
                .put("end", source.path(ChunkFields.END).asInt());
        json.set("text", source.path(ChunkFields.TEXT));
        if (request.highlight()) {
            var highlights = json.putArray("highlights");
            if (ranked.hit().highlight() != null) {
                parse(ranked.hit().highlight()).path(ChunkFields.TEXT).forEach(highlights::add);
            }
        }
        json.set("metadata", source.has(ChunkFields.METADATA) ? source.get(ChunkFields.METADATA) : json.objectNode());
        var legs = json.putObject("legs");
        leg(legs, "lexical", ranked.lexical());
        leg(legs, "semantic", ranked.semantic());
        return json;
    }

    private void leg(ObjectNode legs, String name, @Nullable Place place) {
        if (place != null) {
            var leg = legs.putObject(name).put("rank", place.rank()).put("score", place.score());
            if (request.explain()) {
                leg.put("contribution", place.share());
            }
        }
    }

    private JsonNode parse(Slice slice) {
        try {
            return ManifestJson.mapper().readTree(answer, slice.from(), slice.to() - slice.from());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
