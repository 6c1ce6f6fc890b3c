package dev.concordance.evaluation.judged;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.concordance.evaluation.judged.JudgedSet.Limits;
import dev.concordance.evaluation.measure.Excerpt;
import dev.concordance.evaluation.measure.Judgments;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads judged queries, one a line. */
record JsonlFile(Limits limits) {
    /** The search API takes no longer ones. */
    static final int LONGEST_QUERY = 4096;

    private static final int LONGEST_ID = 512;
    private static final Set<String> FIELDS =
            Set.of("id", "query", "relevant", "spans", "split", "synthetic", "metadata");
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    List<JudgedQuery> read(Path file) throws IOException {
        var queries = new LinkedHashMap<String, JudgedQuery>();
        try (var lines = new Lines(file)) {
            for (var line = lines.next(); line != null; line = lines.next()) {
                var query = query(lines, parse(lines, line));
                if (queries.put(query.id(), query) != null) {
                    throw lines.wrong(
                            "has the id %s, which an earlier line has: give each query its own".formatted(query.id()));
                }
                bound(lines, queries.size());
            }
        }
        return List.copyOf(queries.values());
    }

    void bound(Lines lines, int queries) {
        if (queries > limits.queries()) {
            throw lines.wrong(
                    "is one query more than the %,d that are read: draw a sample".formatted(limits.queries()));
        }
    }

    static JsonNode parse(Lines lines, String line) {
        try {
            var read = JSON.readTree(line);
            if (read.isObject()) {
                return read;
            }
        } catch (JsonProcessingException e) {
            if (e.getOriginalMessage().startsWith("Duplicate field")) {
                throw lines.wrong("has a field or a judged document twice: " + e.getOriginalMessage());
            }
        }
        throw lines.wrong("is not a JSON object");
    }

    /** The text of a field that has to be there. */
    static String text(Lines lines, JsonNode object, String field, int longest) {
        var text = object.path(field).isTextual() ? object.path(field).asText() : "";
        if (text.isBlank() || text.length() > longest) {
            throw lines.wrong("has no text of at most %,d characters as \"%s\"".formatted(longest, field));
        }
        return text;
    }

    private JudgedQuery query(Lines lines, JsonNode line) {
        line.fieldNames().forEachRemaining(field -> {
            if (!FIELDS.contains(field)) {
                throw lines.wrong("has the field \"%s\", which means nothing: %s do"
                        .formatted(field, FIELDS.stream().sorted().toList()));
            }
        });
        var grades = grades(lines, line.path("relevant"));
        var excerpts = excerpts(lines, line.path("spans"));
        excerpts.forEach(excerpt -> grades.putIfAbsent(excerpt.documentId(), 1));
        if (Math.max(grades.size(), excerpts.size()) > limits.judgmentsOfQuery()) {
            throw lines.wrong("has more than %,d judgments".formatted(limits.judgmentsOfQuery()));
        }
        return new JudgedQuery(
                text(lines, line, "id", LONGEST_ID),
                text(lines, line, "query", LONGEST_QUERY),
                new Judgments(grades),
                excerpts,
                split(lines, line.path("split").asText("test")),
                line.path("synthetic").asBoolean());
    }

    private static String split(Lines lines, String split) {
        if (!split.equals("train") && !split.equals("test")) {
            throw lines.wrong("is of the split \"%s\": there are train and test".formatted(split));
        }
        return split;
    }

    private static Map<String, Integer> grades(Lines lines, JsonNode relevant) {
        if (!relevant.isObject() && !relevant.isMissingNode()) {
            throw lines.wrong("has \"relevant\" that is not an object of grades by document id");
        }
        var grades = new HashMap<String, Integer>();
        relevant.properties().forEach(grade -> {
            if (!grade.getValue().canConvertToExactIntegral()
                    || !grade.getValue().canConvertToInt()) {
                throw lines.wrong(
                        "grades %s with %s, which is no whole number".formatted(grade.getKey(), grade.getValue()));
            }
            grades.put(
                    grade.getKey(),
                    graded(lines, grade.getKey(), grade.getValue().asInt()));
        });
        return grades;
    }

    /** The grade, if it is one. */
    static int graded(Lines lines, String document, int grade) {
        if (grade < 0) {
            throw lines.wrong(
                    "grades %s with %d: 0 is judged and not relevant, more is relevant; leave out what nobody judged"
                            .formatted(document, grade));
        }
        return grade;
    }

    private static List<Excerpt> excerpts(Lines lines, JsonNode spans) {
        if (!spans.isArray() && !spans.isMissingNode()) {
            throw lines.wrong("has \"spans\" that are not a list");
        }
        var excerpts = new ArrayList<Excerpt>();
        for (var span : spans) {
            try {
                excerpts.add(new Excerpt(
                        text(lines, span, "documentId", LONGEST_ID),
                        span.path("start").asInt(-1),
                        span.path("end").asInt(-1)));
            } catch (IllegalArgumentException e) {
                throw lines.wrong("has \"spans\" with one that is no documentId, start and a larger end");
            }
        }
        return excerpts;
    }
}
