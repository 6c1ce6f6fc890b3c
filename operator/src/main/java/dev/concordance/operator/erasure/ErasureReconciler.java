package dev.concordance.operator.erasure;

import dev.concordance.api.v1alpha1.Api;
import dev.concordance.api.v1alpha1.Corpus;
import dev.concordance.api.v1alpha1.Erasure;
import dev.concordance.api.v1alpha1.ErasureStatus;
import dev.concordance.api.v1alpha1.IngestionRun;
import dev.concordance.api.v1alpha1.IngestionRunSpec;
import dev.concordance.api.v1alpha1.LocalReference;
import dev.concordance.operator.OperatorConfiguration;
import dev.concordance.operator.cluster.ClusterConnections;
import dev.concordance.operator.corpus.CorpusResolver;
import dev.concordance.operator.elastic.BackendException;
import dev.concordance.operator.kube.ConditionMeters;
import dev.concordance.operator.kube.Conditions;
import dev.concordance.operator.kube.Finding;
import dev.concordance.operator.kube.Labels;
import dev.concordance.operator.kube.Meaningful;
import dev.concordance.operator.kube.Parsed;
import dev.concordance.operator.kube.Reason;
import dev.concordance.operator.kube.Reference;
import dev.concordance.operator.kube.ReferencedObjects;
import dev.concordance.operator.kube.Reporter;
import dev.concordance.operator.kube.Signals;
import dev.concordance.operator.kube.StepLog;
import dev.concordance.operator.kube.Truth;
import dev.concordance.operator.kube.Values;
import dev.concordance.operator.kube.Watchdog;
import io.fabric8.kubernetes.client.KubernetesClient;
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
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Carries Erasures out, proves it, and keeps them in effect until they are deleted. */
@ControllerConfiguration(
        name = "erasure",
        fieldManager = Labels.OPERATOR,
        finalizerName = Api.GROUP + "/tombstone",
        generationAwareEventProcessing = false,
        informer = @Informer(onUpdateFilter = Meaningful.class))
@GradualRetry(maxAttempts = -1, initialInterval = 500, intervalMultiplier = 2, maxInterval = 60_000)
public final class ErasureReconciler implements Reconciler<Erasure>, Cleaner<Erasure> {
    private static final Set<String> ROUTINE = Reason.routine(ErasureReason.values());
    private static final String BY_SECRET = "secret";
    private static final Duration CACHES = Duration.ofMillis(500);
    private static final Duration WAITING = Duration.ofSeconds(2);

    private final CorpusResolver resolver;
    private final ClusterConnections connections;
    private final Values values;
    private final ErasureActuator actuator;
    private final Reporter reporter;
    private final OperatorConfiguration configuration;
    private final Clock clock;
    private final ConditionMeters meters;
    private final Watchdog watchdog;
    private Optional<ErasureObserver> observer = Optional.empty();

    ErasureReconciler(
            KubernetesClient client,
            CorpusResolver resolver,
            ClusterConnections connections,
            Values values,
            StepLog log,
            Reporter reporter,
            OperatorConfiguration configuration,
            Clock clock,
            ConditionMeters meters,
            Watchdog watchdog) {
        this.resolver = resolver;
        this.connections = connections;
        this.values = values;
        this.actuator = new ErasureActuator(client, log);
        this.reporter = reporter;
        this.configuration = configuration;
        this.clock = clock;
        this.meters = meters;
        this.watchdog = watchdog;
    }

    @Override
    public List<EventSource<?, Erasure>> prepareEventSources(EventSourceContext<Erasure> context) {
        context.getPrimaryCache().addIndexer(Erasures.BY_CORPUS, Erasures::corpus);
        context.getPrimaryCache().addIndexer(BY_SECRET, ErasureReconciler::secretOf);
        var caches = new ErasureObserver.Caches(
                ReferencedObjects.all(
                        Corpus.class, context, ReferencedObjects.byIndex(context, Erasures.BY_CORPUS, Reference::of)),
                ReferencedObjects.all(IngestionRun.class, context, ErasureReconciler::erasureOf),
                ReferencedObjects.secrets(context, ReferencedObjects.byIndex(context, BY_SECRET, Reference::of)));
        caches.runs()
                .only()
                .addIndexer(
                        ErasureObserver.RUNS_BY_ERASURE,
                        run -> erasureOf(run).stream()
                                .map(erasure -> erasure.getNamespace().orElse("") + "/" + erasure.getName())
                                .toList());
        observer = Optional.of(new ErasureObserver(resolver, connections, values, caches, clock));
        var signals = new Signals<Erasure>(gone -> meters.remove("Erasure", gone));
        watchdog.guard(Erasure.class, context.getPrimaryCache(), signals, ErasureStatus::observedGeneration);
        connections.subscribe(cluster -> {
            if (signals.isListening()) {
                context.getPrimaryCache().list().map(ResourceID::fromResource).forEach(signals::raise);
            }
        });
        var sources = new ArrayList<EventSource<?, Erasure>>();
        Stream.of(caches.corpora(), caches.runs(), caches.secrets())
                .forEach(watched -> sources.addAll(watched.sources()));
        sources.add(signals);
        return sources;
    }

    @Override
    public UpdateControl<Erasure> reconcile(Erasure erasure, Context<Erasure> context) {
        if (!resolver.isReady()) {
            return UpdateControl.<Erasure>noUpdate().rescheduleAfter(CACHES);
        }
        var seen = observer.orElseThrow().observe(erasure);
        var observation = seen.observation();
        if (isTooEarly(observation)) {
            return UpdateControl.<Erasure>noUpdate().rescheduleAfter(WAITING);
        }
        var plan = ErasurePlanner.plan(observation);
        plan.steps().forEach(step -> actuator.act(erasure, seen.target(), step));
        var pending = ErasureStatuses.pending(observation);
        var generation = erasure.getMetadata().getGeneration();
        var before = observation.previous().map(ErasureStatus::conditions).orElse(null);
        var conditions =
                Conditions.of(before, ErasureConditions.of(observation, plan, pending), generation, observation.now());
        var status = ErasureStatuses.of(generation, observation, plan, pending, conditions);
        meters.update(erasure, conditions);
        return reporter.end(
                erasure,
                new Erasure(),
                new Reporter.Report<>(status, before, conditions, ROUTINE),
                next(plan, observation));
    }

    /** What was told before stands until the SearchCluster has been asked once. */
    private static boolean isTooEarly(ErasureObservation seen) {
        return seen.previous().isPresent()
                && seen.stored() instanceof ErasureObservation.Stored.Silent(var obstacle)
                && obstacle.reason().equals(CorpusResolver.NOT_CHECKED);
    }

    private Duration next(ErasurePlan plan, ErasureObservation seen) {
        var resync = configuration.resync();
        return plan.wakeAt()
                .map(at -> Duration.between(seen.now(), at).plus(CACHES))
                .filter(delay -> delay.compareTo(resync) < 0)
                .orElse(resync);
    }

    /** First its runs end, which would write another report; then the report goes, and with the object the tombstone. */
    @Override
    public DeleteControl cleanup(Erasure erasure, Context<Erasure> context) {
        var looking = observer.orElseThrow();
        var runs = looking.runs(erasure).toList();
        var target = looking.target(erasure);
        if (!runs.isEmpty()) {
            runs.stream()
                    .filter(run -> !run.isMarkedForDeletion())
                    .forEach(run -> actuator.act(
                            erasure,
                            target,
                            new ErasureStep.ForgetRun(run.getMetadata().getName())));
            return waiting(erasure, "%d runs have to end".formatted(runs.size()), context);
        }
        if (target.isEmpty() && looking.hasCorpus(erasure)) {
            return waiting(erasure, "Elasticsearch can't be reached", context);
        }
        try {
            target.ifPresent(where -> where.connection()
                    .backend()
                    .forgetErased(where.names(), erasure.getMetadata().getUid()));
        } catch (BackendException failed) {
            var connection = target.orElseThrow().connection();
            connections.doubt(connection);
            return waiting(erasure, connection.explain(failed).message(), context);
        }
        looking.forget(erasure.getMetadata().getUid());
        return DeleteControl.defaultDelete();
    }

    private DeleteControl waiting(Erasure erasure, String why, Context<Erasure> context) {
        var status = Optional.ofNullable(erasure.getStatus());
        var before = status.map(ErasureStatus::conditions).orElse(null);
        var reason = ErasureReason.DeletionWaits;
        var findings = List.of(
                Finding.of(Conditions.READY, Truth.FALSE, reason, why),
                Finding.of(Conditions.RECONCILING, Truth.TRUE, reason, why),
                Finding.of(Conditions.STALLED, Truth.FALSE, ErasureReason.Settled));
        var conditions = Conditions.of(before, findings, erasure.getMetadata().getGeneration(), clock.instant());
        var told = new ErasureStatus(
                erasure.getMetadata().getGeneration(),
                status.map(ErasureStatus::phase).orElse(null),
                status.map(ErasureStatus::effectiveSince).orElse(null),
                status.map(ErasureStatus::documents).orElse(null),
                status.map(ErasureStatus::documentKeys).orElse(null),
                status.map(ErasureStatus::lastRun).orElse(null),
                status.map(ErasureStatus::erasedAt).orElse(null),
                status.map(ErasureStatus::verification).orElse(null),
                status.map(ErasureStatus::pending).orElse(null),
                status.map(ErasureStatus::receipt).orElse(null),
                conditions);
        reporter.write(erasure, new Erasure(), new Reporter.Report<>(told, before, conditions, ROUTINE), context);
        return DeleteControl.noFinalizerRemoval().rescheduleAfter(WAITING);
    }

    private static Set<ResourceID> erasureOf(IngestionRun run) {
        return Optional.ofNullable(run.getSpec())
                .map(IngestionRunSpec::erasureRef)
                .map(LocalReference::name)
                .map(name -> Set.of(new ResourceID(name, run.getMetadata().getNamespace())))
                .orElse(Set.of());
    }

    private static List<String> secretOf(Erasure erasure) {
        return Parsed.of(erasure, ErasureDeclaration::parse).valid().flatMap(ErasureDeclaration::signing).stream()
                .map(key -> Reference.secret(erasure.getMetadata().getNamespace(), key.secret())
                        .key())
                .toList();
    }
}
