package dev.concordance.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import org.junit.jupiter.api.Test;

final class UnheardErrorsTest {
    private final ArrayList<Integer> ended = new ArrayList<>();
    private final UnheardErrors errors = new UnheardErrors(ended::add);

    @Test
    void endTheProcessWhereThereIsNoMemory() {
        errors.uncaughtException(Thread.currentThread(), new OutOfMemoryError("Java heap space"));
        assertThat(ended).containsExactly(3);
    }

    @Test
    void leaveItGoingOtherwise() {
        errors.uncaughtException(Thread.currentThread(), new IllegalStateException());
        assertThat(ended).isEmpty();
    }
}
