package dev.concordance.operator.platform;

import dev.concordance.operator.OperatorConfiguration;
import dev.concordance.operator.cluster.ClusterConnections;
import dev.concordance.operator.corpus.CorpusReferences;
import dev.concordance.operator.corpus.CorpusResolver;
import dev.concordance.operator.corpus.GenerationCatalog;
import dev.concordance.operator.corpus.InletStates;
import dev.concordance.operator.elastic.BackendFactory;
import dev.concordance.operator.elastic.ElasticsearchBackend;
import dev.concordance.operator.kube.ConditionMeters;
import dev.concordance.operator.kube.EventRecorder;
import dev.concordance.operator.kube.Reporter;
import dev.concordance.operator.kube.StepLog;
import dev.concordance.operator.kube.Values;
import dev.concordance.operator.kube.Watchdog;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetricsV2;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Set;

/** Makes the parts that reconcilers are given. */
final class Wiring {
    @Produces
    @Singleton
    @DefaultBean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Produces
    @Singleton
    @DefaultBean
    BackendFactory backends() {
        return ElasticsearchBackend::new;
    }

    @Produces
    @Singleton
    ClusterConnections connections() {
        return new ClusterConnections();
    }

    void close(@Disposes ClusterConnections connections) {
        connections.close();
    }

    @Produces
    @Singleton
    CorpusReferences references() {
        return new CorpusReferences();
    }

    @Produces
    @Singleton
    CorpusResolver resolver(
            CorpusReferences references,
            ClusterConnections connections,
            Values values,
            OperatorConfiguration configuration) {
        var namespaces = configuration.ingestion().privateNetworkNamespaces().orElse(List.of());
        return new CorpusResolver(references, connections, values, Set.copyOf(namespaces));
    }

    @Produces
    @Singleton
    GenerationCatalog catalog() {
        return new GenerationCatalog();
    }

    @Produces
    @Singleton
    InletStates inlets() {
        return new InletStates();
    }

    @Produces
    @Singleton
    Values values(KubernetesClient client) {
        return new Values(client);
    }

    @Produces
    @Singleton
    Reporter reporter(KubernetesClient client, Clock clock) {
        return new Reporter(new EventRecorder(client, clock));
    }

    @Produces
    @Singleton
    ConditionMeters conditionMeters(MeterRegistry meters) {
        return new ConditionMeters(meters);
    }

    @Produces
    @Singleton
    Watchdog watchdog(MeterRegistry meters, OperatorConfiguration configuration) {
        return new Watchdog(meters, configuration.watchdogPatience());
    }

    @Produces
    @Singleton
    StepLog steps(MeterRegistry meters) {
        return new StepLog(meters);
    }

    /** Takes the place of the extension's own, which is a no-op where the operator starts before meters are bound. */
    @Produces
    @Singleton
    Metrics metrics(MeterRegistry meters) {
        return MicrometerMetricsV2.newBuilder(meters).build();
    }
}
