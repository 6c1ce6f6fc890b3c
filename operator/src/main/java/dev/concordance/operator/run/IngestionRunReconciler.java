package dev.concordance.operator.run;

import dev.concordance.api.v1alpha1.Api;
import dev.concordance.api.v1alpha1.Corpus;
import dev.concordance.api.v1alpha1.Erasure;
import dev.concordance.api.v1alpha1.IngestionRun;
import dev.concordance.api.v1alpha1.IngestionRunStatus;
import dev.concordance.operator.OperatorConfiguration;
import dev.concordance.operator.cluster.ClusterConnections;
import dev.concordance.operator.corpus.CorpusResolver;
import dev.concordance.operator.corpus.RunPhase;
import dev.concordance.operator.erasure.Erasures;
import dev.concordance.operator.kube.Conditions;
import dev.concordance.operator.kube.Labels;
import dev.concordance.operator.kube.Meaningful;
import dev.concordance.operator.kube.Reason;
import dev.concordance.operator.kube.ReferencedObjects;
import dev.concordance.operator.kube.Reporter;
import dev.concordance.operator.kube.Signals;
import dev.concordance.operator.kube.StepLog;
import dev.concordance.operator.kube.Watchdog;
import dev.concordance.operator.workload.WorkerImage;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Carries out IngestionRuns, one Job a corpus at a time. */
@ControllerConfiguration(
        name = "ingestionrun",
        fieldManager = Labels.OPERATOR,
        finalizerName = Api.GROUP + "/job",
        generationAwareEventProcessing = false,
        informer = @Informer(onUpdateFilter = Meaningful.class))
@GradualRetry(maxAttempts = -1, initialInterval = 500, intervalMultiplier = 2, maxInterval = 60_000)
public final class IngestionRunReconciler implements Reconciler<IngestionRun>, Cleaner<IngestionRun> {
    private static final Duration QUEUED = Duration.ofSeconds(5);
    private static final Duration STOPPING = Duration.ofSeconds(1);

    private final KubernetesClient client;
    private final CorpusResolver resolver;
    private final ClusterConnections connections;
    private final RunActuator actuator;
    private final Reporter reporter;
    private final OperatorConfiguration configuration;
    private final Clock clock;
    private final RunMeters meters;
    private final Watchdog watchdog;
    private Optional<RunObserver> observer = Optional.empty();
    private Signals<IngestionRun> signals = new Signals<>(gone -> {});
    private Optional<EventSourceContext<IngestionRun>> sources = Optional.empty();

    IngestionRunReconciler(
            KubernetesClient client,
            CorpusResolver resolver,
            ClusterConnections connections,
            StepLog log,
            Reporter reporter,
            OperatorConfiguration configuration,
            Clock clock,
            MeterRegistry registry,
            Watchdog watchdog) {
        this.client = client;
        this.resolver = resolver;
        this.connections = connections;
        this.actuator = new RunActuator(client, connections, log);
        this.reporter = reporter;
        this.configuration = configuration;
        this.clock = clock;
        this.meters = new RunMeters(registry);
        this.watchdog = watchdog;
    }

    @Override
    public List<EventSource<?, IngestionRun>> prepareEventSources(EventSourceContext<IngestionRun> context) {
        sources = Optional.of(context);
        context.getPrimaryCache().addIndexer(RunObserver.BY_CORPUS, run -> List.of(RunObserver.corpusKey(run)));
        var corpora = ReferencedObjects.all(
                Corpus.class,
                context,
                corpus -> unfinished(
                        context,
                        corpus.getMetadata().getNamespace(),
                        corpus.getMetadata().getName()));
        var erasures = ReferencedObjects.all(Erasure.class, context, erasure -> ofErasure(context, erasure));
        erasures.only().addIndexer(Erasures.BY_CORPUS, Erasures::corpus);
        var jobs = ReferencedObjects.managed(Job.class, Labels.INGESTION, context, IngestionRunReconciler::runOf);
        var deployments =
                ReferencedObjects.managed(Deployment.class, Labels.INGESTION, context, IngestionRunReconciler::runOf);
        var pods = ReferencedObjects.managed(Pod.class, Labels.INGESTION, context, IngestionRunReconciler::runOf);
        pods.only()
                .addIndexer(
                        RunObserver.BY_CORPUS,
                        pod ->
                                label(pod, Labels.CORPUS)
                                        .map(corpus -> pod.getMetadata().getNamespace() + "/" + corpus)
                                        .stream()
                                        .toList());
        var image = WorkerImage.of(configuration.indexServer());
        observer = Optional.of(new RunObserver(
                client,
                resolver,
                connections,
                new LaunchFinder(resolver, connections, image, clock),
                new GoneErasures(client, connections),
                new RunObserver.Caches(context.getPrimaryCache(), corpora, erasures, jobs, deployments, pods),
                image,
                clock));
        signals = new Signals<>(gone -> {});
        meters.count(context.getPrimaryCache());
        watchdog.guard(IngestionRun.class, context.getPrimaryCache(), signals, IngestionRunStatus::observedGeneration);
        return new ArrayList<>(
                List.of(corpora.only(), erasures.only(), jobs.only(), deployments.only(), pods.only(), signals));
    }

    @Override
    public UpdateControl<IngestionRun> reconcile(IngestionRun run, Context<IngestionRun> context) {
        var before = Optional.ofNullable(run.getStatus());
        var phase = RunPhase.named(before.map(IngestionRunStatus::phase).orElse(null));
        if (phase.isFinal()) {
            return UpdateControl.noUpdate();
        }
        if (!resolver.isReady()) {
            return UpdateControl.<IngestionRun>noUpdate().rescheduleAfter(STOPPING);
        }
        var seen = observer.orElseThrow().observe(run);
        if (seen.isTooEarly() && before.isPresent()) {
            return UpdateControl.<IngestionRun>noUpdate().rescheduleAfter(STOPPING);
        }
        var plan = actuator.act(run, RunPlanner.plan(seen));
        if (plan.phase().isFinal()) {
            meters.ended(RunObserver.corpusKey(run), plan, seen.report());
            wakeOthers(run);
        }
        var generation = run.getMetadata().getGeneration();
        var previous = before.map(IngestionRunStatus::conditions).orElse(null);
        var conditions = Conditions.of(previous, RunStatuses.findings(plan), generation, seen.now());
        var status = RunStatuses.status(generation, before, seen, plan, conditions);
        var report = new Reporter.Report<>(status, previous, conditions, Reason.routine(RunReason.values()));
        var next =
                plan.phase() == RunPhase.Queued ? QUEUED : configuration.runs().progressInterval();
        return reporter.end(run, new IngestionRun(), report, next);
    }

    /** The Job goes first, and nothing of the run is let go before its pods have ended. */
    @Override
    public DeleteControl cleanup(IngestionRun run, Context<IngestionRun> context) {
        var remains = observer.orElseThrow().remains(run);
        var workloads = actuator.workloads(run);
        workloads.stream()
                .filter(workload -> !workload.isMarkedForDeletion())
                .forEach(workload -> actuator.act(
                        run, new RunStep.StopJob(workload.getMetadata().getName())));
        if (workloads.isEmpty() && remains.isEmpty()) {
            wakeOthers(run);
            return DeleteControl.defaultDelete();
        }
        return DeleteControl.noFinalizerRemoval().rescheduleAfter(STOPPING);
    }

    private void wakeOthers(IngestionRun run) {
        var corpus = LaunchFinder.corpusName(run);
        sources.map(context -> unfinished(context, run.getMetadata().getNamespace(), corpus))
                .orElse(Set.of())
                .forEach(signals::raise);
    }

    private static Set<ResourceID> unfinished(
            EventSourceContext<IngestionRun> context, String namespace, String corpus) {
        return context.getPrimaryCache().byIndex(RunObserver.BY_CORPUS, namespace + "/" + corpus).stream()
                .filter(run -> !RunPhase.named(
                                run.getStatus() == null ? null : run.getStatus().phase())
                        .isFinal())
                .map(ResourceID::fromResource)
                .collect(Collectors.toSet());
    }

    private static Set<ResourceID> ofErasure(EventSourceContext<IngestionRun> context, Erasure erasure) {
        return Erasures.corpusName(erasure)
                .map(corpus -> unfinished(context, erasure.getMetadata().getNamespace(), corpus))
                .orElse(Set.of());
    }

    private static Set<ResourceID> runOf(HasMetadata object) {
        return label(object, Labels.RUN)
                .map(run -> Set.of(new ResourceID(run, object.getMetadata().getNamespace())))
                .orElse(Set.of());
    }

    private static Optional<String> label(HasMetadata object, String name) {
        var labels = object.getMetadata().getLabels();
        return labels == null ? Optional.empty() : Optional.ofNullable(labels.get(name));
    }
}
