package dev.concordance.search;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.concordance.manifest.ManifestJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What has become of one search in Elasticsearch.
 *
 * @param hits best first
 * @param error null: there was none
 */
record Outcome<H>(List<H> hits, @Nullable String error, int status, int failedShards, boolean timedOut) {
    /** Reads a hit from its start to its end. */
    interface HitReader<H> {
        H read(JsonParser json) throws IOException;
    }

    /** The outcome that the answer of a search tells. */
    static <H> Outcome<H> of(byte[] answer, HitReader<H> reader) {
        try (var json = ManifestJson.mapper().createParser(answer)) {
            json.nextToken();
            return outcome(json, reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The outcomes that the answer of a multi-search tells. */
    static <H> List<Outcome<H>> ofEach(byte[] answer, HitReader<H> reader) {
        try (var json = ManifestJson.mapper().createParser(answer)) {
            var outcomes = new ArrayList<Outcome<H>>();
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                var name = json.currentName();
                json.nextToken();
                if (name.equals("responses")) {
                    while (json.nextToken() == JsonToken.START_OBJECT) {
                        outcomes.add(outcome(json, reader));
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

    private static <H> Outcome<H> outcome(JsonParser json, HitReader<H> reader) throws IOException {
        var hits = new ArrayList<H>();
        String error = null;
        var status = 200;
        var failed = 0;
        var timedOut = false;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            var name = json.currentName();
            json.nextToken();
            switch (name) {
                case "timed_out" -> timedOut = json.getBooleanValue();
                case "hits" -> hits(json, reader, hits);
                case "error" -> error = reason(json);
                case "status" -> status = json.getIntValue();
                case "_shards" -> failed = failed(json);
                default -> json.skipChildren();
            }
        }
        return new Outcome<>(hits, error, status, failed, timedOut);
    }

    private static <H> void hits(JsonParser json, HitReader<H> reader, List<H> hits) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            var name = json.currentName();
            json.nextToken();
            if (name.equals("hits")) {
                while (json.nextToken() == JsonToken.START_OBJECT) {
                    hits.add(reader.read(json));
                }
            } else {
                json.skipChildren();
            }
        }
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
