package dev.concordance.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class TimeTest {
    @Test
    void leavesBetweenAHalfAndAllOfAPauseAndNotTwiceTheSame() {
        var shares =
                IntStream.range(0, 1_000).mapToObj(call -> Time.REAL.share()).toList();
        assertThat(shares).allMatch(share -> share >= 0.5 && share < 1);
        assertThat(shares).as("early ones").anyMatch(share -> share < 0.6);
        assertThat(shares).as("late ones").anyMatch(share -> share > 0.9);
        assertThat(shares.stream().distinct().count()).isGreaterThan(990);
    }
}
