package dev.concordance.operator;

import dev.concordance.operator.cluster.ClusterConnections;
import dev.concordance.operator.corpus.CorpusReferences;
import dev.concordance.operator.corpus.CorpusResolver;
import dev.concordance.operator.corpus.GenerationCatalog;
import dev.concordance.operator.elastic.BackendFactory;
import dev.concordance.operator.elastic.ElasticsearchBackend;
import dev.concordance.operator.kube.EventRecorder;
import dev.concordance.operator.kube.Reporter;
import dev.concordance.operator.kube.StepLog;
import dev.concordance.operator.kube.Values;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/** What the reconcilers share, made once; the only place that knows both the framework and the plain classes. */
@Singleton
class Wiring {
    @Produces
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
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
    StepLog stepLog(MeterRegistry meters) {
        return new StepLog(meters);
    }

    @Produces
    @Singleton
    BackendFactory backends() {
        return ElasticsearchBackend::new;
    }

    @Produces
    @Singleton
    ClusterConnections connections() {
        return new ClusterConnections();
    }

    @Produces
    @Singleton
    CorpusReferences references() {
        return new CorpusReferences();
    }

    @Produces
    @Singleton
    CorpusResolver resolver(CorpusReferences references, ClusterConnections connections, Values values) {
        return new CorpusResolver(references, connections, values);
    }

    @Produces
    @Singleton
    GenerationCatalog catalog() {
        return new GenerationCatalog();
    }
}
