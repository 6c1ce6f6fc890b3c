package dev.concordance.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.index.TextHash;
import dev.concordance.localcluster.servers.ElasticsearchCall;
import dev.concordance.localcluster.servers.EmbeddingEndpoint;
import dev.concordance.localcluster.servers.RecordingProxy;
import dev.concordance.localcluster.servers.RecordingProxy.Disturbance;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.IngestProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Starts workers as a Job starts them, each with an empty workspace, and kills some of them. Knows what they ask the model for, and
 * that nobody asks for a text whose vector is kept.
 */
final class Workers {
    static final int POD_MEGABYTES = 2048;
    /** A worker that lives for seconds only pays for the optimising compiler. */
    static final String ONE_COMPILER = "-XX:TieredStopAtLevel=1";

    private static final int KILLED = 128 + 9;

    private final Corpora corpus;
    private final GenerationManifest manifest;
    private final RecordingProxy proxy;
    private final EmbeddingEndpoint model;
    private final Path folder;
    private final Set<String> wronglyAsked = new HashSet<>();
    private final Kills kills = new Kills();
    private int started;
    private long lost;
    private Duration usual = Duration.ofSeconds(2);

    /** How many were killed, by what they had done. */
    static final class Kills {
        private int beforeAnyWrite;
        private int amongWrites;
        private int afterRecords;

        int all() {
            return beforeAnyWrite + amongWrites + afterRecords;
        }

        @Override
        public String toString() {
            return "%d workers killed: %d before they wrote anything, %d after a first write, %d of these after records of documents"
                    .formatted(all(), beforeAnyWrite, amongWrites + afterRecords, afterRecords);
        }
    }

    /**
     * Prepares.
     *
     * @param corpus seen through the proxy
     * @param model what the manifest's model is asked at
     */
    Workers(Corpora corpus, GenerationManifest manifest, RecordingProxy proxy, EmbeddingEndpoint model, Path folder) {
        this.corpus = corpus;
        this.manifest = manifest;
        this.proxy = proxy;
        this.model = model;
        this.folder = folder;
    }

    /** Lets a worker do a run to its end. */
    void run(String run) throws Exception {
        var begun = System.nanoTime();
        model.observe(this::look);
        try (var process = start(run)) {
            assertThat(process.exitCode()).as(String.join("\n", process.log())).isZero();
        }
        usual = Duration.ofNanos(System.nanoTime() - begun);
    }

    /** Starts a worker for a run, and kills it at this moment; false: it had ended before. */
    boolean isKilled(String run, Moment moment) throws Exception {
        proxy.forget();
        var before = model.asked().size();
        var trap = new Trap();
        try (var process = start(run)) {
            trap.set(moment);
            var begun = System.nanoTime();
            while (process.isAlive() && !trap.isSprung(begun)) {
                LockSupport.parkNanos(1_000_000);
            }
            process.kill();
            var killed = process.exitCode() == KILLED;
            if (killed) {
                count();
            }
            trap.release();
            lost += killed ? unkept(textsSince(before)) : 0;
            assertThat(killed || process.exitCode() == 0)
                    .as(String.join("\n", process.log()))
                    .isTrue();
            return killed;
        } finally {
            proxy.calm();
        }
    }

    Kills kills() {
        return kills;
    }

    /** Texts that the model was asked for by workers that were killed before the vectors were kept. */
    long lost() {
        return lost;
    }

    /** Texts that the model was asked for though their vectors were kept. */
    Set<String> wronglyAsked() {
        return wronglyAsked;
    }

    private IngestProcess start(String run) throws IOException {
        started++;
        var specification = corpus.specification(run, manifest, List.of(), List.of(corpus.source()));
        return IngestProcess.startAsInPod(
                specification, folder.resolve("pod-" + started), List.of(), POD_MEGABYTES, ONE_COMPILER);
    }

    private void count() {
        if (isWritten("-manifest")) {
            kills.afterRecords++;
        } else if (isWritten("")
                || isWritten(corpus.names().embeddings(manifest.model().digest()))) {
            kills.amongWrites++;
        } else {
            kills.beforeAnyWrite++;
        }
    }

    private boolean isWritten(String index) {
        var generation = corpus.names().generation(manifest.generation());
        var written = index.isEmpty() || index.startsWith("-") ? generation + index : index;
        return proxy.count(call -> call.isTo("/" + written + "/_bulk")) > 0;
    }

    private List<String> textsSince(int requests) {
        var asked = model.asked();
        return asked.subList(requests, asked.size()).stream()
                .flatMap(one -> one.texts().stream())
                .toList();
    }

    private void look(List<String> texts) {
        var kept = texts.size() - unkept(texts);
        if (kept > 0) {
            synchronized (wronglyAsked) {
                wronglyAsked.addAll(texts);
            }
        }
    }

    /** How many of the texts have no vector that a later worker would find. */
    private long unkept(Collection<String> texts) {
        if (texts.isEmpty()) {
            return 0;
        }
        var digest = manifest.model().digest();
        var body = ManifestJson.mapper().createObjectNode();
        var ids = body.putArray("ids");
        texts.forEach(text -> ids.add(TextHash.of(digest, text)));
        try (var connection = ElasticsearchConnection.open(
                corpus.specification("look", manifest, List.of(), List.of()).elasticsearch(),
                mount -> folder,
                Duration.ofSeconds(60))) {
            var path = "/" + corpus.names().embeddings(digest) + "/_mget?_source=false";
            var answer = connection.send("POST", path, body.toString().getBytes(StandardCharsets.UTF_8));
            return answer.json()
                    .path("docs")
                    .valueStream()
                    .filter(document -> !document.path("found").asBoolean())
                    .count();
        }
    }

    /** Waits for the moment, and holds the worker's request there. */
    private final class Trap {
        private final Disturbance.Hold hold = new Disturbance.Hold();
        private final CountDownLatch embedding = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);
        private final AtomicInteger seen = new AtomicInteger();
        private @Nullable Moment moment;

        void set(Moment at) {
            moment = at;
            model.observe(texts -> {
                look(texts);
                if (at instanceof Moment.AtEmbedding(int number) && seen.incrementAndGet() == number) {
                    embedding.countDown();
                    released.await();
                }
            });
            if (at instanceof Moment.AtRequest request) {
                proxy.disturb(call -> isMeant(call, request) && seen.incrementAndGet() == request.number(), 1, hold);
            }
        }

        private static boolean isMeant(ElasticsearchCall call, Moment.AtRequest request) {
            // How many reports of its progress a run writes depends on the clock.
            return !call.path().contains("/_doc/run-") && (!request.writing() || call.isTo("/_bulk"));
        }

        boolean isSprung(long begun) {
            return switch (moment) {
                case null -> false;
                case Moment.AtRequest request -> hold.isHolding();
                case Moment.AtEmbedding asked -> embedding.getCount() == 0;
                case Moment.AfterPart(double part) -> System.nanoTime() - begun > part * usual.toNanos();
            };
        }

        void release() {
            if (moment instanceof Moment.AtRequest request && !request.done()) {
                hold.drop();
            } else {
                hold.release();
            }
            released.countDown();
        }
    }
}
