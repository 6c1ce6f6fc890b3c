package dev.concordance.operator.testing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.manifest.ErasureDigest;
import dev.concordance.manifest.ErasureReport;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.GenerationState;
import dev.concordance.manifest.IndexIdentity;
import dev.concordance.manifest.Lease;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.PushPosition;
import dev.concordance.manifest.Reached;
import dev.concordance.manifest.RunMode;
import dev.concordance.manifest.RunReport;
import dev.concordance.manifest.RunReport.Phase;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.manifest.Tracer;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Stand for the pods of ingestion Jobs: each pod's run is carried out as far as the operator can see, so what it would
 * write to the ledger is written, and its end is told in its status. The Job controller that sees it is the real one.
 */
public final class FakeWorkers implements AutoCloseable {
    private static final Duration RETRY = Duration.ofMillis(200);
    private static final Outcome SUPERSEDED =
            new Outcome.Failure(FailureReason.Superseded, "documents were erased after this run was specified", 2);

    private final KubernetesClient client;
    private final URI elasticsearch;
    private final HttpClient http = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<String> taken = ConcurrentHashMap.newKeySet();
    private final Map<String, Outcome> ends = new ConcurrentHashMap<>();
    private final List<RunSpecification> done = new CopyOnWriteArrayList<>();
    private final SharedIndexInformer<Pod> informer;
    private final Map<String, Function<RunSpecification, Outcome>> behaviours = new ConcurrentHashMap<>();
    private volatile Function<RunSpecification, Outcome> behaviour = run -> new Outcome.Success(3);

    /** How a run ends. */
    public sealed interface Outcome {
        /** All is read. */
        record Success(long documents) implements Outcome {}

        /** It gives up, with these last words. */
        record Failure(FailureReason reason, String message, int exitCode) implements Outcome {}

        /** It finds more to erase than it may. */
        record Refusal(long documents) implements Outcome {}

        /** It does not end. */
        record Never() implements Outcome {}

        /** It follows its sources for as long as its pod is there. */
        record Follow(long documents) implements Outcome {}

        /** It goes on as long as nothing else is decided. */
        record Later() implements Outcome {}
    }

    private FakeWorkers(KubernetesClient client, URI elasticsearch) {
        this.client = client;
        this.elasticsearch = elasticsearch;
        this.informer = client.pods()
                .inAnyNamespace()
                .withLabel("app.kubernetes.io/component", "ingestion")
                .inform(new ResourceEventHandler<>() {
                    @Override
                    public void onAdd(Pod pod) {
                        take(pod);
                    }

                    @Override
                    public void onUpdate(Pod before, Pod pod) {
                        take(pod);
                    }

                    @Override
                    public void onDelete(Pod pod, boolean unknown) {}
                });
    }

    /** Takes on every pod of the cluster. */
    public static FakeWorkers start() {
        return new FakeWorkers(
                TestCluster.get().client(), TestCluster.get().elasticsearch().url());
    }

    /** Decides how further runs of a namespace end. */
    public void behave(String namespace, Function<RunSpecification, Outcome> next) {
        behaviours.put(namespace, next);
    }

    /** Decides how further runs of all other namespaces end. */
    public void behave(Function<RunSpecification, Outcome> next) {
        behaviour = next;
    }

    /** The runs of a namespace that end well; each of which a status tells is here. */
    public List<RunSpecification> done(String namespace) {
        return done.stream()
                .filter(run -> run.names().namespace().equals(namespace))
                .toList();
    }

    @Override
    public void close() {
        informer.close();
        threads.shutdownNow();
    }

    private void take(Pod pod) {
        var pending =
                pod.getStatus() == null || "Pending".equals(pod.getStatus().getPhase());
        if (pending && !pod.isMarkedForDeletion() && taken.add(pod.getMetadata().getUid())) {
            threads.execute(() -> work(pod));
        }
    }

    /** Somebody else may change the pod at the same time, and no event may come after that: so it is tried until it is done. */
    private void work(Pod pod) {
        while (!attempt(pod) && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(RETRY.toNanos());
        }
    }

    private boolean attempt(Pod pod) {
        try {
            var run = specification(pod);
            switch (isSuperseded(run) ? SUPERSEDED : outcome(pod, run)) {
                case Outcome.Success(var documents) -> {
                    noteOnce(run);
                    if (run.mode() == RunMode.Erase) {
                        erase(run, documents);
                    } else {
                        report(run, documents, Phase.Succeeded);
                    }
                    end(pod, 0, "");
                }
                case Outcome.Failure(var reason, var message, var exitCode) ->
                    end(
                            pod,
                            exitCode,
                            ManifestJson.mapper()
                                    .writeValueAsString(Map.of("reason", reason.name(), "message", message)));
                case Outcome.Follow(var documents) -> {
                    start(pod);
                    report(run, documents, Phase.Following);
                    return isGone(pod);
                }
                case Outcome.Refusal(var documents) -> {
                    refuse(run, documents);
                    end(pod, 2, "{\"reason\":\"TooManyDocuments\",\"message\":\"too many\"}");
                }
                case Outcome.Never never -> {}
                case Outcome.Later later -> {
                    return isGone(pod);
                }
            }
            return true;
        } catch (IOException | RuntimeException refused) {
            return isGone(pod);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** A pod whose end has to be told again ends as before, whatever was decided for others meanwhile. */
    private Outcome outcome(Pod pod, RunSpecification run) {
        var uid = pod.getMetadata().getUid();
        var before = ends.get(uid);
        if (before != null) {
            return before;
        }
        var outcome =
                behaviours.getOrDefault(run.names().namespace(), behaviour).apply(run);
        if (!(outcome instanceof Outcome.Later || outcome instanceof Outcome.Follow)) {
            ends.put(uid, outcome);
        }
        return outcome;
    }

    /** As the real ones, they don't write where something was erased that they weren't told of. */
    private boolean isSuperseded(RunSpecification run) throws IOException, InterruptedException {
        if (run.mode() == RunMode.Erase) {
            return false;
        }
        for (var erasure : lease(run).erasures()) {
            var report = get("/" + run.names().ledger() + "/_doc/" + ErasureReport.id(erasure));
            if (!run.tombstones().contains(erasure) && report.path("found").asBoolean()) {
                return true;
            }
        }
        return false;
    }

    private Lease lease(RunSpecification run) throws IOException, InterruptedException {
        var stored = get("/" + run.names().ledger() + "/_doc/" + Lease.ID);
        return stored.path("found").asBoolean()
                ? ManifestJson.mapper().treeToValue(stored.path("_source"), Lease.class)
                : Lease.NOBODYS;
    }

    private void require(RunSpecification run, String erasure) throws IOException, InterruptedException {
        var lease = lease(run);
        var erasures = new HashSet<>(lease.erasures());
        erasures.add(erasure);
        put(run, Lease.ID, lease.requiring(erasures));
    }

    /** Before the report is written: from then on the operator may tell that the run succeeded. */
    private void noteOnce(RunSpecification run) {
        if (!done.contains(run)) {
            done.add(run);
        }
    }

    private boolean isGone(Pod pod) {
        return client.pods()
                        .inNamespace(pod.getMetadata().getNamespace())
                        .withName(pod.getMetadata().getName())
                        .get()
                == null;
    }

    private RunSpecification specification(Pod pod) throws IOException {
        var name = pod.getSpec().getVolumes().stream()
                .filter(volume -> volume.getName().equals("run"))
                .findFirst()
                .orElseThrow()
                .getConfigMap()
                .getName();
        var map = client.configMaps()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(name)
                .get();
        return ManifestJson.mapper().readValue(map.getData().get("run.json"), RunSpecification.class);
    }

    private void report(RunSpecification run, long documents, Phase phase) throws IOException, InterruptedException {
        var now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        var generation = run.manifest().generation();
        var original = run.from() == null ? Optional.<GenerationState>empty() : state(run, run.from());
        var state = new GenerationState(
                generation,
                run.run(),
                original.map(GenerationState::freshAsOf).orElse(now),
                documents,
                3 * documents,
                300 * documents,
                0,
                0,
                original.map(GenerationState::sourcesDigest).orElse(GenerationState.digest(run.sources())),
                Map.of(),
                List.of(),
                now,
                null,
                now,
                null,
                null,
                new GenerationState.ChangeLatency(now, now.plusSeconds(3_600), documents, 840, 2_000, 12_345),
                run.traced() ? now : null,
                null);
        if (run.traced()) {
            put(
                    run.names().generation(generation) + "/_doc/" + Tracer.KEY + "?refresh=true",
                    Tracer.document(run.manifest().model().dimensions(), now));
        }
        put(run, GenerationState.id(generation), state);
        var pushed = run.sources().stream().filter(SourceManifest::isPushed).toList();
        if (!pushed.isEmpty()) {
            var position = position(run);
            var positions = pushed.stream().collect(Collectors.toMap(SourceManifest::name, source -> position));
            put(run, Reached.id(generation), new Reached(generation, positions, false));
        }
        report(
                run,
                now,
                phase,
                new RunReport.Counts(
                        documents, 0, documents, 0, 0, 0, 0, 0, 3 * documents, 3 * documents, 0, 0, Map.of()));
    }

    private Optional<GenerationState> state(RunSpecification run, int generation)
            throws IOException, InterruptedException {
        var stored = get("/" + run.names().ledger() + "/_doc/" + GenerationState.id(generation));
        return stored.path("found").asBoolean()
                ? Optional.of(ManifestJson.mapper().treeToValue(stored.path("_source"), GenerationState.class))
                : Optional.empty();
    }

    /** Where the inbox ends. */
    private String position(RunSpecification run) throws IOException, InterruptedException {
        var inbox = run.names().inbox();
        var shard = get("/" + inbox + "/_stats/docs?level=shards")
                .path("indices")
                .path(inbox)
                .path("shards")
                .path("0")
                .path(0);
        return new PushPosition(
                        shard.path("commit")
                                .path("user_data")
                                .path("history_uuid")
                                .asText(),
                        shard.path("seq_no").path("global_checkpoint").asLong())
                .text();
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(elasticsearch + path)).build();
        return ManifestJson.mapper()
                .readTree(
                        http.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }

    private void refuse(RunSpecification run, long documents) throws IOException, InterruptedException {
        var uid = Objects.requireNonNull(run.erasure()).tombstone().erasure();
        put(
                run,
                ErasureReport.id(uid),
                new ErasureReport(run.run(), documents, true, List.of(), List.of(), Map.of(), null, null, null));
    }

    /** So many documents were found, and erased from all indexes that there are. */
    private void erase(RunSpecification run, long documents) throws IOException, InterruptedException {
        var now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        var order = Objects.requireNonNull(run.erasure());
        var uid = order.tombstone().erasure();
        var uuids = new HashMap<String, String>();
        get("/" + run.names().alias() + "-g*," + run.names().inbox() + "?ignore_unavailable=true&filter_path="
                        + IndexIdentity.FIELDS)
                .properties()
                .forEach(index -> uuids.put(index.getKey(), IndexIdentity.of(index.getValue())));
        var keys =
                IntStream.range(0, (int) documents).mapToObj("%032x"::formatted).toList();
        var erased = new ErasureReport(
                run.run(),
                documents,
                false,
                keys.stream()
                        .map(key -> new ErasureReport.Erased(
                                key, ErasureDigest.of(uid, key), ErasureDigest.of(uid, "hashes")))
                        .toList(),
                List.of(new ErasureReport.Store(run.names().generation(1), "uuid", documents, 3 * documents, 0)),
                uuids,
                documents == 0 ? null : now,
                new ErasureReport.Search(now, documents, 3 * documents, documents, 0, List.of()),
                null);
        require(run, uid);
        put(run, ErasureReport.id(uid), erased);
        report(run, now, Phase.Succeeded, new RunReport.Counts(0, 0, 0, 0, documents, 0, 0, 0, 0, 0, 0, 0, Map.of()));
    }

    private void report(RunSpecification run, Instant now, Phase phase, RunReport.Counts counts)
            throws IOException, InterruptedException {
        put(
                run,
                RunReport.id(run.run()),
                new RunReport(
                        run.run(),
                        run.manifest().generation(),
                        run.mode(),
                        phase,
                        1,
                        now,
                        now,
                        now,
                        now,
                        counts,
                        null,
                        Map.of(),
                        null,
                        List.of(),
                        null));
    }

    private void put(RunSpecification run, String id, Object document) throws IOException, InterruptedException {
        put(run.names().ledger() + "/_doc/" + id, document);
    }

    private void put(String path, Object document) throws IOException, InterruptedException {
        var body = ManifestJson.mapper().writeValueAsString(document);
        var url = URI.create(elasticsearch + "/" + path);
        var request = HttpRequest.newBuilder(url)
                .header("content-type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(body))
                .build();
        var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() >= 300) {
            throw new IOException(answer.body());
        }
    }

    private void start(Pod pod) {
        client.pods()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName())
                .editStatus(found -> new PodBuilder(found)
                        .editOrNewStatus()
                        .withPhase("Running")
                        .withConditions(new PodConditionBuilder()
                                .withType("PodScheduled")
                                .withStatus("True")
                                .build())
                        .endStatus()
                        .build());
    }

    private void end(Pod pod, int exitCode, String lastWords) {
        var now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        client.pods()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName())
                .editStatus(found -> new PodBuilder(found)
                        .editOrNewStatus()
                        .withPhase(exitCode == 0 ? "Succeeded" : "Failed")
                        .withContainerStatuses(new ContainerStatusBuilder()
                                .withName("ingest")
                                .withImage("none")
                                .withImageID("none")
                                .withReady(false)
                                .withRestartCount(0)
                                .withNewState()
                                .withNewTerminated()
                                .withExitCode(exitCode)
                                .withReason(exitCode == 0 ? "Completed" : "Error")
                                .withMessage(lastWords)
                                .withStartedAt(now)
                                .withFinishedAt(now)
                                .endTerminated()
                                .endState()
                                .build())
                        .endStatus()
                        .build());
    }
}
