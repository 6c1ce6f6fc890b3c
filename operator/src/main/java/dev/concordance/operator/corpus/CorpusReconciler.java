package dev.concordance.operator.corpus;

import dev.concordance.api.v1alpha1.Api;
import dev.concordance.api.v1alpha1.Corpus;
import dev.concordance.api.v1alpha1.CorpusStatus;
import dev.concordance.api.v1alpha1.IngestionRun;
import dev.concordance.manifest.GenerationState;
import dev.concordance.operator.OperatorConfiguration;
import dev.concordance.operator.cluster.ClusterConnections;
import dev.concordance.operator.corpus.CorpusObservation.Obstacle;
import dev.concordance.operator.corpus.CorpusObserver.Target;
import dev.concordance.operator.elastic.BackendException;
import dev.concordance.operator.elastic.StoredGeneration;
import dev.concordance.operator.kube.ConditionMeters;
import dev.concordance.operator.kube.Conditions;
import dev.concordance.operator.kube.Finding;
import dev.concordance.operator.kube.Labels;
import dev.concordance.operator.kube.Meaningful;
import dev.concordance.operator.kube.Patience;
import dev.concordance.operator.kube.Reason;
import dev.concordance.operator.kube.Reference;
import dev.concordance.operator.kube.ReferencedObjects;
import dev.concordance.operator.kube.Reporter;
import dev.concordance.operator.kube.Signals;
import dev.concordance.operator.kube.StepLog;
import dev.concordance.operator.kube.Truth;
import dev.concordance.operator.kube.Watchdog;
import io.fabric8.kubernetes.api.model.Condition;
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
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Keeps each Corpus's index what the Corpus declares. */
@ControllerConfiguration(
        name = "corpus",
        fieldManager = Labels.OPERATOR,
        finalizerName = Api.GROUP + "/indexes",
        generationAwareEventProcessing = false,
        informer = @Informer(onUpdateFilter = Meaningful.class))
@GradualRetry(maxAttempts = -1, initialInterval = 500, intervalMultiplier = 2, maxInterval = 60_000)
public final class CorpusReconciler implements Reconciler<Corpus>, Cleaner<Corpus> {
    private static final Set<String> ROUTINE = Reason.routine(CorpusReason.values());
    private static final Duration AT_ONCE = Duration.ofMillis(100);
    private static final Duration AFTER_TROUBLE = Duration.ofSeconds(5);

    private final CorpusReferences references;
    private final CorpusResolver resolver;
    private final ClusterConnections connections;
    private final GenerationCatalog catalog;
    private final InletStates inlets;
    private final CorpusActuator actuator;
    private final Reporter reporter;
    private final OperatorConfiguration configuration;
    private final Clock clock;
    private final CorpusMeters meters;
    private final ConditionMeters conditionMeters;
    private final Watchdog watchdog;
    private final Steadiness steadiness = new Steadiness();
    private Optional<CorpusObserver> observer = Optional.empty();

    CorpusReconciler(
            CorpusReferences references,
            CorpusResolver resolver,
            ClusterConnections connections,
            GenerationCatalog catalog,
            InletStates inlets,
            KubernetesClient client,
            StepLog log,
            Reporter reporter,
            OperatorConfiguration configuration,
            Clock clock,
            MeterRegistry registry,
            ConditionMeters conditionMeters,
            Watchdog watchdog) {
        this.references = references;
        this.resolver = resolver;
        this.connections = connections;
        this.catalog = catalog;
        this.inlets = inlets;
        this.actuator = new CorpusActuator(client, log);
        this.reporter = reporter;
        this.configuration = configuration;
        this.clock = clock;
        this.meters = new CorpusMeters(registry, clock);
        this.conditionMeters = conditionMeters;
        this.watchdog = watchdog;
    }

    @Override
    public List<EventSource<?, Corpus>> prepareEventSources(EventSourceContext<Corpus> context) {
        var sources = new ArrayList<>(references.prepare(context));
        var runs = ReferencedObjects.all(
                IngestionRun.class, context, run -> corpusOf(run).map(Set::of).orElse(Set.of()));
        runs.only()
                .addIndexer(
                        CorpusObserver.RUNS_BY_CORPUS,
                        run -> corpusOf(run)
                                .map(corpus -> new Reference(
                                                "Corpus", corpus.getNamespace().orElse(""), corpus.getName())
                                        .key())
                                .stream()
                                .toList());
        sources.addAll(runs.sources());
        var signals = new Signals<Corpus>(this::forget);
        watchdog.guard(Corpus.class, context.getPrimaryCache(), signals, CorpusStatus::observedGeneration);
        connections.subscribe(cluster -> {
            if (signals.isListening()) {
                var reference = new Reference(CorpusDeclaration.CLUSTER, cluster.namespace(), cluster.name());
                CorpusReferences.users(context, reference).forEach(signals::raise);
            }
        });
        sources.add(signals);
        observer = Optional.of(new CorpusObserver(
                resolver,
                connections,
                catalog,
                inlets,
                runs,
                configuration.runs().retained(),
                clock));
        return sources;
    }

    private void forget(ResourceID gone) {
        inlets.forget(gone);
        meters.remove(gone);
        steadiness.forget(gone);
        observer.ifPresent(looks -> looks.forget(gone));
        conditionMeters.remove("Corpus", gone);
    }

    @Override
    public UpdateControl<Corpus> reconcile(Corpus corpus, Context<Corpus> context) {
        var seen = observer.orElseThrow().observe(corpus);
        var observation = seen.observation();
        if (observation.isTooEarly()) {
            return UpdateControl.<Corpus>noUpdate().rescheduleAfter(AFTER_TROUBLE);
        }
        var plan = CorpusPlanner.plan(observation);
        var failure = act(corpus, seen.target(), plan.steps());
        var reported = failure.map(obstacle -> silent(observation, obstacle)).orElse(observation);
        var told = failure.isPresent() ? CorpusPlan.idle(Optional.empty()) : plan;
        var report = report(corpus, reported, told);
        conditionMeters.update(corpus, report.after());
        meters.update(
                corpus,
                report.status(),
                observation
                        .declaration()
                        .valid()
                        .map(declared -> declared.timing().level()),
                told.generations()
                        .flatMap(Generations::live)
                        .flatMap(StoredGeneration::state)
                        .map(GenerationState::freshAsOf));
        var next = failure.isPresent() ? nextTry(report.after(), observation.now()) : next(plan, observation.now());
        var steady = steadiness.steady(ResourceID.fromResource(corpus), report, observation);
        return reporter.end(corpus, new Corpus(), steady, next);
    }

    @Override
    public DeleteControl cleanup(Corpus corpus, Context<Corpus> context) {
        var seen = observer.orElseThrow().observeDeleted(corpus);
        var plan = DeletionPlanner.plan(seen.farewell());
        var waiting = plan.waiting();
        var failure = act(corpus, seen.target(), plan.steps());
        if (waiting.isEmpty() && failure.isEmpty()) {
            return DeleteControl.defaultDelete();
        }
        var obstacle =
                failure.map(DeletionPlanner::unreachable).or(() -> waiting).orElseThrow();
        reporter.write(corpus, new Corpus(), farewell(corpus, obstacle), context);
        return DeleteControl.noFinalizerRemoval().rescheduleAfter(AFTER_TROUBLE);
    }

    /** Does the steps in their order; the first that Elasticsearch does not do ends them, and says why. */
    private Optional<Obstacle> act(Corpus corpus, Optional<Target> target, List<CorpusStep> steps) {
        try {
            steps.forEach(step -> actuator.act(corpus, target, step));
            return Optional.empty();
        } catch (BackendException failed) {
            var connection = target.orElseThrow().connection();
            connections.doubt(connection);
            var trouble = connection.explain(failed);
            return Optional.of(new Obstacle(trouble.reason().name(), trouble.message()));
        }
    }

    private Duration nextTry(List<Condition> conditions, Instant now) {
        var since = Patience.since(conditions, CorpusConditions.ELASTICSEARCH_READY, now);
        return Patience.growing(since, now, AFTER_TROUBLE, configuration.resync());
    }

    private Duration next(CorpusPlan plan, Instant now) {
        if (plan.steps().stream().anyMatch(CorpusReconciler::changesWhatIsObserved)) {
            return AT_ONCE;
        }
        var resync = configuration.resync();
        return plan.wakeAt()
                .map(at -> Duration.between(now, at).plus(AT_ONCE))
                .filter(delay -> delay.compareTo(resync) < 0)
                .orElse(resync);
    }

    /** A changed IngestionRun comes back as an event; a changed index does not. */
    private static boolean changesWhatIsObserved(CorpusStep step) {
        return switch (step) {
            case CorpusStep.CreateGeneration create -> true;
            case CorpusStep.Share share -> false;
            case CorpusStep.Promote promote -> true;
            case CorpusStep.SetReplicas replicas -> true;
            case CorpusStep.DeleteGeneration delete -> true;
            case CorpusStep.CreateInbox create -> true;
            case CorpusStep.DeleteLedger delete -> false;
            case CorpusStep.StartRun start -> false;
            case CorpusStep.StopRun stop -> false;
            case CorpusStep.ForgetRun forget -> false;
        };
    }

    private static CorpusObservation silent(CorpusObservation seen, Obstacle obstacle) {
        return new CorpusObservation(
                seen.alias(),
                seen.declaration(),
                seen.paused(),
                seen.missing(),
                seen.desired(),
                seen.sourcesDigest(),
                seen.inputs(),
                new CorpusObservation.Backend.Silent(obstacle),
                seen.runs(),
                seen.inlet(),
                seen.previous(),
                seen.approved(),
                seen.approvedPlan(),
                seen.retained(),
                seen.now());
    }

    private static Reporter.Report<CorpusStatus> report(Corpus corpus, CorpusObservation seen, CorpusPlan plan) {
        var before = seen.previous().map(CorpusStatus::conditions).orElse(null);
        var generation = corpus.getMetadata().getGeneration();
        var conditions = Conditions.of(before, CorpusConditions.of(seen, plan), generation, seen.now());
        var status = CorpusStatuses.of(generation, seen, plan, conditions);
        return new Reporter.Report<>(status, before, conditions, ROUTINE);
    }

    /** What a corpus that is being deleted waits for; the rest of its status stays. */
    private Reporter.Report<CorpusStatus> farewell(Corpus corpus, Obstacle waiting) {
        var status = Optional.ofNullable(corpus.getStatus());
        var before = status.map(CorpusStatus::conditions).orElse(null);
        var findings = List.of(
                new Finding(Conditions.READY, Truth.FALSE, waiting.reason(), waiting.message()),
                new Finding(Conditions.RECONCILING, Truth.TRUE, waiting.reason(), waiting.message()),
                Finding.of(Conditions.STALLED, Truth.FALSE, CorpusReason.Settled));
        List<Condition> conditions =
                Conditions.of(before, findings, corpus.getMetadata().getGeneration(), clock.instant());
        var told = new CorpusStatus(
                corpus.getMetadata().getGeneration(),
                status.map(CorpusStatus::serving).orElse(null),
                status.map(CorpusStatus::candidate).orElse(null),
                status.map(CorpusStatus::plan).orElse(null),
                status.map(CorpusStatus::lastChange).orElse(null),
                status.map(CorpusStatus::generations).orElse(null),
                status.map(CorpusStatus::freshness).orElse(null),
                status.map(CorpusStatus::lastRun).orElse(null),
                status.map(CorpusStatus::quarantine).orElse(null),
                status.map(CorpusStatus::withheldDeletions).orElse(null),
                status.map(CorpusStatus::cost).orElse(null),
                status.map(CorpusStatus::hidden).orElse(null),
                conditions);
        return new Reporter.Report<>(told, before, conditions, ROUTINE);
    }

    private static Optional<ResourceID> corpusOf(IngestionRun run) {
        var spec = run.getSpec();
        return spec == null || spec.corpusRef() == null || spec.corpusRef().name() == null
                ? Optional.empty()
                : Optional.of(new ResourceID(
                        spec.corpusRef().name(), run.getMetadata().getNamespace()));
    }
}
