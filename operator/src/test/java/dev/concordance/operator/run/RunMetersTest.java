package dev.concordance.operator.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.manifest.Privacy.Kind;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is counted of runs that have ended. */
final class RunMetersTest {
    @Test
    void addsUpWhatWasFoundByKind() {
        var registry = new SimpleMeterRegistry();
        var meters = new RunMeters(registry);
        meters.found(Map.of(Kind.Email, 3L, Kind.Secret, 1L));
        meters.found(Map.of(Kind.Email, 2L));
        assertThat(registry.get("concordance.runs.findings")
                        .tag("kind", "Email")
                        .counter()
                        .count())
                .isEqualTo(5);
        assertThat(registry.get("concordance.runs.findings")
                        .tag("kind", "Secret")
                        .counter()
                        .count())
                .isEqualTo(1);
    }
}
