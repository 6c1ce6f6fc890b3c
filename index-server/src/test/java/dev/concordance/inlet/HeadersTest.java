package dev.concordance.inlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.endpoint.Problem;
import dev.concordance.inbox.Condition;
import dev.concordance.inbox.Version;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadersTest {
    @Test
    void readsWhatHasToHold() {
        assertThat(Conditions.of(null, null)).isEqualTo(new Condition.None());
        assertThat(Conditions.of("*", null)).isEqualTo(new Condition.Present());
        assertThat(Conditions.of(null, " * ")).isEqualTo(new Condition.Absent());
        assertThat(Conditions.of("\"17-1\"", null)).isEqualTo(new Condition.OneOf(Set.of(new Version(17, 1))));
        assertThat(Conditions.of("\"17-1\" , \"18-2\"", null))
                .isEqualTo(new Condition.OneOf(Set.of(new Version(17, 1), new Version(18, 2))));
    }

    @Test
    void matchesNothingByTagsThatWereNeverGiven() {
        assertThat(Conditions.of("W/\"17-1\"", null)).isEqualTo(new Condition.OneOf(Set.of()));
        assertThat(Conditions.of("\"abc\"", null)).isEqualTo(new Condition.OneOf(Set.of()));
        assertThat(Conditions.of("\"abc\"", null).holds(new Version(1, 1))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"17-1", "", "\"17-1\" \"18-1\"", "\"17-1", "\"a\",", "* , \"a\""})
    void refusesTagsWithoutQuotes(String header) {
        assertThatThrownBy(() -> Conditions.of(header, null)).isInstanceOf(Problem.class);
    }

    @Test
    void refusesOtherConditions() {
        assertThatThrownBy(() -> Conditions.of(null, "\"17-1\"")).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> Conditions.of("*", "*")).isInstanceOf(Problem.class);
    }

    @Test
    void tellsRequestsApartByTheirKeysAndSenders() {
        var first = Requests.of("\"key\"", "a").request(null, null, null);
        assertThat(Requests.of("key", "a").request(null, null, null)).isEqualTo(first);
        assertThat(Requests.of("key", "b").request(null, null, null).key()).isNotEqualTo(first.key());
        assertThat(Requests.of("other", "a").request(null, null, null).key()).isNotEqualTo(first.key());
        var conditional = Requests.of("key", "a").request("\"17-1\"", null, null);
        assertThat(conditional.key()).isEqualTo(first.key());
        assertThat(conditional.fingerprint()).isNotEqualTo(first.fingerprint());
        assertThat(first.isRepeatable()).isTrue();
        assertThat(Requests.of(null, "a").request(null, null, null).isRepeatable())
                .isFalse();
        assertThat(Requests.of(null, "a").request(null, null, null).key())
                .isNotEqualTo(Requests.of(null, "a").request(null, null, null).key());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"\"", "a b", "a\"b", "ä", "a\\b"})
    void refusesKeysThatAreNone(String key) {
        assertThatThrownBy(() -> Requests.of(key, "a")).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> Requests.of("k".repeat(256), "a")).isInstanceOf(Problem.class);
    }
}
