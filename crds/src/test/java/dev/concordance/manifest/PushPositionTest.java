package dev.concordance.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class PushPositionTest {
    private static final PushPosition POSITION = new PushPosition("uL2hv-_7Q", 17);

    @Test
    void readsWhatItWrote() {
        assertThat(POSITION.text()).isEqualTo("17.uL2hv-_7Q");
        assertThat(PushPosition.parse(POSITION.text())).contains(POSITION);
        assertThat(PushPosition.parse(POSITION.text() + "/settings/1")).contains(POSITION);
        assertThat(PushPosition.parse("-1.new")).contains(new PushPosition("new", -1));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {"", "17", "17.", ".x", "-2.x", "17.a b", "1234567890123456789.x", "17.x\n", "{\"topic\": \"x\"}"
            })
    void isNothingElse(@Nullable String text) {
        assertThat(PushPosition.parse(text)).isEmpty();
    }

    @Test
    void coversWhatIsBeforeItInTheSameInbox() {
        assertThat(POSITION.covers(new PushPosition("uL2hv-_7Q", 17))).isTrue();
        assertThat(POSITION.covers(new PushPosition("uL2hv-_7Q", 18))).isFalse();
        assertThat(POSITION.covers(new PushPosition("other", 1))).isFalse();
    }

    @Test
    void isDeclaredInAManifestThatCanBeReadAgain() throws Exception {
        var source = new SourceManifest("articles", new SourceManifest.Push(), List.of(), List.of(), null, null);
        var json = ManifestJson.mapper().writeValueAsString(source);
        assertThat(ManifestJson.mapper().readValue(json, SourceManifest.class)).isEqualTo(source);
        assertThat(GenerationState.digest(List.of(source))).isNotEmpty();
    }
}
