package dev.concordance.parse;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes a plain tree of what a document says of itself: strings as keys, no cycles, no more values than can be meant. */
final class Metadata {
    private static final int DEEPEST = 20;
    private static final int MOST_VALUES = 5_000;

    private int values;

    private Metadata() {}

    /** The tree; nothing if it is too large or too deep. */
    static Optional<Map<String, Object>> tree(Map<?, ?> map) {
        try {
            return Optional.of(new Metadata().map(map, 0));
        } catch (IllegalArgumentException tooMuch) {
            return Optional.empty();
        }
    }

    private Map<String, Object> map(Map<?, ?> map, int depth) {
        var result = new LinkedHashMap<String, Object>();
        map.forEach((key, value) -> {
            if (key != null && value != null) {
                result.put(Words.wellFormed(key.toString()), value(value, depth + 1));
            }
        });
        return result;
    }

    private Object value(Object value, int depth) {
        if (depth > DEEPEST || ++values > MOST_VALUES) {
            throw new IllegalArgumentException("too deep or too many");
        }
        return switch (value) {
            case Map<?, ?> inner -> map(inner, depth);
            case Iterable<?> list -> list(list, depth);
            case Double number when !Double.isFinite(number) -> number.toString();
            case Number number -> number;
            case Boolean flag -> flag;
            default -> Words.wellFormed(value.toString());
        };
    }

    private List<Object> list(Iterable<?> list, int depth) {
        var result = new ArrayList<Object>();
        for (var element : list) {
            if (element != null) {
                result.add(value(element, depth + 1));
            }
        }
        return result;
    }
}
