package dev.concordance.evaluation;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The queries of a folder in BEIR's layout that have judgments: {@code queries.jsonl} and {@code qrels/NAME.tsv}. */
final class JudgedQueries {
    private JudgedQueries() {}

    /**
     * A query.
     *
     * @param grades of the documents that someone judged, by id; above 0 is relevant
     */
    record Judged(String id, String text, Map<String, Integer> grades) {
        Judged {
            grades = Map.copyOf(grades);
        }
    }

    /** In the order of the file; throws IllegalArgumentException that says what is wrong with the folder. */
    static List<Judged> read(Path folder, String judgments) {
        var grades = grades(folder.resolve("qrels").resolve(judgments + ".tsv"));
        var judged = new ArrayList<Judged>();
        texts(folder.resolve("queries.jsonl")).forEach((id, text) -> {
            var ofQuery = grades.getOrDefault(id, Map.of());
            if (ofQuery.values().stream().anyMatch(grade -> grade > 0)) {
                judged.add(new Judged(id, text, ofQuery));
            }
        });
        if (judged.isEmpty()) {
            throw new IllegalArgumentException(folder + " has no query with a relevant document in " + judgments);
        }
        return judged;
    }

    private static Map<String, String> texts(Path file) {
        var texts = new LinkedHashMap<String, String>();
        var mapper = new JsonMapper();
        for (var line : lines(file)) {
            try {
                var query = mapper.readTree(line);
                texts.put(query.required("_id").asText(), query.required("text").asText());
            } catch (IOException | IllegalArgumentException e) {
                throw new IllegalArgumentException(file + " has a line that is no query with _id and text: " + line);
            }
        }
        return texts;
    }

    private static Map<String, Map<String, Integer>> grades(Path file) {
        var grades = new HashMap<String, Map<String, Integer>>();
        for (var line : lines(file).stream().skip(1).toList()) {
            var columns = line.split("\t", -1);
            try {
                grades.computeIfAbsent(columns[0], query -> new HashMap<>())
                        .put(columns[1], Integer.parseInt(columns[2].strip()));
            } catch (IndexOutOfBoundsException | NumberFormatException e) {
                throw new IllegalArgumentException(
                        file + " has a line that is not query-id, corpus-id, score: " + line);
            }
        }
        return grades;
    }

    private static List<String> lines(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("there is no file " + file);
        }
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> !line.isBlank())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
