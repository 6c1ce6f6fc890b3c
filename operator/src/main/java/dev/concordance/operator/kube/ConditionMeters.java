package dev.concordance.operator.kube;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Gauges of the conditions of our objects: 1 for True, 0 for False, -1 for Unknown. They go with their object. */
public final class ConditionMeters {
    private final MeterRegistry meters;
    private final Map<Key, Map<String, Told>> told = new ConcurrentHashMap<>();

    public ConditionMeters(MeterRegistry meters) {
        this.meters = meters;
    }

    private record Key(String kind, String namespace, String name) {}

    private record Told(Gauge gauge, AtomicInteger value) {}

    /** Tells what holds of an object now. */
    public void update(HasMetadata about, List<Condition> conditions) {
        var key = new Key(
                about.getKind(),
                about.getMetadata().getNamespace(),
                about.getMetadata().getName());
        var gauges = told.computeIfAbsent(key, added -> new ConcurrentHashMap<>());
        for (var condition : conditions) {
            gauges.computeIfAbsent(condition.getType(), type -> register(key, type))
                    .value()
                    .set(number(condition));
        }
    }

    /** Forgets an object that is gone. */
    public void remove(String kind, ResourceID gone) {
        var gauges = told.remove(new Key(kind, gone.getNamespace().orElse(""), gone.getName()));
        if (gauges != null) {
            gauges.values().forEach(each -> meters.remove(each.gauge()));
        }
    }

    private Told register(Key key, String type) {
        var value = new AtomicInteger();
        var gauge = Gauge.builder("concordance.condition", value, AtomicInteger::get)
                .description("1: the condition is True; 0: False; -1: Unknown")
                .tag("kind", key.kind().toLowerCase(Locale.ROOT))
                .tag("namespace", key.namespace())
                .tag("name", key.name())
                .tag("condition", type)
                .register(meters);
        return new Told(gauge, value);
    }

    private static int number(Condition condition) {
        if (Truth.TRUE.status().equals(condition.getStatus())) {
            return 1;
        }
        return Truth.FALSE.status().equals(condition.getStatus()) ? 0 : -1;
    }
}
