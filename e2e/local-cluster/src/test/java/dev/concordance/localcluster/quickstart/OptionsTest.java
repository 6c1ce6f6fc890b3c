package dev.concordance.localcluster.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code ./quickstart} makes of its command line. */
final class OptionsTest {
    @ParameterizedTest
    @CsvSource(textBlock = """
            '', ALL
            up, UP
            env, ENV
            down, DOWN
            down --purge, DOWN
            up --context kind --elasticsearch http://es:9200, UP
            """)
    void readsTheVerb(String line, Options.Verb verb) {
        assertThat(parse(line).verb()).isEqualTo(verb);
    }

    @Test
    void readsWhereAnExistingClusterHasWhat() {
        var existing = parse("--context kind --elasticsearch http://es:9200 --repository https://git/a --images r/c")
                .existing();
        assertThat(existing).hasValueSatisfying(given -> {
            assertThat(given.context()).isEqualTo("kind");
            assertThat(given.elasticsearch()).isEqualTo(URI.create("http://es:9200"));
            assertThat(given.repository()).contains(URI.create("https://git/a"));
            assertThat(given.images()).isEqualTo("r/c");
        });
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            start, start is not understood
            up down, down is not understood
            --context, --context is not understood
            --purge, --purge goes with down
            env --context kind --elasticsearch http://es:9200, env and down are for the local cluster
            --context kind, needs --context and --elasticsearch
            --images r/c, needs --context and --elasticsearch
            """)
    void saysWhatItDoesNotUnderstand(String line, String said) {
        assertThatIllegalArgumentException().isThrownBy(() -> parse(line)).withMessageContaining(said);
    }

    @Test
    void takesTheCheckoutsOriginWherePodsCanReadIt() {
        assertThat(Quickstart.readable("https://git.example.com/a.git"))
                .isEqualTo(URI.create("https://git.example.com/a.git"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/home/me/a", "git@git.example.com:me/a.git", "ssh://git@git.example.com/a.git"})
    void asksForARepositoryWherePodsCannotReadTheOrigin(String origin) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Quickstart.readable(origin))
                .withMessageContaining(origin)
                .withMessageContaining("--repository");
    }

    private static Options parse(String line) {
        return Options.parse(line.isEmpty() ? new String[0] : line.split(" ", -1));
    }
}
