package dev.concordance.search;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.concordance.search.Leg.Hit;
import dev.concordance.search.Leg.Slice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the answer of a multi-search in one pass; the chunks themselves are skipped and remembered by their place. */
final class LegReader {
    private static final JsonFactory JSON = new JsonFactory();

    /** One search's outcome: its hits, or an error. */
    record Outcome(Leg leg, @Nullable String error, int status, int failedShards, boolean timedOut) {}

    private LegReader() {}

    static List<Outcome> read(byte[] answer) {
        try (var json = JSON.createParser(answer)) {
            var outcomes = new ArrayList<Outcome>();
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                var name = json.currentName();
                json.nextToken();
                if (name.equals("responses")) {
                    while (json.nextToken() == JsonToken.START_OBJECT) {
                        outcomes.add(outcome(json));
                    }
                } else {
                    json.skipChildren();
                }
            }
            return outcomes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Outcome outcome(JsonParser json) throws IOException {
        var hits = new ArrayList<Hit>();
        String error = null;
        var status = 200;
        var failed = 0;
        var timedOut = false;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            var name = json.currentName();
            json.nextToken();
            switch (name) {
                case "timed_out" -> timedOut = json.getBooleanValue();
                case "hits" -> hits(json, hits);
                case "error" -> error = reason(json);
                case "status" -> status = json.getIntValue();
                case "_shards" -> failed = failed(json);
                default -> json.skipChildren();
            }
        }
        return new Outcome(new Leg(hits), error, status, failed, timedOut);
    }

    private static void hits(JsonParser json, List<Hit> hits) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            var name = json.currentName();
            json.nextToken();
            if (name.equals("hits")) {
                while (json.nextToken() == JsonToken.START_OBJECT) {
                    hits.add(hit(json));
                }
            } else {
                json.skipChildren();
            }
        }
    }

    private static Hit hit(JsonParser json) throws IOException {
        var index = "";
        var id = "";
        var score = 0.0;
        var source = new Slice(0, 0);
        Slice highlight = null;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            var name = json.currentName();
            json.nextToken();
            switch (name) {
                case "_index" -> index = json.getText();
                case "_id" -> id = json.getText();
                case "_score" -> score = json.getDoubleValue();
                case "_source" -> source = skip(json);
                case "highlight" -> highlight = skip(json);
                default -> json.skipChildren();
            }
        }
        var first = id.indexOf('.');
        var second = id.indexOf('.', first + 1);
        return new Hit(
                index,
                id,
                id.substring(0, first),
                Long.parseLong(id.substring(first + 1, second)),
                score,
                source,
                highlight);
    }

    private static Slice skip(JsonParser json) throws IOException {
        var from = (int) json.currentTokenLocation().getByteOffset();
        json.skipChildren();
        return new Slice(from, (int) json.currentLocation().getByteOffset());
    }

    private static int failed(JsonParser json) throws IOException {
        var failed = 0;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            var name = json.currentName();
            json.nextToken();
            if (name.equals("failed")) {
                failed = json.getIntValue();
            } else {
                json.skipChildren();
            }
        }
        return failed;
    }

    private static String reason(JsonParser json) throws IOException {
        var reason = "no reason given";
        for (var depth = 1; depth > 0; ) {
            var token = json.nextToken();
            depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            if (token == JsonToken.VALUE_STRING && "reason".equals(json.currentName())) {
                reason = json.getText();
            }
        }
        return reason;
    }
}
