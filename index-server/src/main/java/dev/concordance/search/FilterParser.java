package dev.concordance.search;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.manifest.MetadataField;
import dev.concordance.manifest.Privacy.Kind;
import java.time.DateTimeException;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads a filter: one of {@code eq, ne, in, range, signal, and, or, not}, with values of the declared fields' types. */
final class FilterParser {
    private static final int DEEPEST = 8;
    private static final int MOST_CLAUSES = 64;
    private static final int MOST_VALUES = 1_000;
    private static final int DATE_LENGTH = "2026-05-04".length();
    private static final Set<String> BOUNDS = Set.of("gt", "gte", "lt", "lte");
    /** What passages can be marked with. */
    private static final List<String> SIGNALS = List.of(Kind.HiddenText.name(), Kind.InstructionInjection.name());

    /** What Elasticsearch's own date format takes too. */
    private static final Pattern DATE =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\d(T\\d\\d:\\d\\d(:\\d\\d(\\.\\d{1,9})?)?(Z|[+-]\\d\\d:\\d\\d)?)?");

    private final List<MetadataField> declared;
    private int clauses;

    FilterParser(List<MetadataField> declared) {
        this.declared = declared;
    }

    Filter parse(JsonNode json) {
        return parse(json, "filter", 1);
    }

    private Filter parse(JsonNode json, String at, int depth) {
        if (depth > DEEPEST || ++clauses > MOST_CLAUSES) {
            throw SearchException.invalid(
                    at, "a filter is at most %d deep and has at most %d conditions".formatted(DEEPEST, MOST_CLAUSES));
        }
        if (!json.isObject() || json.size() != 1) {
            throw SearchException.invalid(
                    at, "expected an object with exactly one of eq, ne, in, range, signal, and, or, not");
        }
        var operator = json.fieldNames().next();
        var operand = json.get(operator);
        var here = at + "." + operator;
        return switch (operator) {
            case "and" -> new Filter.And(all(operand, here, depth));
            case "or" -> new Filter.Or(all(operand, here, depth));
            case "not" -> new Filter.Not(parse(operand, here, depth + 1));
            case "eq" -> equal(operand, here);
            case "ne" -> new Filter.Not(equal(operand, here));
            case "in" -> in(operand, here);
            case "range" -> range(operand, here);
            case "signal" -> signal(operand, here);
            default ->
                throw SearchException.invalid(here, "is no condition: use eq, ne, in, range, signal, and, or, not");
        };
    }

    private List<Filter> all(JsonNode operands, String at, int depth) {
        if (!operands.isArray() || operands.isEmpty()) {
            throw SearchException.invalid(at, "expected a list of conditions");
        }
        var filters = new ArrayList<Filter>();
        for (var i = 0; i < operands.size(); i++) {
            filters.add(parse(operands.get(i), at + "[" + i + "]", depth + 1));
        }
        return filters;
    }

    private Filter equal(JsonNode operand, String at) {
        var field = field(operand, at);
        return new Filter.In(field.name(), List.of(value(field, operand.get(field.name()), at)));
    }

    private Filter in(JsonNode operand, String at) {
        var field = field(operand, at);
        var values = operand.get(field.name());
        if (!values.isArray() || values.isEmpty() || values.size() > MOST_VALUES) {
            throw SearchException.invalid(
                    at + "." + field.name(), "expected a list of 1 to %d values".formatted(MOST_VALUES));
        }
        var checked = new ArrayList<JsonNode>();
        values.forEach(value -> checked.add(value(field, value, at)));
        return new Filter.In(field.name(), checked);
    }

    private static Filter signal(JsonNode operand, String at) {
        var names = new ArrayList<String>();
        (operand.isArray() ? operand : List.of(operand)).forEach(name -> names.add(name.asText()));
        if (names.isEmpty() || !SIGNALS.containsAll(names)) {
            throw SearchException.invalid(at, "expected one of " + SIGNALS + ", or a list of them");
        }
        return new Filter.Signalled(names);
    }

    private Filter range(JsonNode operand, String at) {
        var field = field(operand, at);
        var here = at + "." + field.name();
        if (field.type() == MetadataField.Type.BOOLEAN) {
            throw SearchException.invalid(here, "a boolean has no range: use eq");
        }
        var bounds = new LinkedHashMap<String, JsonNode>();
        operand.get(field.name()).properties().forEach(bound -> {
            if (!BOUNDS.contains(bound.getKey())) {
                throw SearchException.invalid(here + "." + bound.getKey(), "expected gt, gte, lt or lte");
            }
            bounds.put(bound.getKey(), value(field, bound.getValue(), at));
        });
        if (bounds.isEmpty()) {
            throw SearchException.invalid(here, "expected an object with gt, gte, lt or lte");
        }
        return new Filter.Range(field.name(), bounds);
    }

    private MetadataField field(JsonNode operand, String at) {
        if (!operand.isObject() || operand.size() != 1) {
            throw SearchException.invalid(at, "expected an object with exactly one field");
        }
        var name = operand.fieldNames().next();
        return declared.stream()
                .filter(field -> field.name().equals(name))
                .findFirst()
                .orElseThrow(() -> SearchException.invalid(
                        at + "." + name,
                        "the corpus declares no metadata field of this name; it declares "
                                + declared.stream().map(MetadataField::name).toList()));
    }

    private static JsonNode value(MetadataField field, JsonNode value, String at) {
        var fits = switch (field.type()) {
            case KEYWORD -> value.isTextual();
            case LONG -> value.isIntegralNumber() && value.canConvertToLong();
            case DOUBLE -> value.isNumber() && Double.isFinite(value.doubleValue());
            case BOOLEAN -> value.isBoolean();
            case DATE ->
                value.isIntegralNumber() ? value.canConvertToLong() : value.isTextual() && isDate(value.asText());
        };
        var here = at + "." + field.name();
        if (!fits) {
            throw SearchException.invalid(here, "expected " + expected(field.type()));
        }
        if (value.isTextual()) {
            RequestParser.wellFormed(here, value.asText());
        }
        return value;
    }

    private static String expected(MetadataField.Type type) {
        return switch (type) {
            case KEYWORD -> "a keyword, which is a text";
            case LONG -> "a long, which is a whole number of 64 bits";
            case DOUBLE -> "a double, which is a number";
            case BOOLEAN -> "a boolean";
            case DATE -> "a date, as 2026-05-04, 2026-05-04T10:12:00Z or milliseconds since 1970";
        };
    }

    private static boolean isDate(String text) {
        if (!DATE.matcher(text).matches()) {
            return false;
        }
        try {
            return DateTimeFormatter.ISO_DATE.parse(text.substring(0, DATE_LENGTH)) != null
                    && (text.length() == DATE_LENGTH || DateTimeFormatter.ISO_DATE_TIME.parse(text) != null);
        } catch (DateTimeException e) {
            return false;
        }
    }
}
