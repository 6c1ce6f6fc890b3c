package dev.concordance.testing;

import dev.concordance.manifest.ManifestJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.PathSuffixFilter;

/**
 * Real texts: those of the folder that the system property {@code concordance.data} names, one corpus a folder, in BEIR's
 * layout or as files; without it our own documentation.
 */
public final class RealCorpora {
    private static final String DATA = System.getProperty("concordance.data", "");
    private static final int LONGEST = 200_000;

    private RealCorpora() {}

    /** Whether there is such a folder. */
    public static boolean areGiven() {
        return !DATA.isEmpty();
    }

    /** The folder of a corpus; none if there is no data. */
    public static List<Path> folder(String corpus) {
        return DATA.isEmpty() ? List.of() : List.of(Path.of(DATA, corpus));
    }

    /** Texts of all corpora, at most so many of each. */
    public static List<String> texts(int ofEach) throws IOException {
        var texts = new ArrayList<>(List.of(
                "# A title\n\nSome prose. More of it!\n\n```java\nvar x = 1;\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
                "Plain words, then “quotes” – and naïve café words."));
        var folder = DATA.isEmpty() ? Path.of(System.getProperty("concordance.root", "."), "docs") : Path.of(DATA);
        try (var files = Files.walk(folder)) {
            for (var file : files.filter(Files::isRegularFile).sorted().toList()) {
                var name = file.getFileName().toString();
                if (name.equals("corpus.jsonl")) {
                    addLines(texts, file, ofEach);
                } else if (name.endsWith(".md") || name.endsWith(".txt")) {
                    var text = Files.readString(file);
                    texts.add(text.substring(0, Math.min(LONGEST, text.length())));
                }
            }
        }
        return texts;
    }

    /** The Markdown pages of the newest commit of a documentation's history; none if there is no data. */
    public static List<String> pages(Path workspace) throws IOException, GitAPIException {
        var pages = new ArrayList<String>();
        var bundle = Path.of(DATA, "replay-knative-docs", "replay.bundle");
        if (DATA.isEmpty() || !Files.exists(bundle)) {
            return pages;
        }
        var cloning = Git.cloneRepository()
                .setURI(bundle.toUri().toString())
                .setBranch("main")
                .setBare(true)
                .setDirectory(workspace.toFile());
        try (var git = cloning.call();
                var walk = new TreeWalk(git.getRepository())) {
            walk.addTree(git.getRepository().resolve("main^{tree}"));
            walk.setRecursive(true);
            walk.setFilter(PathSuffixFilter.create(".md"));
            while (walk.next()) {
                var page = walk.getObjectReader().open(walk.getObjectId(0)).getBytes();
                pages.add(new String(page, StandardCharsets.UTF_8));
            }
        }
        return pages;
    }

    private static void addLines(List<String> texts, Path file, int most) throws IOException {
        try (var lines = Files.lines(file)) {
            for (var line : lines.limit(most).toList()) {
                var json = ManifestJson.mapper().readTree(line);
                texts.add(
                        json.path("title").asText() + "\n\n" + json.path("text").asText());
            }
        }
    }
}
