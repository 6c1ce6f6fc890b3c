package dev.concordance.operator.query;

import dev.concordance.api.v1alpha1.Corpus;
import dev.concordance.api.v1alpha1.Erasure;
import dev.concordance.api.v1alpha1.QueryServer;
import dev.concordance.api.v1alpha1.QueryServerStatus;
import dev.concordance.operator.OperatorConfiguration;
import dev.concordance.operator.cluster.ClusterConnections;
import dev.concordance.operator.corpus.CorpusResolver;
import dev.concordance.operator.corpus.GenerationCatalog;
import dev.concordance.operator.erasure.Erasures;
import dev.concordance.operator.kube.ConditionMeters;
import dev.concordance.operator.kube.Conditions;
import dev.concordance.operator.kube.Labels;
import dev.concordance.operator.kube.Meaningful;
import dev.concordance.operator.kube.Reason;
import dev.concordance.operator.kube.ReferencedObjects;
import dev.concordance.operator.kube.Reporter;
import dev.concordance.operator.kube.Signals;
import dev.concordance.operator.kube.StepLog;
import dev.concordance.operator.kube.Watchdog;
import dev.concordance.operator.workload.QueryWorkload;
import dev.concordance.operator.workload.WorkerImage;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Keeps each QueryServer's pods, Service, autoscaler and routing table what it declares. */
@ControllerConfiguration(
        name = "queryserver",
        fieldManager = Labels.OPERATOR,
        generationAwareEventProcessing = false,
        informer = @Informer(onUpdateFilter = Meaningful.class))
@GradualRetry(maxAttempts = -1, initialInterval = 500, intervalMultiplier = 2, maxInterval = 60_000)
public final class QueryServerReconciler implements Reconciler<QueryServer> {
    private static final Duration CACHES = Duration.ofMillis(500);

    private final KubernetesClient client;
    private final CorpusResolver resolver;
    private final GenerationCatalog catalog;
    private final ClusterConnections connections;
    private final QueryActuator actuator;
    private final Reporter reporter;
    private final OperatorConfiguration configuration;
    private final Clock clock;
    private final ConditionMeters meters;
    private final Watchdog watchdog;
    private Optional<QueryObserver> observer = Optional.empty();

    QueryServerReconciler(
            KubernetesClient client,
            CorpusResolver resolver,
            GenerationCatalog catalog,
            ClusterConnections connections,
            StepLog log,
            Reporter reporter,
            OperatorConfiguration configuration,
            Clock clock,
            ConditionMeters meters,
            Watchdog watchdog) {
        this.client = client;
        this.resolver = resolver;
        this.catalog = catalog;
        this.connections = connections;
        this.actuator = new QueryActuator(client, log);
        this.reporter = reporter;
        this.configuration = configuration;
        this.clock = clock;
        this.meters = meters;
        this.watchdog = watchdog;
    }

    @Override
    public List<EventSource<?, QueryServer>> prepareEventSources(EventSourceContext<QueryServer> context) {
        context.getPrimaryCache()
                .addIndexer(
                        QueryObserver.BY_NAMESPACE,
                        server -> List.of(server.getMetadata().getNamespace()));
        var caches = new QueryObserver.Caches(
                ReferencedObjects.all(Corpus.class, context, corpus -> neighbours(context, corpus)),
                ReferencedObjects.all(Erasure.class, context, erasure -> neighbours(context, erasure)),
                ReferencedObjects.secrets(context, secret -> neighbours(context, secret)),
                ReferencedObjects.claims(context, claim -> neighbours(context, claim)),
                own(ConfigMap.class, context),
                own(Deployment.class, context),
                own(Service.class, context),
                own(PodDisruptionBudget.class, context),
                own(HorizontalPodAutoscaler.class, context));
        caches.corpora()
                .only()
                .addIndexer(
                        QueryObserver.BY_NAMESPACE,
                        corpus -> List.of(corpus.getMetadata().getNamespace()));
        caches.erasures().only().addIndexer(Erasures.BY_CORPUS, Erasures::corpus);
        observer = Optional.of(new QueryObserver(client, new CorpusRoutes(resolver, catalog), caches, clock));
        var signals = new Signals<QueryServer>(gone -> meters.remove("QueryServer", gone));
        watchdog.guard(QueryServer.class, context.getPrimaryCache(), signals, QueryServerStatus::observedGeneration);
        connections.subscribe(cluster -> {
            if (signals.isListening()) {
                context.getPrimaryCache().list().map(ResourceID::fromResource).forEach(signals::raise);
            }
        });
        resolver.subscribe(namespace -> {
            if (signals.isListening()) {
                context.getPrimaryCache()
                        .byIndex(QueryObserver.BY_NAMESPACE, namespace)
                        .forEach(server -> signals.raise(ResourceID.fromResource(server)));
            }
        });
        return sources(caches, signals);
    }

    private static List<EventSource<?, QueryServer>> sources(
            QueryObserver.Caches caches, Signals<QueryServer> signals) {
        var sources = new ArrayList<EventSource<?, QueryServer>>();
        Stream.of(
                        caches.corpora(),
                        caches.erasures(),
                        caches.secrets(),
                        caches.claims(),
                        caches.configMaps(),
                        caches.deployments(),
                        caches.services(),
                        caches.disruptionBudgets(),
                        caches.autoscalers())
                .forEach(watched -> sources.addAll(watched.sources()));
        sources.add(signals);
        return sources;
    }

    @Override
    public UpdateControl<QueryServer> reconcile(QueryServer server, Context<QueryServer> context) {
        if (!resolver.isReady()) {
            return UpdateControl.<QueryServer>noUpdate().rescheduleAfter(CACHES);
        }
        var looking = observer.orElseThrow();
        var seen = looking.observe(server);
        var plan = QueryPlanner.plan(server, seen, looking::exists, WorkerImage.of(configuration.indexServer()));
        plan.steps().forEach(step -> actuator.act(server, step));
        var generation = server.getMetadata().getGeneration();
        var before = seen.previous().map(QueryServerStatus::conditions).orElse(null);
        var conditions = Conditions.of(before, QueryConditions.of(seen, plan), generation, seen.now());
        var deployed = seen.existing().deployment().map(Deployment::getStatus);
        var name = server.getMetadata().getName();
        var status = new QueryServerStatus(
                generation,
                QueryConditions.number(
                        deployed.map(DeploymentStatus::getReplicas).orElse(null)),
                QueryConditions.number(
                        deployed.map(DeploymentStatus::getReadyReplicas).orElse(null)),
                selector(name),
                plan.routes(),
                "http://" + name + "." + server.getMetadata().getNamespace() + ".svc",
                conditions);
        meters.update(server, conditions);
        var report = new Reporter.Report<>(status, before, conditions, Reason.routine(QueryReason.values()));
        return reporter.end(server, new QueryServer(), report, configuration.resync());
    }

    private static String selector(String server) {
        return QueryWorkload.selector(server).entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue())
                .collect(Collectors.joining(","));
    }

    /** All QueryServers of the object's namespace: they select by label, and need what corpora need. */
    private static Set<ResourceID> neighbours(EventSourceContext<QueryServer> context, HasMetadata object) {
        return context
                .getPrimaryCache()
                .byIndex(QueryObserver.BY_NAMESPACE, object.getMetadata().getNamespace())
                .stream()
                .map(ResourceID::fromResource)
                .collect(Collectors.toSet());
    }

    private static <R extends HasMetadata> dev.concordance.operator.kube.Watched<R, QueryServer> own(
            Class<R> type, EventSourceContext<QueryServer> context) {
        return ReferencedObjects.managed(type, Labels.SERVING, context, object -> {
            var labels = object.getMetadata().getLabels();
            var server = labels == null ? null : labels.get(Labels.QUERY_SERVER);
            return server == null
                    ? Set.of()
                    : Set.of(new ResourceID(server, object.getMetadata().getNamespace()));
        });
    }
}
