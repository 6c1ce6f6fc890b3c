package dev.concordance.replay;

import dev.concordance.manifest.ManifestJson;
import dev.concordance.testing.ServerProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/** Searches, all the while, for documents that are gone, and notes each that a query server returns nevertheless. */
final class RemovedPathsProbe implements AutoCloseable {
    private static final long PAUSE_NANOS = 400_000_000;
    private static final int K = 50;

    private final ServerProcess server;
    private final String corpus;
    private final Random random;
    private final List<String> returned = new ArrayList<>();
    private volatile Map<String, String> removed = Map.of();
    private volatile boolean closed;
    private int searches;
    private CompletableFuture<Void> searching = CompletableFuture.completedFuture(null);

    private RemovedPathsProbe(ServerProcess server, String corpus, long seed) {
        this.server = server;
        this.corpus = corpus;
        this.random = new Random(seed);
    }

    static RemovedPathsProbe start(ServerProcess server, String corpus, long seed) {
        var probe = new RemovedPathsProbe(server, corpus, seed);
        probe.searching = CompletableFuture.runAsync(
                probe::search,
                work -> Thread.ofPlatform().name("removed-paths-probe").start(work));
        return probe;
    }

    /** @param texts of documents that no search may return from now on, by their paths */
    void removed(Map<String, String> texts) {
        removed = new TreeMap<>(texts);
    }

    /** Searches for each of these once, at once. */
    void lookFor(Set<String> paths) {
        var now = removed;
        paths.stream().filter(now::containsKey).forEach(path -> look(now, path));
    }

    /** What was returned and is gone. */
    synchronized List<String> returned() {
        if (searching.isCompletedExceptionally()) {
            searching.join();
        }
        return List.copyOf(returned);
    }

    synchronized int searches() {
        return searches;
    }

    @Override
    public void close() {
        closed = true;
        searching.join();
    }

    private void search() {
        while (!closed) {
            var now = removed;
            var paths = List.copyOf(now.keySet());
            if (!paths.isEmpty()) {
                look(now, paths.get(random.nextInt(paths.size())));
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private void look(Map<String, String> now, String path) {
        var body = ManifestJson.mapper()
                .createObjectNode()
                .put("query", now.get(path))
                .put("k", K);
        var answer = server.search(corpus, body.toString());
        if (answer.status() != 200) {
            throw new IllegalStateException("a search answered %d: %s".formatted(answer.status(), answer.body()));
        }
        // What a commit that is under way brings back may be there before or after its run has ended.
        var later = removed;
        synchronized (this) {
            searches++;
            for (var hit : answer.body().path("hits")) {
                var id = hit.path("documentId").asText();
                if (now.containsKey(id) && later.containsKey(id)) {
                    returned.add("%s, in search of %s".formatted(id, path));
                }
            }
        }
    }
}
