package dev.concordance.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.manifest.Fingerprint;
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
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
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
    private static final int DIGEST = 16;

    /**
     * The findings that are what they are taken for: corpus, kind, and a digest of what was found, since some of it is of people. All
     * that was found was read once.
     */
    private static final String TRUE = "/privacy-findings.txt";

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

    private static void measure(String corpus, List<String> texts, Kind kind) throws UnreadableDocument, IOException {
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
        var missed = expected(corpus, kind);
        var judged = missed.size();
        var wrong = new ArrayList<String>();
        for (var document : documents) {
            for (var words : words(document, kind)) {
                if (!missed.remove(digest(words))) {
                    wrong.add(words);
                }
            }
        }
        System.out.printf(
                "%-20s %-20s %6.2f MB  found %4d  false per MB %.2f  MB per CPU-second %.0f%n",
                corpus, kind, megabytes, found, wrong.size() / megabytes, megabytes / seconds);
        assertThat(missed)
                .as("%s in %s that is not found any more", kind, corpus)
                .isEmpty();
        assertThat(wrong.size() / megabytes)
                .as("%s in %s: %s", kind, corpus, wrong)
                .isLessThanOrEqualTo(MOST_FALSE_PER_MEGABYTE);
        assertThat(found).as("titles and metadata have none").isEqualTo((long) judged + wrong.size());
    }

    /** What is found in a document. */
    private static List<String> words(ParsedDocument document, Kind kind) {
        var detectors =
                new Detectors(new Privacy(Map.of(kind, Action.Quarantine), kind == Kind.Phone ? REGIONS : List.of()));
        var words = new ArrayList<String>();
        detectors
                .find(document.text())
                .forEach(finding -> words.add(document.text().substring(finding.start(), finding.end())));
        if (kind == Kind.HiddenText) {
            document.hidden().forEach(range -> words.add(document.text().substring(range.start(), range.end())));
        }
        return words;
    }

    private static List<String> expected(String corpus, Kind kind) throws IOException {
        try (var in = Objects.requireNonNull(PrivacyPrecisionTest.class.getResourceAsStream(TRUE))) {
            var begin = corpus + "\t" + kind + "\t";
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith(begin))
                    .map(line -> line.substring(begin.length()))
                    .collect(Collectors.toCollection(ArrayList::new));
        }
    }

    private static String digest(String words) {
        return new Fingerprint("finding/1").with("words", words).digest().substring(0, DIGEST);
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
