package dev.concordance.operator.platform;

import dev.concordance.operator.OperatorConfiguration;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.RegisteredController;
import io.javaoperatorsdk.operator.health.EventSourceHealthIndicator;
import io.javaoperatorsdk.operator.health.InformerWrappingEventSourceHealthIndicator;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.stream.Stream;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** The process is not alive any more when one of its informers has ended and does not begin again. */
@Liveness
@Singleton
final class InformerLiveness implements HealthCheck {
    private final Operator operator;
    private final OperatorConfiguration configuration;
    private final Clock clock;
    private final DeadInformers dead = new DeadInformers();

    InformerLiveness(Operator operator, OperatorConfiguration configuration, Clock clock) {
        this.operator = operator;
        this.configuration = configuration;
        this.clock = clock;
    }

    @Override
    public HealthCheckResponse call() {
        var response = HealthCheckResponse.named("informers");
        if (!operator.getRuntimeInfo().isStarted()) {
            return response.up().build();
        }
        var seen = operator.getRuntimeInfo().getRegisteredControllers().stream()
                .flatMap(InformerLiveness::informers)
                .toList();
        var ended = dead.among(seen, clock.instant(), configuration.watchdogPatience());
        ended.forEach(name -> response.withData(name, "has no watch"));
        return response.status(ended.isEmpty()).build();
    }

    private static Stream<DeadInformers.Seen> informers(RegisteredController<?> controller) {
        var name = controller.getConfiguration().getName();
        var sources = controller.getControllerHealthInfo().eventSourceHealthIndicators();
        return sources.entrySet().stream()
                .flatMap(source -> informers(name + ": " + source.getKey(), source.getValue()));
    }

    private static Stream<DeadInformers.Seen> informers(String name, EventSourceHealthIndicator source) {
        return source instanceof InformerWrappingEventSourceHealthIndicator<?> wrapping
                ? wrapping.informerHealthIndicators().values().stream()
                        .map(informer -> new DeadInformers.Seen(
                                name + " " + informer.getTargetNamespace(),
                                informer.isRunning() && informer.isWatching()))
                : Stream.empty();
    }
}
