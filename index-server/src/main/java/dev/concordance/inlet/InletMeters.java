package dev.concordance.inlet;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** Counts what is pushed. Labels are names that are declared, and never what a sender makes up. */
public final class InletMeters {
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(10),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5)
    };

    private final MeterRegistry meters;

    public InletMeters(MeterRegistry meters) {
        this.meters = meters;
    }

    void request(String operation, int status, Duration took) {
        Timer.builder("concordance.inlet.requests")
                .description("Requests to the inlet by operation and status")
                .tag("operation", operation)
                .tag("status", String.valueOf(status))
                .serviceLevelObjectives(BUCKETS)
                .register(meters)
                .record(took);
    }

    void document(String source, int status) {
        Counter.builder("concordance.inlet.documents")
                .description("Documents that were asked to be changed, by source and status")
                .tag("source", source)
                .tag("status", String.valueOf(status))
                .register(meters)
                .increment();
    }
}
