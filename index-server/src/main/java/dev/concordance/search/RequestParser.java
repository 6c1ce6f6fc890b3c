package dev.concordance.search;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.concordance.manifest.PushPosition;
import dev.concordance.manifest.RoutingTable;
import dev.concordance.manifest.RoutingTable.Fusion;
import dev.concordance.manifest.RoutingTable.Mode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a search request strictly: a field that isn't known, or has no effect, is an error that names it. */
public final class RequestParser {
    private static final String WAIT_FOR = "waitFor";
    private static final String WAIT_SECONDS = "waitSeconds";
    private static final int DEFAULT_WAIT_SECONDS = 10;
    private static final int MOST_WAIT_SECONDS = 60;
    private static final int MOST_SOURCES = 32;
    private static final int DEFAULT_K = 10;
    private static final int LONGEST_QUERY = 4_096;
    private static final int MOST_DIMENSIONS = 8_192;
    private static final Set<String> FIELDS = Set.of(
            "query",
            "vector",
            "k",
            "mode",
            "fusion",
            "filter",
            "rerank",
            "groupBy",
            "highlight",
            "explain",
            WAIT_FOR,
            WAIT_SECONDS);
    private static final ObjectReader READER = JsonMapper.builder(com.fasterxml.jackson.core.JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(64).build())
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION, StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .reader();

    private RequestParser() {}

    /** The request of these bytes; throws {@link SearchException} of kind INVALID. */
    public static SearchRequest parse(byte[] body, RoutingTable.Route route, RoutingTable.Limits limits) {
        var json = json(body);
        json.fieldNames().forEachRemaining(name -> {
            if (!FIELDS.contains(name)) {
                throw SearchException.invalid(
                        name,
                        "there is no such field; there are "
                                + FIELDS.stream().sorted().toList());
            }
        });
        var query = query(json);
        var vector = vector(json);
        var mode = mode(json, route.retrieval().mode(), query, vector);
        requireAsked(mode, query, vector);
        checkUse(json, mode, query, vector);
        var filter = json.get("filter");
        return new SearchRequest(
                query,
                vector,
                k(json, limits.maxK()),
                mode,
                choice(json, "fusion", Fusion.class, route.retrieval().fusion()),
                filter == null || filter.isNull() ? null : new FilterParser(route.metadata()).parse(filter),
                flag(json, "rerank"),
                byDocument(json),
                flag(json, "highlight"),
                flag(json, "explain"),
                waitFor(json));
    }

    private static @Nullable WaitFor waitFor(JsonNode json) {
        var wanted = json.get(WAIT_FOR);
        if (wanted == null || wanted.isNull()) {
            if (json.hasNonNull(WAIT_SECONDS)) {
                throw SearchException.invalid(
                        WAIT_SECONDS, "there is nothing to wait for: give waitFor, or leave it out");
            }
            return null;
        }
        if (!wanted.isObject() || wanted.isEmpty() || wanted.size() > MOST_SOURCES) {
            throw SearchException.invalid(
                    WAIT_FOR, "expected an object with a position by the name of each source that was pushed to");
        }
        var positions = new HashMap<String, PushPosition>();
        wanted.properties()
                .forEach(source -> positions.put(
                        source.getKey(),
                        PushPosition.parse(source.getValue().textValue())
                                .orElseThrow(() -> SearchException.invalid(
                                        WAIT_FOR + "." + source.getKey(),
                                        "expected a position as the inlet has answered it"))));
        return new WaitFor(positions, Duration.ofSeconds(waitSeconds(json)));
    }

    private static int waitSeconds(JsonNode json) {
        var seconds = json.get(WAIT_SECONDS);
        if (seconds == null || seconds.isNull()) {
            return DEFAULT_WAIT_SECONDS;
        }
        if (!seconds.isIntegralNumber()
                || !seconds.canConvertToInt()
                || seconds.asInt() < 0
                || seconds.asInt() > MOST_WAIT_SECONDS) {
            throw SearchException.invalid(
                    WAIT_SECONDS, "expected a whole number of seconds from 0 to " + MOST_WAIT_SECONDS);
        }
        return seconds.asInt();
    }

    /** Where the request does not say: the corpus's mode, but that a vector alone can only be searched for by meaning. */
    private static Mode mode(JsonNode json, Mode usual, @Nullable String query, float @Nullable [] vector) {
        return choice(json, "mode", Mode.class, query == null && vector != null ? Mode.semantic : usual);
    }

    private static void requireAsked(Mode mode, @Nullable String query, float @Nullable [] vector) {
        if (query == null && (mode != Mode.semantic || vector == null)) {
            throw SearchException.invalid(
                    "query",
                    mode == Mode.semantic ? "give a query or a vector" : "the mode %s needs a query".formatted(mode));
        }
    }

    /** Nothing that is asked for is left out silently. */
    private static void checkUse(JsonNode json, Mode mode, @Nullable String query, float @Nullable [] vector) {
        if (vector != null && mode == Mode.lexical) {
            throw SearchException.invalid("vector", "the mode lexical uses none: leave it out");
        }
        if (json.hasNonNull("fusion") && mode != Mode.hybrid) {
            throw SearchException.invalid(
                    "fusion", "the mode %s has one ranking, and nothing to fuse: leave it out".formatted(mode));
        }
        if (query == null && flag(json, "highlight")) {
            throw SearchException.invalid("highlight", "needs a query, whose words are marked: leave it out");
        }
    }

    private static JsonNode json(byte[] body) {
        try {
            var json = READER.readTree(body);
            if (json == null || !json.isObject()) {
                throw SearchException.invalid("body", "expected a JSON object");
            }
            return json;
        } catch (JsonProcessingException e) {
            var where = e.getLocation();
            throw SearchException.invalid(
                    "body",
                    "is not valid JSON (line %d, column %d)"
                            .formatted(where == null ? 1 : where.getLineNr(), where == null ? 1 : where.getColumnNr()));
        } catch (IOException e) {
            throw SearchException.invalid("body", "could not be read");
        }
    }

    private static @Nullable String query(JsonNode json) {
        var query = json.get("query");
        if (query == null || query.isNull()) {
            return null;
        }
        if (!query.isTextual() || query.asText().isBlank()) {
            throw SearchException.invalid("query", "expected a text that is not empty");
        }
        if (query.asText().length() > LONGEST_QUERY) {
            throw SearchException.invalid(
                    "query",
                    "has %d characters, more than %d".formatted(query.asText().length(), LONGEST_QUERY));
        }
        return wellFormed("query", query.asText());
    }

    /** Half of a surrogate pair is valid JSON, is no text, and has no UTF-8. */
    static String wellFormed(String field, String text) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw SearchException.invalid(field, "is not valid Unicode: it has half of a surrogate pair");
        }
        return text;
    }

    private static float @Nullable [] vector(JsonNode json) {
        var values = json.get("vector");
        if (values == null || values.isNull()) {
            return null;
        }
        if (!values.isArray() || values.isEmpty() || values.size() > MOST_DIMENSIONS) {
            throw SearchException.invalid("vector", "expected a list of numbers, as many as the model has dimensions");
        }
        var vector = new float[values.size()];
        for (var i = 0; i < vector.length; i++) {
            vector[i] = values.get(i).floatValue();
            if (!values.get(i).isNumber() || !Float.isFinite(vector[i])) {
                throw SearchException.invalid("vector[" + i + "]", "expected a finite number");
            }
        }
        return ofLengthOne(vector);
    }

    private static float[] ofLengthOne(float[] vector) {
        var squares = 0.0;
        for (var value : vector) {
            squares += (double) value * value;
        }
        if (squares == 0) {
            throw SearchException.invalid("vector", "has the length 0, so that it is near to nothing");
        }
        var scale = 1 / Math.sqrt(squares);
        var scaled = new float[vector.length];
        for (var i = 0; i < vector.length; i++) {
            scaled[i] = (float) (vector[i] * scale);
        }
        return scaled;
    }

    private static int k(JsonNode json, int most) {
        var k = json.get("k");
        if (k == null || k.isNull()) {
            return Math.min(DEFAULT_K, most);
        }
        if (!k.isIntegralNumber() || !k.canConvertToInt() || k.asInt() < 1 || k.asInt() > most) {
            throw SearchException.invalid("k", "expected a whole number from 1 to " + most);
        }
        return k.asInt();
    }

    private static boolean byDocument(JsonNode json) {
        var groupBy = json.get("groupBy");
        if (groupBy == null || groupBy.isNull()) {
            return false;
        }
        if (!groupBy.asText().equals("document")) {
            throw SearchException.invalid("groupBy", "expected \"document\"");
        }
        return true;
    }

    private static boolean flag(JsonNode json, String name) {
        var value = json.get(name);
        if (value == null || value.isNull()) {
            return false;
        }
        if (!value.isBoolean()) {
            throw SearchException.invalid(name, "expected true or false");
        }
        return value.booleanValue();
    }

    private static <E extends Enum<E>> E choice(JsonNode json, String name, Class<E> type, E otherwise) {
        var value = json.get(name);
        if (value == null || value.isNull()) {
            return otherwise;
        }
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> constant.name().equals(value.asText()))
                .findFirst()
                .orElseThrow(() ->
                        SearchException.invalid(name, "expected one of " + Arrays.toString(type.getEnumConstants())));
    }
}
