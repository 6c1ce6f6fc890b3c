package dev.concordance.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.manifest.RoutingTable.Access;
import dev.concordance.manifest.VectorStorage;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When what is known of who may see what is enough to answer. */
class AccessCheckTest {
    private static final Instant NOW = Instant.parse("2026-05-04T12:00:00Z");
    private static final Access A_MINUTE = new Access(60_000);

    @Test
    void filtersIfTheCorpusOrTheIndexSaysSo() {
        assertThat(AccessCheck.of(null, live(false, NOW), NOW)).isFalse();
        assertThat(AccessCheck.of(null, live(true, null), NOW)).isTrue();
        assertThat(AccessCheck.of(A_MINUTE, live(true, NOW), NOW)).isTrue();
        assertThat(AccessCheck.of(A_MINUTE, live(true, NOW.minusSeconds(60)), NOW))
                .isTrue();
    }

    @Test
    void answersNothingWhereItIsNotKnownOrNotLately() {
        refuses(live(true, NOW.minusSeconds(61)), "60 s ago");
        refuses(live(true, null), "60 s ago");
        refuses(live(false, NOW), "doesn't know yet");
    }

    private static void refuses(LiveGeneration live, String sentence) {
        assertThatThrownBy(() -> AccessCheck.of(A_MINUTE, live, NOW))
                .isInstanceOfSatisfying(
                        SearchException.class, e -> assertThat(e.kind()).isEqualTo(SearchException.Kind.UNAVAILABLE))
                .hasMessageContaining(sentence);
    }

    private static LiveGeneration live(boolean documentLevel, @Nullable Instant freshAsOf) {
        return new LiveGeneration(
                "cc-docs.a-g1", 1, "digest", 384, 1, documentLevel, VectorStorage.DEFAULT, freshAsOf, null);
    }
}
