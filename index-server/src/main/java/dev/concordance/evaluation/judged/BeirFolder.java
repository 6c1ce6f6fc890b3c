package dev.concordance.evaluation.judged;

import dev.concordance.evaluation.judged.JudgedSet.Limits;
import dev.concordance.evaluation.measure.Judgments;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a folder in BEIR's layout: the queries without judgments are left out. */
record BeirFolder(Limits limits) {
    private static final int LONGEST_ID = 512;

    List<JudgedQuery> read(Path folder, String judgments) throws IOException {
        var texts = texts(folder.resolve("queries.jsonl"));
        var grades = grades(folder.resolve("qrels").resolve(judgments + ".tsv"), texts);
        return texts.entrySet().stream()
                .filter(query -> grades.containsKey(query.getKey()))
                .map(query -> new JudgedQuery(
                        query.getKey(),
                        query.getValue(),
                        new Judgments(grades.getOrDefault(query.getKey(), Map.of())),
                        List.of(),
                        judgments.equals("train") ? "train" : "test",
                        false))
                .toList();
    }

    private Map<String, String> texts(Path file) throws IOException {
        var texts = new LinkedHashMap<String, String>();
        try (var lines = new Lines(file)) {
            for (var line = lines.next(); line != null; line = lines.next()) {
                var query = JsonlFile.parse(lines, line);
                var id = JsonlFile.text(lines, query, "_id", LONGEST_ID);
                if (texts.put(id, JsonlFile.text(lines, query, "text", JsonlFile.LONGEST_QUERY)) != null) {
                    throw lines.wrong(
                            "has the _id %s, which an earlier line has: give each query its own".formatted(id));
                }
                new JsonlFile(limits).bound(lines, texts.size());
            }
        }
        return texts;
    }

    private Map<String, Map<String, Integer>> grades(Path file, Map<String, String> texts) throws IOException {
        var grades = new HashMap<String, Map<String, Integer>>();
        try (var lines = new Lines(file)) {
            for (var line = lines.next(); line != null; line = lines.next()) {
                var columns = line.split("\t", -1);
                if (lines.number() == 1 && columns[0].equals("query-id")) {
                    continue;
                }
                var grade = grade(lines, line, columns);
                if (!texts.containsKey(columns[0])) {
                    throw lines.wrong("judges the query %s, which queries.jsonl doesn't have: are they of one set?"
                            .formatted(columns[0]));
                }
                var ofQuery = grades.computeIfAbsent(columns[0], query -> new HashMap<>());
                if (ofQuery.put(columns[1], grade) != null) {
                    throw lines.wrong(
                            "judges %s for the query %s again: keep one judgment".formatted(columns[1], columns[0]));
                }
                if (ofQuery.size() > limits.judgmentsOfQuery()) {
                    throw lines.wrong("is one judgment more than the %,d of a query that are read"
                            .formatted(limits.judgmentsOfQuery()));
                }
            }
        }
        return grades;
    }

    private static int grade(Lines lines, String line, String[] columns) {
        if (columns.length == 3) {
            try {
                return JsonlFile.graded(lines, columns[1], Integer.parseInt(columns[2].strip()));
            } catch (NumberFormatException e) {
                // Said below, as for too few columns.
            }
        }
        throw lines.wrong("is not query-id, corpus-id and score with tabs between them: "
                + line.substring(0, Math.min(80, line.length())));
    }
}
