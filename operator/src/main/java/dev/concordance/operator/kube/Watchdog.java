package dev.concordance.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.CustomResource;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Finds objects whose newest spec no reconciliation has told of for too long, and has them reconciled. An event that is
 * lost between informer and reconciler (java-operator-sdk issues 3398 and 3416) would otherwise be missed for good.
 */
public final class Watchdog {
    private static final Logger LOG = Logger.getLogger(Watchdog.class);

    private final MeterRegistry meters;
    private final Duration patience;
    private final List<Flock> flocks = new CopyOnWriteArrayList<>();
    private final Map<String, Lag> lags = new HashMap<>();

    public Watchdog(MeterRegistry meters, Duration patience) {
        this.meters = meters;
        this.patience = patience;
    }

    private record Flock(String kind, Counter overlooked, Function<Instant, Stream<Lagging>> lagging) {}

    private record Lagging(HasMetadata object, Consumer<ResourceID> wake) {}

    private record Lag(@Nullable Long generation, Instant since) {}

    /** Watches over a controller's objects, whose status tells by {@code observed} which spec was looked at last. */
    public <P extends CustomResource<?, S>, S> void guard(
            Class<P> kind, IndexerResourceCache<P> cache, Signals<P> signals, Function<S, @Nullable Long> observed) {
        flocks.add(new Flock(kind.getSimpleName(), counter(kind.getSimpleName()), now -> {
            if (!signals.isListening()) {
                return Stream.empty();
            }
            return cache.list(object -> !object.isMarkedForDeletion() && lags(object, observed))
                    .map(object -> new Lagging(object, signals::raise));
        }));
    }

    /** It is there before it counts: a rate knows nothing of a counter whose first value is 1. */
    private Counter counter(String kind) {
        return Counter.builder("concordance.overlooked")
                .description("Objects whose newest spec no reconciliation had told of in time")
                .tag("kind", kind.toLowerCase(Locale.ROOT))
                .register(meters);
    }

    private static <P extends CustomResource<?, S>, S> boolean lags(P object, Function<S, @Nullable Long> observed) {
        var status = object.getStatus();
        return status == null
                || !Objects.equals(observed.apply(status), object.getMetadata().getGeneration());
    }

    /** Looks once; called every now and then by one thread. */
    public synchronized void look(Instant now) {
        var seen = new HashSet<String>();
        for (var flock : flocks) {
            flock.lagging().apply(now).forEach(lagging -> {
                seen.add(lagging.object().getMetadata().getUid());
                check(flock, lagging, now);
            });
        }
        lags.keySet().retainAll(seen);
    }

    private void check(Flock flock, Lagging lagging, Instant now) {
        var metadata = lagging.object().getMetadata();
        var lag = lags.get(metadata.getUid());
        if (lag == null || !Objects.equals(lag.generation(), metadata.getGeneration())) {
            lags.put(metadata.getUid(), new Lag(metadata.getGeneration(), now));
            return;
        }
        if (lag.since().plus(patience).isAfter(now)) {
            return;
        }
        LOG.warnf(
                "overlooked kind=%s namespace=%s name=%s generation=%d since=%s; reconciling it",
                flock.kind(), metadata.getNamespace(), metadata.getName(), metadata.getGeneration(), lag.since());
        flock.overlooked().increment();
        lags.put(metadata.getUid(), new Lag(metadata.getGeneration(), now));
        lagging.wake().accept(ResourceID.fromResource(lagging.object()));
    }
}
