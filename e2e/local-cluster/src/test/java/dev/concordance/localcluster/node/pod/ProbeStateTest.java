package dev.concordance.localcluster.node.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.localcluster.node.pod.ProbeState.Verdict;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProbeStateTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Probe PROBE = new ProbeBuilder()
            .withInitialDelaySeconds(5)
            .withPeriodSeconds(2)
            .withSuccessThreshold(2)
            .withFailureThreshold(3)
            .build();

    @ParameterizedTest
    @CsvSource({
        "'', UNKNOWN",
        "+, UNKNOWN",
        "++, PASSING",
        "--, UNKNOWN",
        "---, FAILING",
        "+-+-+-, UNKNOWN",
        "++--, PASSING",
        "++--+--, PASSING",
        "++---, FAILING",
        "---+, FAILING",
        "---++, PASSING"
    })
    void changesItsVerdictAtAThreshold(String attempts, Verdict verdict) {
        var state = ProbeState.FRESH;
        for (var attempt : attempts.toCharArray()) {
            state = state.after(PROBE, attempt == '+', START);
        }
        assertThat(state.verdict()).isEqualTo(verdict);
    }

    @Test
    void isDueAfterItsDelayAndThenPeriodically() {
        assertThat(ProbeState.FRESH.isDue(PROBE, START, START.plusSeconds(4))).isFalse();
        assertThat(ProbeState.FRESH.isDue(PROBE, START, START.plusSeconds(5))).isTrue();
        var attempted = ProbeState.FRESH.after(PROBE, false, START.plusSeconds(5));
        assertThat(attempted.isDue(PROBE, START, START.plusSeconds(6))).isFalse();
        assertThat(attempted.isDue(PROBE, START, START.plusSeconds(7))).isTrue();
    }

    @Test
    void keepsWhatItHadShownToAnEarlierAgent() {
        var once = ProbeState.passing().after(PROBE, false, START);
        assertThat(once.verdict()).isEqualTo(Verdict.PASSING);
        assertThat(once.after(PROBE, false, START).after(PROBE, false, START).verdict())
                .isEqualTo(Verdict.FAILING);
    }
}
