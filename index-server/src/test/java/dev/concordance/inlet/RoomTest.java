package dev.concordance.inlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.endpoint.Problem;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class RoomTest {
    private static final long MEBIBYTE = 1 << 20;

    private final Room room = new Room(10 * MEBIBYTE, 0);

    @Test
    void refusesWhatThereIsNoMemoryForUntilOthersHaveEnded() throws IOException {
        // Six copies and what any request takes: seven of ten.
        var answer = room.hold(MEBIBYTE, () -> {
            refused(MEBIBYTE);
            assertThat(room.hold(MEBIBYTE / 3, () -> "small"))
                    .as("two more fit in")
                    .isEqualTo("small");
            return "large";
        });
        assertThat(answer).isEqualTo("large");
        assertThat(room.hold(MEBIBYTE, () -> "again")).isEqualTo("again");
    }

    @Test
    void isGivenBackByWhatFails() throws IOException {
        for (var failed = 0; failed < 3; failed++) {
            assertThatThrownBy(() -> room.hold(MEBIBYTE, () -> {
                        throw new IOException("the sender has gone");
                    }))
                    .hasMessage("the sender has gone");
        }
        assertThat(room.hold(MEBIBYTE, () -> "next")).isEqualTo("next");
    }

    /** Else it could never be sent. */
    @Test
    void isAllForOneThatWouldNeedMore() throws IOException {
        var answer = room.hold(1_000 * MEBIBYTE, () -> {
            refused(0);
            return "alone";
        });
        assertThat(answer).isEqualTo("alone");
    }

    private void refused(long bytes) {
        assertThatThrownBy(() -> room.hold(bytes, () -> "never"))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.status()).isEqualTo(429))
                .hasMessageContaining("try again");
    }
}
