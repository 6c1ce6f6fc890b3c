package dev.concordance.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.manifest.SourceManifest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectionTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "*.md a.md true",
                "*.md docs/a.md false",
                "**/*.md a.md true",
                "**/*.md docs/deep/a.md true",
                "docs/** docs/a/b.txt true",
                "docs/** docs false",
                "docs/** docsx/a.txt false",
                "docs/**/a.md docs/a.md true",
                "docs/**/a.md docs/x/y/a.md true",
                "a?c.txt abc.txt true",
                "a?c.txt a/c.txt false",
                "*.{md,html} a.html true",
                "*.{md,html} a.txt false",
                "{a,b/c}/*.md b/c/x.md true",
                "[a].md [a].md true",
                "a.b axb false"
            })
    void selectsByGlobs(String glob, String path, boolean taken) {
        assertThat(selection(List.of(glob), List.of()).takes(path)).isEqualTo(taken);
    }

    @Test
    void takesAllWhereNothingIsDeclaredAndLetsAnExclusionWin() {
        assertThat(selection(List.of(), List.of()).takes("any/thing")).isTrue();
        assertThat(selection(List.of("**/*.md"), List.of("drafts/**")).takes("drafts/a.md"))
                .isFalse();
    }

    @Test
    @Timeout(10)
    void endsInTimeWhateverTheGlob() {
        var path = "a".repeat(250) + "/" + "a".repeat(250);
        assertThat(selection(List.of("*a*a*a*a*a*a*a*a*a*a*a*a*b", "**/**/**/**/**/**/**/**/b"), List.of())
                        .takes(path))
                .isFalse();
    }

    private static Selection selection(List<String> include, List<String> exclude) {
        return new Selection(
                new SourceManifest("s", new SourceManifest.Volume("data", ""), include, exclude, null, null));
    }
}
