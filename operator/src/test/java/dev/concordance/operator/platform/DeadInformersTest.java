package dev.concordance.operator.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.operator.platform.DeadInformers.Seen;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An informer that has ended in silence is told from an API server that is away. */
final class DeadInformersTest {
    private static final Instant START = Instant.parse("2026-05-04T12:00:00Z");
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final DeadInformers dead = new DeadInformers();

    @Test
    void findsTheOneThatStaysWithoutItsWatch() {
        assertThat(at(0, new Seen("corpora", true), new Seen("secrets", false))).isEmpty();
        assertThat(at(120, new Seen("corpora", true), new Seen("secrets", false)))
                .isEmpty();
        assertThat(at(121, new Seen("corpora", true), new Seen("secrets", false)))
                .containsExactly("secrets");
    }

    @Test
    void forgivesOneThatComesBack() {
        assertThat(at(0, new Seen("corpora", true), new Seen("secrets", false))).isEmpty();
        assertThat(at(100, new Seen("corpora", true), new Seen("secrets", true)))
                .isEmpty();
        assertThat(at(200, new Seen("corpora", true), new Seen("secrets", false)))
                .isEmpty();
    }

    @Test
    void waitsForAnApiServerThatIsAwayHoweverLong() {
        assertThat(at(0, new Seen("corpora", false), new Seen("secrets", false)))
                .isEmpty();
        assertThat(at(6_000, new Seen("corpora", false), new Seen("secrets", false)))
                .isEmpty();
        assertThat(at(6_001, new Seen("corpora", true), new Seen("secrets", false)))
                .isEmpty();
        assertThat(at(6_060, new Seen("corpora", true), new Seen("secrets", true)))
                .isEmpty();
    }

    private List<String> at(int second, Seen... informers) {
        return dead.among(List.of(informers), START.plusSeconds(second), PATIENCE);
    }
}
