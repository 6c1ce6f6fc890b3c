package dev.concordance.operator.cluster;

import dev.concordance.api.v1alpha1.Api;
import dev.concordance.api.v1alpha1.Corpus;
import dev.concordance.api.v1alpha1.SearchCluster;
import dev.concordance.api.v1alpha1.SearchClusterStatus;
import dev.concordance.operator.OperatorConfiguration;
import dev.concordance.operator.cluster.ClusterConnection.Trouble;
import dev.concordance.operator.elastic.BackendFactory;
import dev.concordance.operator.elastic.ClusterFacts;
import dev.concordance.operator.kube.ConditionMeters;
import dev.concordance.operator.kube.Conditions;
import dev.concordance.operator.kube.Labels;
import dev.concordance.operator.kube.Meaningful;
import dev.concordance.operator.kube.Parsed;
import dev.concordance.operator.kube.Patience;
import dev.concordance.operator.kube.Reason;
import dev.concordance.operator.kube.Reference;
import dev.concordance.operator.kube.ReferencedObjects;
import dev.concordance.operator.kube.Reporter;
import dev.concordance.operator.kube.Signals;
import dev.concordance.operator.kube.Values;
import dev.concordance.operator.kube.Watchdog;
import dev.concordance.operator.kube.Watched;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
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
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps the connection to a SearchCluster's Elasticsearch, and its status in step with what the cluster says. A
 * SearchCluster that corpora still refer to is not let go, since nobody could tidy up after them without it.
 */
@ControllerConfiguration(
        name = "searchcluster",
        fieldManager = Labels.OPERATOR,
        finalizerName = Api.GROUP + "/in-use",
        generationAwareEventProcessing = false,
        informer = @Informer(onUpdateFilter = Meaningful.class))
@GradualRetry(maxAttempts = -1, initialInterval = 500, intervalMultiplier = 2, maxInterval = 60_000)
public final class SearchClusterReconciler implements Reconciler<SearchCluster>, Cleaner<SearchCluster> {
    private static final String BY_REFERENCE = "references";
    private static final String BY_CLUSTER = "cluster";

    private final ClusterObserver observer;
    private final ClusterConnections connections;
    private final Reporter reporter;
    private final Clock clock;
    private final Duration regular;
    private final ConditionMeters meters;
    private final Watchdog watchdog;
    private final Signals<SearchCluster> signals;
    private Watched<Corpus, SearchCluster> corpora = new Watched<>(List.of());

    SearchClusterReconciler(
            Values values,
            BackendFactory backends,
            ClusterConnections connections,
            Reporter reporter,
            Clock clock,
            OperatorConfiguration configuration,
            ConditionMeters meters,
            Watchdog watchdog) {
        this.connections = connections;
        this.reporter = reporter;
        this.clock = clock;
        this.regular = configuration.elasticsearch().checkInterval();
        this.observer = new ClusterObserver(
                values, backends, connections, configuration.elasticsearch().requestTimeout(), clock);
        this.meters = meters;
        this.watchdog = watchdog;
        this.signals = new Signals<>(gone -> {
            connections.remove(key(gone));
            meters.remove("SearchCluster", gone);
        });
        connections.onDoubt(cluster -> signals.raise(new ResourceID(cluster.name(), cluster.namespace())));
    }

    @Override
    public List<EventSource<?, SearchCluster>> prepareEventSources(EventSourceContext<SearchCluster> context) {
        context.getPrimaryCache().addIndexer(BY_REFERENCE, SearchClusterReconciler::references);
        var secrets =
                ReferencedObjects.secrets(context, ReferencedObjects.byIndex(context, BY_REFERENCE, Reference::of));
        var maps =
                ReferencedObjects.configMaps(context, ReferencedObjects.byIndex(context, BY_REFERENCE, Reference::of));
        corpora = ReferencedObjects.all(
                Corpus.class, context, corpus -> clusterOf(corpus).map(Set::of).orElse(Set.of()));
        corpora.only()
                .addIndexer(
                        BY_CLUSTER,
                        corpus -> clusterOf(corpus)
                                .map(id -> List.of(id.toString()))
                                .orElse(List.of()));
        var sources = new ArrayList<EventSource<?, SearchCluster>>();
        sources.addAll(secrets.sources());
        sources.addAll(maps.sources());
        sources.addAll(corpora.sources());
        sources.add(signals);
        watchdog.guard(
                SearchCluster.class, context.getPrimaryCache(), signals, SearchClusterStatus::observedGeneration);
        return sources;
    }

    @Override
    public UpdateControl<SearchCluster> reconcile(SearchCluster cluster, Context<SearchCluster> context) {
        var seen = observer.observe(cluster);
        var trouble = ClusterPlanner.trouble(seen);
        ClusterPlanner.plan(seen, trouble).forEach(step -> act(cluster, step));
        var report = report(cluster, seen, trouble);
        meters.update(cluster, report.after());
        var now = clock.instant();
        var since = Patience.since(report.after(), Conditions.READY, now);
        var next = ClusterPlanner.next(trouble, since, now, regular);
        return reporter.end(cluster, new SearchCluster(), report, next);
    }

    @Override
    public DeleteControl cleanup(SearchCluster cluster, Context<SearchCluster> context) {
        var id = ResourceID.fromResource(cluster);
        var users = corpora.byIndex(BY_CLUSTER, id.toString()).count();
        if (users == 0) {
            connections.remove(key(id));
            return DeleteControl.defaultDelete();
        }
        var seen = observer.observeDeleted(cluster);
        var trouble = ClusterPlanner.trouble(seen);
        ClusterPlanner.plan(seen, trouble).forEach(step -> act(cluster, step));
        var report = report(cluster, seen, trouble);
        reporter.write(cluster, new SearchCluster(), report, context);
        return DeleteControl.noFinalizerRemoval().rescheduleAfter(regular);
    }

    private void act(SearchCluster cluster, ClusterStep step) {
        var key = key(ResourceID.fromResource(cluster));
        switch (step) {
            case ClusterStep.Publish(var connection) -> connections.put(key, connection);
            case ClusterStep.Withdraw() -> connections.remove(key);
        }
    }

    private static Reporter.Report<SearchClusterStatus> report(
            SearchCluster cluster, ClusterObservation seen, Optional<Trouble> trouble) {
        var before = Optional.ofNullable(cluster.getStatus());
        var conditions = Conditions.of(
                before.map(SearchClusterStatus::conditions).orElse(null),
                ClusterConditions.of(seen, trouble),
                cluster.getMetadata().getGeneration(),
                seen.now());
        var status = new SearchClusterStatus(
                cluster.getMetadata().getGeneration(),
                seen.facts()
                        .map(ClusterFacts::version)
                        .or(() -> before.flatMap(status0 -> Optional.ofNullable(status0.version())))
                        .orElse(null),
                seen.facts()
                        .map(ClusterFacts::clusterName)
                        .or(() -> before.flatMap(status0 -> Optional.ofNullable(status0.clusterName())))
                        .orElse(null),
                conditions);
        return new Reporter.Report<>(
                status,
                before.map(SearchClusterStatus::conditions).orElse(null),
                conditions,
                Reason.routine(ClusterReason.values()));
    }

    private static List<String> references(SearchCluster cluster) {
        return switch (Parsed.of(cluster, ClusterDeclaration::parse)) {
            case Parsed.Invalid<ClusterDeclaration> invalid -> List.of();
            case Parsed.Valid<ClusterDeclaration>(var declaration) -> {
                var keys = new ArrayList<String>();
                declaration
                        .authority()
                        .ifPresent(authority -> keys.add(authority.object().key()));
                declaration
                        .operatorSecret()
                        .ifPresent(name -> keys.add(
                                Reference.secret(declaration.namespace(), name).key()));
                yield keys;
            }
        };
    }

    private static Optional<ResourceID> clusterOf(Corpus corpus) {
        var spec = corpus.getSpec();
        if (spec == null
                || spec.searchClusterRef() == null
                || spec.searchClusterRef().name() == null) {
            return Optional.empty();
        }
        var namespace = Objects.requireNonNullElse(
                spec.searchClusterRef().namespace(), corpus.getMetadata().getNamespace());
        return Optional.of(new ResourceID(spec.searchClusterRef().name(), namespace));
    }

    private static ClusterConnections.Key key(ResourceID id) {
        return new ClusterConnections.Key(id.getNamespace().orElseThrow(), id.getName());
    }
}
