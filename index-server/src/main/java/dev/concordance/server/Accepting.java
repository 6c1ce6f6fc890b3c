package dev.concordance.server;

import dev.concordance.inlet.InletMeters;
import dev.concordance.inlet.Receiving;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.lookup.LookupIfProperty;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.annotations.CommandLineArguments;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/** Wires the verb {@code inlet}. */
@ApplicationScoped
public class Accepting {
    private static final Duration DEAD = Duration.ofSeconds(30);

    private final Arguments arguments;

    public Accepting(@CommandLineArguments String[] args) {
        arguments = new Arguments(args, 1);
    }

    @Produces
    @Singleton
    Receiving receiving() {
        return new Receiving(arguments.path("table"), arguments::mount, Clock.systemUTC());
    }

    @Produces
    @Singleton
    InletMeters inletMeters(MeterRegistry meters) {
        return new InletMeters(meters);
    }

    @Produces
    @Singleton
    @Readiness
    @LookupIfProperty(name = Main.ROLE, stringValue = Main.INLET)
    HealthCheck accepts(Receiving receiving) {
        return () -> {
            var problem = receiving.problem();
            return HealthCheckResponse.named("accepting")
                    .status(receiving.isReady())
                    .withData("table", problem == null ? "as declared" : problem)
                    .build();
        };
    }

    @Produces
    @Singleton
    @Liveness
    @LookupIfProperty(name = Main.ROLE, stringValue = Main.INLET)
    HealthCheck looks(Receiving receiving) {
        return () -> HealthCheckResponse.named("table watch")
                .status(receiving.sinceLook().compareTo(DEAD) < 0)
                .build();
    }

    void begin(
            @Observes StartupEvent event,
            @CommandLineArguments String[] args,
            Instance<Receiving> receiving,
            MeterRegistry meters) {
        if (args[0].equals(Main.INLET)) {
            var begun = receiving.get();
            Gauge.builder("concordance.inlet.table.broken", begun, taken -> taken.problem() == null ? 0 : 1)
                    .description("1: the table in its file can't be used and a former one is")
                    .register(meters);
            Gauge.builder("concordance.inlet.tokens.without.value", begun, Receiving::tokensWithoutValue)
                    .description("Declared tokens that open nothing")
                    .register(meters);
            begun.begin();
        }
    }

    void end(@Observes ShutdownEvent event, @CommandLineArguments String[] args, Instance<Receiving> receiving) {
        if (args[0].equals(Main.INLET)) {
            receiving.get().close();
        }
    }
}
