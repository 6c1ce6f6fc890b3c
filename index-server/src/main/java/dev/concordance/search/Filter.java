package dev.concordance.search;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concordance.manifest.ChunkFields;
import java.util.List;
import java.util.Map;

/** A condition on the metadata of documents, or on the signals of passages. */
public sealed interface Filter {
    /** All of them hold. */
    record And(List<Filter> all) implements Filter {}

    /** At least one of them holds. */
    record Or(List<Filter> any) implements Filter {}

    /** It doesn't hold. */
    record Not(Filter negated) implements Filter {}

    /** The field has one of the values. */
    record In(String field, List<JsonNode> values) implements Filter {}

    /** The field has a value between bounds, each under {@code gt}, {@code gte}, {@code lt} or {@code lte}. */
    record Range(String field, Map<String, JsonNode> bounds) implements Filter {}

    /** The passage is marked with one of the signals. */
    record Signalled(List<String> signals) implements Filter {}

    /** As a query of Elasticsearch. */
    default ObjectNode query() {
        var query = JsonNodeFactory.instance.objectNode();
        switch (this) {
            case And(var all) -> {
                var clauses = query.putObject("bool").putArray("filter");
                all.forEach(filter -> clauses.add(filter.query()));
            }
            case Or(var any) -> {
                var clauses =
                        query.putObject("bool").put("minimum_should_match", 1).putArray("should");
                any.forEach(filter -> clauses.add(filter.query()));
            }
            case Not(var negated) ->
                query.putObject("bool").putArray("must_not").add(negated.query());
            case In(var field, var values) -> {
                var terms = query.putObject("terms").putArray(path(field));
                values.forEach(terms::add);
            }
            case Signalled(var signals) -> {
                var terms = query.putObject("terms").putArray(ChunkFields.SIGNALS);
                signals.forEach(terms::add);
            }
            case Range(var field, var bounds) -> {
                var range = query.putObject("range").putObject(path(field));
                bounds.forEach(range::set);
            }
        }
        return query;
    }

    private static String path(String field) {
        return ChunkFields.METADATA + "." + field;
    }
}
