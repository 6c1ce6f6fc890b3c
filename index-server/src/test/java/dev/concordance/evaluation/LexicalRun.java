package dev.concordance.evaluation;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Ranks the documents of a BEIR folder by BM25 of title and text: a deterministic ranking without any server. */
final class LexicalRun {
    private static final double K1 = 1.2;
    private static final double B = 0.75;

    private final Map<String, Map<String, Integer>> postings = new HashMap<>();
    private final Map<String, Integer> lengths = new HashMap<>();
    private double meanLength;

    static LexicalRun over(Path folder) throws IOException {
        var run = new LexicalRun();
        var json = new JsonMapper();
        try (var lines = Files.lines(folder.resolve("corpus.jsonl"))) {
            for (var line : (Iterable<String>) lines::iterator) {
                var document = json.readTree(line);
                run.add(
                        document.path("_id").asText(),
                        document.path("title").asText() + " "
                                + document.path("text").asText());
            }
        }
        run.meanLength = run.lengths.values().stream()
                .mapToInt(length -> length)
                .average()
                .orElse(1);
        return run;
    }

    /** The best hundred. */
    List<String> rank(String query) {
        var scores = new TreeMap<String, Double>();
        for (var word : new HashSet<>(words(query))) {
            var documents = postings.getOrDefault(word, Map.of());
            var rarity = Math.log(1 + (lengths.size() - documents.size() + 0.5) / (documents.size() + 0.5));
            documents.forEach((id, count) -> scores.merge(
                    id,
                    rarity * count * (K1 + 1) / (count + K1 * (1 - B + B * lengths.getOrDefault(id, 0) / meanLength)),
                    Double::sum));
        }
        return scores.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue(Comparator.reverseOrder()))
                .limit(100)
                .map(Map.Entry::getKey)
                .toList();
    }

    private void add(String id, String text) {
        var words = words(text);
        lengths.put(id, words.size());
        words.forEach(word ->
                postings.computeIfAbsent(word, unseen -> new HashMap<>()).merge(id, 1, Integer::sum));
    }

    private static List<String> words(String text) {
        return List.of(text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+", -1));
    }
}
