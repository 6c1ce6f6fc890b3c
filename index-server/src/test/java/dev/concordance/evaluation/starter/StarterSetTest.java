package dev.concordance.evaluation.starter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.evaluation.judged.JudgedSet;
import dev.concordance.evaluation.starter.StarterSet.Headed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StarterSetTest {
    private static final List<Headed> DOCUMENTS = List.of(
            new Headed("a.md", "Installing the operator", List.of("Before you begin", "Watch scopes of the chart")),
            new Headed("b.md", "Rolling back a generation", List.of("Before  you BEGIN!", "FAQ")),
            new Headed("c.md", "", List.of("日本語 の 見出し です", "Rolling back a generation")),
            new Headed("d.md", "Erasing \"everything\"", List.of("Erasing everything")));

    @Test
    void asksForTheDocumentThatAloneHasAHeading() {
        var lines = StarterSet.of(DOCUMENTS.iterator(), 10);
        assertThat(lines)
                .allMatch(line -> line.contains("\"synthetic\":true"))
                .anyMatch(line -> line.contains("\"query\":\"Installing the operator\",\"relevant\":{\"a.md\":1}"))
                .anyMatch(line -> line.contains("Watch scopes of the chart"))
                .anyMatch(line -> line.contains("{\"d.md\":1}"))
                .noneMatch(line -> line.contains("FAQ"))
                .noneMatch(line -> line.toLowerCase(Locale.ROOT).contains("begin"))
                .noneMatch(line -> line.contains("Rolling back"));
    }

    @Test
    void drawsTheSameInAnyOrder() {
        var many = new ArrayList<Headed>();
        for (var i = 0; i < 500; i++) {
            many.add(new Headed("doc" + i, "Chapter number " + i, List.of()));
        }
        var lines = StarterSet.of(many.iterator(), 50);
        Collections.reverse(many);
        assertThat(StarterSet.of(many.iterator(), 50)).hasSize(50).isEqualTo(lines);
        assertThat(StarterSet.of(many.iterator(), 60)).containsAll(lines);
    }

    @Test
    void canBeReadAsJudgedQueries(@TempDir Path folder) throws Exception {
        var file = Files.write(folder.resolve("starter.jsonl"), StarterSet.of(DOCUMENTS.iterator(), 10));
        assertThat(JudgedSet.ofJsonl(file, JudgedSet.Limits.DEFAULT).queries())
                .isNotEmpty()
                .allMatch(query -> query.synthetic() && query.split().equals("test"));
    }
}
