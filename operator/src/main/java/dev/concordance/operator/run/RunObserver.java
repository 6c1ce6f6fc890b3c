package dev.concordance.operator.run;

import dev.concordance.api.v1alpha1.Corpus;
import dev.concordance.api.v1alpha1.CorpusStatus;
import dev.concordance.api.v1alpha1.Erasure;
import dev.concordance.api.v1alpha1.IngestionRun;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.RunMode;
import dev.concordance.manifest.RunReport;
import dev.concordance.operator.cluster.ClusterConnections;
import dev.concordance.operator.corpus.CorpusResolver;
import dev.concordance.operator.corpus.CorpusResolver.Unresolved;
import dev.concordance.operator.corpus.RunPhase;
import dev.concordance.operator.elastic.BackendException;
import dev.concordance.operator.elastic.SearchBackend;
import dev.concordance.operator.erasure.Erasures;
import dev.concordance.operator.kube.Defaults;
import dev.concordance.operator.kube.Labels;
import dev.concordance.operator.kube.Owned;
import dev.concordance.operator.kube.Reference;
import dev.concordance.operator.kube.Watched;
import dev.concordance.operator.run.RunObservation.JobState;
import dev.concordance.operator.run.RunObservation.Launch;
import dev.concordance.operator.run.RunObservation.Obstacle;
import dev.concordance.operator.run.RunObservation.SeenJob;
import dev.concordance.operator.workload.IngestionJob;
import dev.concordance.operator.workload.WorkerImage;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Looks at an IngestionRun: at its Job and pods, at the other runs of its corpus, and into the ledger. */
final class RunObserver {
    static final String BY_CORPUS = "corpus";

    private final KubernetesClient client;
    private final CorpusResolver resolver;
    private final ClusterConnections connections;
    private final LaunchFinder launches;
    private final GoneErasures gone;
    private final Caches caches;
    private final WorkerImage image;
    private final Clock clock;

    RunObserver(
            KubernetesClient client,
            CorpusResolver resolver,
            ClusterConnections connections,
            LaunchFinder launches,
            GoneErasures gone,
            Caches caches,
            WorkerImage image,
            Clock clock) {
        this.client = client;
        this.resolver = resolver;
        this.connections = connections;
        this.launches = launches;
        this.gone = gone;
        this.caches = caches;
        this.image = image;
        this.clock = clock;
    }

    /** What the informers of the controller know. */
    record Caches(
            IndexerResourceCache<IngestionRun> runs,
            Watched<Corpus, IngestionRun> corpora,
            Watched<Erasure, IngestionRun> erasures,
            Watched<Job, IngestionRun> jobs,
            Watched<Deployment, IngestionRun> deployments,
            Watched<Pod, IngestionRun> pods) {}

    RunObservation observe(IngestionRun run) {
        var corpus = caches.corpora().find(run.getMetadata().getNamespace(), LaunchFinder.corpusName(run));
        var job = job(run);
        var preparation = preparation(run, job);
        var isSettled = job.isPresent() || preparation.filter(SeenJob::isAtWork).isPresent();
        var found = isSettled
                ? new Launch.Blocked(Obstacle.of(RunReason.Settled))
                : launches.find(run, corpus, erasures(run));
        var first = first(run, corpus);
        var strangers = found instanceof Launch.Possible possible
                ? strangers(run, possible.job().specification().manifest().generation(), corpus)
                : List.<String>of();
        var launch = found instanceof Launch.Possible possible && first.isEmpty() && strangers.isEmpty()
                ? gone.settle(possible, corpus.orElseThrow())
                : found;
        var ledger = job.or(() -> preparation)
                .filter(workload -> workload.state() != JobState.GOING)
                .map(workload -> report(run, corpus, job, preparation))
                .orElse(new Ledger(Optional.empty(), Optional.empty()));
        var status = run.getStatus();
        return new RunObservation(
                run.getMetadata().getName(),
                RunPhase.named(status == null ? null : status.phase()),
                LaunchFinder.mode(run),
                first,
                launch,
                preparation,
                job,
                pods(run).map(SeenWorkloads::of).toList(),
                strangers,
                ledger.report(),
                ledger.unreadable(),
                clock.instant());
    }

    private List<Erasure> erasures(IngestionRun run) {
        var corpus = new Reference("Corpus", run.getMetadata().getNamespace(), LaunchFinder.corpusName(run));
        return caches.erasures().byIndex(Erasures.BY_CORPUS, corpus.key()).toList();
    }

    /** What of a run is still there while it is being deleted. */
    List<String> remains(IngestionRun run) {
        var remains = new ArrayList<String>();
        livePods(run)
                .filter(pod -> isOf(pod, run) && !SeenWorkloads.isEnded(pod))
                .forEach(pod -> remains.add(pod.getMetadata().getName()));
        return remains;
    }

    private Optional<SeenJob> job(IngestionRun run) {
        var name = IngestionJob.name(run.getMetadata().getName());
        if (LaunchFinder.mode(run) == RunMode.Follow) {
            return deployment(run.getMetadata().getNamespace(), name)
                    .filter(deployment -> Owned.isOwned(deployment, run))
                    .map(deployment -> SeenWorkloads.of(deployment, image, Erasures.held(erasures(run).stream())));
        }
        return known(run, name).or(() -> live(run, name));
    }

    /** Asked of the API server only where it decides what is started next. */
    private Optional<SeenJob> preparation(IngestionRun run, Optional<SeenJob> job) {
        var name = IngestionJob.preparationName(run.getMetadata().getName());
        var known = known(run, name);
        return job.isPresent() ? known : known.or(() -> live(run, name));
    }

    private Optional<SeenJob> known(IngestionRun run, String name) {
        return caches.jobs()
                .find(run.getMetadata().getNamespace(), name)
                .filter(job -> Owned.isOwned(job, run))
                .map(job -> SeenWorkloads.of(job, image, pods(run)));
    }

    private Optional<SeenJob> live(IngestionRun run, String name) {
        return Optional.ofNullable(client.batch()
                        .v1()
                        .jobs()
                        .inNamespace(run.getMetadata().getNamespace())
                        .withName(name)
                        .get())
                .filter(job -> Owned.isOwned(job, run))
                .map(job -> SeenWorkloads.of(job, image, pods(run)));
    }

    private Optional<Deployment> deployment(@Nullable String namespace, String name) {
        return caches.deployments()
                .find(namespace, name)
                .or(() -> Optional.ofNullable(client.apps()
                        .deployments()
                        .inNamespace(namespace)
                        .withName(name)
                        .get()));
    }

    private Stream<Pod> pods(IngestionRun run) {
        return caches.pods()
                .byIndex(BY_CORPUS, corpusKey(run))
                .filter(pod -> isOf(pod, run))
                .sorted(Comparator.comparing(
                        pod -> Defaults.or(pod.getMetadata().getCreationTimestamp(), "")));
    }

    private static boolean isOf(Pod pod, IngestionRun run) {
        var labels = pod.getMetadata().getLabels();
        return labels != null && run.getMetadata().getName().equals(labels.get(Labels.RUN));
    }

    /** Asked of the API server itself: nothing may start on what a cache has not heard of yet. */
    private List<String> strangers(IngestionRun run, int generation, Optional<Corpus> corpus) {
        var others = livePods(run).filter(pod -> !SeenWorkloads.isEnded(pod)).toList();
        if (others.isEmpty()) {
            return List.of();
        }
        var order = order(corpus);
        return others.stream()
                .filter(pod -> LaunchFinder.mode(run) == RunMode.Erase
                        || follows(run) && follows(pod)
                        || SeenWorkloads.generation(pod)
                                .map(other -> order.excludes(generation, other))
                                .orElse(true))
                .map(pod -> pod.getMetadata().getName())
                .toList();
    }

    private static boolean follows(IngestionRun run) {
        return LaunchFinder.mode(run) == RunMode.Follow;
    }

    private boolean follows(Pod pod) {
        var name = pod.getMetadata().getLabels().get(Labels.RUN);
        return name != null
                && caches.runs()
                        .get(new ResourceID(name, pod.getMetadata().getNamespace()))
                        .filter(RunObserver::follows)
                        .isPresent();
    }

    private Stream<Pod> livePods(IngestionRun run) {
        return client
                .pods()
                .inNamespace(run.getMetadata().getNamespace())
                .withLabel(Labels.COMPONENT, Labels.INGESTION)
                .withLabel(Labels.CORPUS, LaunchFinder.corpusName(run))
                .list()
                .getItems()
                .stream();
    }

    private record Ledger(Optional<RunReport> report, Optional<Obstacle> unreadable) {}

    private Ledger report(
            IngestionRun run, Optional<Corpus> corpus, Optional<SeenJob> job, Optional<SeenJob> preparation) {
        var spec = corpus.map(Corpus::getSpec);
        var reference = spec.map(given -> given.searchClusterRef());
        var namespace = run.getMetadata().getNamespace();
        if (reference.isEmpty() || reference.get().name() == null) {
            return unreadable(Obstacle.of(RunReason.CorpusMissing, LaunchFinder.corpusName(run)));
        }
        var cluster = new Reference(
                "SearchCluster",
                Objects.requireNonNullElse(reference.get().namespace(), namespace),
                reference.get().name());
        try {
            var connection = resolver.connection(namespace, cluster);
            if (!connection.readable()) {
                return unreadable(Obstacle.of(connection.trouble().orElseThrow()));
            }
            var names = new IndexNames(connection.declaration().indexPrefix(), namespace, LaunchFinder.corpusName(run));
            try {
                var name = run.getMetadata().getName();
                var shards = preparation
                        .map(found -> shards(connection.backend(), names, name, found))
                        .orElse(List.of());
                var report = job.isPresent()
                        ? connection.backend().report(names, name).map(own -> ShardReports.after(own, shards))
                        : ShardReports.together(shards);
                return new Ledger(report, Optional.empty());
            } catch (BackendException failed) {
                connections.doubt(connection);
                return unreadable(Obstacle.of(connection.explain(failed)));
            }
        } catch (Unresolved unresolved) {
            return unreadable(new Obstacle(unresolved.reason(), unresolved.sentence()));
        }
    }

    /** What the pods of a Job have told, and not those of another one before it. */
    private static List<RunReport> shards(SearchBackend backend, IndexNames names, String run, SeenJob preparation) {
        return IntStream.range(0, preparation.shards())
                .mapToObj(shard -> backend.report(names, RunReport.ofShard(run, shard)))
                .flatMap(Optional::stream)
                .filter(report -> preparation
                        .startedAt()
                        .filter(start -> !report.updatedAt().isBefore(start))
                        .isPresent())
                .toList();
    }

    private static Ledger unreadable(Obstacle obstacle) {
        return new Ledger(Optional.empty(), Optional.of(obstacle));
    }

    /** The run that goes before this one. */
    private Optional<String> first(IngestionRun run, Optional<Corpus> corpus) {
        return order(corpus).first(run, caches.runs().byIndex(BY_CORPUS, corpusKey(run)));
    }

    private RunOrder order(Optional<Corpus> corpus) {
        var serving = corpus.map(Corpus::getStatus).map(CorpusStatus::serving).map(CorpusStatus.Serving::generation);
        return new RunOrder(serving, () -> corpus.map(launches::mostSideBySide).orElse(Integer.MAX_VALUE));
    }

    static String corpusKey(IngestionRun run) {
        return run.getMetadata().getNamespace() + "/" + LaunchFinder.corpusName(run);
    }
}
