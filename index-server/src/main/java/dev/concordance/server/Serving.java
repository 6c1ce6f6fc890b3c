package dev.concordance.server;

import dev.concordance.embedding.Embedders;
import dev.concordance.embedding.ModelFiles;
import dev.concordance.search.Models;
import dev.concordance.search.SearchService;
import dev.concordance.search.http.Connections;
import dev.concordance.search.http.SearchRecords;
import dev.concordance.search.http.Served;
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

/** Wires the verb {@code serve}. */
@ApplicationScoped
public class Serving {
    private static final Duration DEAD = Duration.ofSeconds(30);

    private final Arguments arguments;

    public Serving(@CommandLineArguments String[] args) {
        arguments = new Arguments(args, 1);
    }

    @Produces
    @Singleton
    Models models(MeterRegistry meters) {
        var files = new ModelFiles(arguments::mount);
        var purse = new MeteredPurse(meters);
        return new Models(model -> Embedders.open(model, files, purse));
    }

    @Produces
    @Singleton
    SearchService searches(Models models) {
        return new SearchService(models, Clock.systemUTC());
    }

    @Produces
    @Singleton
    Connections connections(SearchService searches) {
        return new Connections(arguments::mount, searches);
    }

    @Produces
    @Singleton
    SearchRecords records(MeterRegistry meters) {
        return new SearchRecords(meters);
    }

    @Produces
    @Singleton
    Served served(Models models, Connections connections, SearchRecords records) {
        return new Served(arguments.path("routing"), arguments::mount, models, connections, records);
    }

    /** Anyone who reaches the server may read this, so it tells counts and reasons, never which corpora there are. */
    @Produces
    @Singleton
    @Readiness
    @LookupIfProperty(name = Main.ROLE, stringValue = Main.SERVE)
    HealthCheck ready(Served served, Models models, Connections connections) {
        return () -> {
            var check = HealthCheckResponse.named("serving")
                    .status(served.isReady())
                    .withData("corpora", served.corpora())
                    .withData("modelsLoaded", models.count())
                    .withData("modelsFailed", models.problems().size())
                    .withData("elasticsearch", connections.problems().isEmpty() ? "reached" : "not reached");
            var problem = served.problem();
            return check.withData("routing", problem == null ? "as declared" : problem)
                    .build();
        };
    }

    @Produces
    @Singleton
    @Liveness
    @LookupIfProperty(name = Main.ROLE, stringValue = Main.SERVE)
    HealthCheck alive(Served served) {
        return () -> HealthCheckResponse.named("routing watch")
                .status(served.sinceLook().compareTo(DEAD) < 0)
                .build();
    }

    void begin(
            @Observes StartupEvent event,
            @CommandLineArguments String[] args,
            Instance<Served> served,
            Instance<Models> models,
            Instance<Connections> connections,
            MeterRegistry meters) {
        if (args[0].equals(Main.SERVE)) {
            begin(served.get(), models.get(), connections.get(), meters);
        }
    }

    private static void begin(Served served, Models models, Connections connections, MeterRegistry meters) {
        gauge(meters, "concordance.searches.active", "Searches under way", served, Served::searches);
        gauge(meters, "concordance.searches.limit", "Searches that may be under way", served, Served::limit);
        gauge(meters, "concordance.corpora", "Corpora that are served", served, Served::corpora);
        gauge(
                meters,
                "concordance.routing.broken",
                "1: the routing table in its file can't be used and a former one is",
                served,
                s -> s.problem() == null ? 0 : 1);
        gauge(
                meters,
                "concordance.tokens.without.value",
                "Declared tokens that open nothing",
                served,
                s -> s.tokensWithoutValue().size());
        gauge(meters, "concordance.models.loaded", "Models in memory", models, Models::count);
        gauge(
                meters,
                "concordance.models.failed",
                "Models that can't be loaded",
                models,
                m -> m.problems().size());
        gauge(
                meters,
                "concordance.elasticsearch.unreachable",
                "Clusters that don't answer",
                connections,
                c -> c.problems().size());
        served.begin();
    }

    void end(@Observes ShutdownEvent event, @CommandLineArguments String[] args, Instance<Served> served) {
        if (args[0].equals(Main.SERVE)) {
            served.get().close();
        }
    }

    private static <T> void gauge(
            MeterRegistry meters, String name, String description, T of, java.util.function.ToDoubleFunction<T> value) {
        Gauge.builder(name, of, value).description(description).register(meters);
    }
}
