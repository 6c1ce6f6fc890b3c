package dev.concordance.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.Privacy;
import dev.concordance.manifest.Privacy.Action;
import dev.concordance.manifest.Privacy.Kind;
import dev.concordance.parse.ParsedDocument;
import dev.concordance.parse.Parser;
import dev.concordance.parse.UnreadableDocument;
import dev.concordance.testing.RealCorpora;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How often detectors are wrong on real texts: on our own documentation, and on the corpora of the folder that the property
 * {@code concordance.data} names. What they are right in was judged by reading each finding once. See docs/privacy.md.
 */
class PrivacyPrecisionTest {
    private static final List<String> REGIONS = List.of("CH", "DE", "ES", "FR", "GB", "IT", "NL", "US");
    private static final double MOST_FALSE_PER_MEGABYTE = 1;
    private static final double MEGABYTE = 1e6;

    /** In the Markdown of the pages; a reader sees none of them. */
    private static final int COMMENTS = 152;

    /** How many findings are what they are taken for; no others are. */
    private static final Map<String, Map<Kind, Integer>> TRUE = Map.of(
            "our documentation", Map.of(Kind.HiddenText, 1),
            "scifact", Map.of(Kind.Email, 11, Kind.Phone, 2),
            "knative docs", Map.of(Kind.Email, 27, Kind.Secret, 2, Kind.HiddenText, COMMENTS));

    @Test
    void isSeldomWrong(@TempDir Path folder) throws Exception {
        var corpora = corpora(folder);
        assertThat(corpora).hasSizeGreaterThan(RealCorpora.areGiven() ? 4 : 0);
        for (var kind : Kind.values()) {
            for (var corpus : corpora.entrySet()) {
                measure(corpus.getKey(), corpus.getValue(), kind);
            }
        }
    }

    private static void measure(String corpus, List<String> texts, Kind kind) throws UnreadableDocument {
        var screening =
                new Screening(new Privacy(Map.of(kind, Action.Quarantine), kind == Kind.Phone ? REGIONS : List.of()));
        var name = corpus.equals("knative docs") || corpus.equals("our documentation") ? "a.md" : "a.txt";
        var documents = new ArrayList<ParsedDocument>();
        for (var text : texts) {
            documents.add(Parser.parse(name, text.getBytes(StandardCharsets.UTF_8)));
        }
        var threads = ManagementFactory.getThreadMXBean();
        var begun = threads.getCurrentThreadCpuTime();
        var found = documents.stream()
                .mapToLong(document ->
                        screening.screen(document, null, Set.of()).findings().getOrDefault(kind, 0L))
                .sum();
        var seconds = (threads.getCurrentThreadCpuTime() - begun) / 1e9;
        var megabytes = texts.stream()
                        .mapToLong(text -> text.getBytes(StandardCharsets.UTF_8).length)
                        .sum()
                / MEGABYTE;
        var expected = TRUE.getOrDefault(corpus, Map.of()).getOrDefault(kind, 0);
        var wrong = found - expected;
        System.out.printf(
                "%-20s %-20s %6.2f MB  found %4d  true %4d  false per MB %.2f  MB per CPU-second %.0f%n",
                corpus, kind, megabytes, found, expected, wrong / megabytes, megabytes / seconds);
        assertThat(wrong / megabytes).as("%s in %s", kind, corpus).isBetween(0.0, MOST_FALSE_PER_MEGABYTE);
    }

    private static Map<String, List<String>> corpora(Path folder) throws Exception {
        var corpora = new LinkedHashMap<String, List<String>>();
        corpora.put("our documentation", files(Path.of(System.getProperty("concordance.root"), "docs")));
        for (var name : List.of("scifact", "cranfield", "squad2-dev-a")) {
            for (var given : RealCorpora.folder(name)) {
                corpora.put(name, lines(given.resolve("corpus.jsonl")));
            }
        }
        for (var given : RealCorpora.folder("chunking_evaluation")) {
            corpora.put("chunking_evaluation", files(given.resolve("corpora")));
        }
        var pages = RealCorpora.pages(folder);
        if (!pages.isEmpty()) {
            corpora.put("knative docs", pages);
        }
        return corpora;
    }

    private static List<String> files(Path folder) throws IOException {
        var texts = new ArrayList<String>();
        try (var files = Files.list(folder)) {
            for (var file : files.sorted().toList()) {
                texts.add(Files.readString(file));
            }
        }
        return texts;
    }

    private static List<String> lines(Path file) throws IOException {
        var texts = new ArrayList<String>();
        try (var lines = Files.lines(file)) {
            for (var line : lines.toList()) {
                var json = ManifestJson.mapper().readTree(line);
                texts.add(
                        json.path("title").asText() + "\n\n" + json.path("text").asText());
            }
        }
        return texts;
    }
}
