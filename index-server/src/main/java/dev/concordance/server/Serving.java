package dev.concordance.server;

import dev.concordance.search.SearchService;
import dev.concordance.search.http.Served;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.annotations.CommandLineArguments;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Wires the verb {@code serve}. */
@ApplicationScoped
public class Serving {
    private final Arguments arguments;

    public Serving(@CommandLineArguments String[] args) {
        arguments = new Arguments(args, 1);
    }

    @Produces
    @Singleton
    Served served() {
        return new Served(arguments.path("routing"), arguments::mount);
    }

    @Produces
    @Singleton
    SearchService searches(Served served) {
        return new SearchService(served.models());
    }

    @Produces
    @Singleton
    @Readiness
    HealthCheck ready(Served served) {
        return () -> HealthCheckResponse.named("routing table and models")
                .status(served.isReady())
                .build();
    }

    void begin(@Observes StartupEvent event, Served served) {
        served.begin();
    }

    void end(@Observes ShutdownEvent event, Served served) {
        served.close();
    }
}
