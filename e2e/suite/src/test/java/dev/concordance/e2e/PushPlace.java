package dev.concordance.e2e;

import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.SourceManifest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** An application that pushes the files of a folder to the corpus's inlet. */
final class PushPlace implements Place {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String TOKEN = UUID.randomUUID().toString();

    private final Cluster cluster;
    private final String namespace;
    private final String corpus;
    private final DocumentFolder files;
    private final Elasticsearch elasticsearch;
    private final HttpClient http = HttpClient.newHttpClient();
    private boolean isDeclared;

    PushPlace(Cluster cluster, String namespace, String corpus, Path folder) {
        this.cluster = cluster;
        this.namespace = namespace;
        this.corpus = corpus;
        files = new DocumentFolder(folder.resolve("files"));
        elasticsearch = new Elasticsearch(cluster.local().elasticsearchUrl());
        cluster.kubectl().run("create", "secret", "generic", "push", "-n", namespace, "--from-literal=token=" + TOKEN);
    }

    @Override
    public String declaration() {
        return "push: {tokens: [{name: application, secretRef: {name: push}}]}";
    }

    /** The same files. */
    @Override
    public SourceManifest.Location location() {
        return new SourceManifest.Volume("files", "");
    }

    @Override
    public Map<String, Path> mounts() {
        return Map.of("files", files.path());
    }

    @Override
    public boolean isWatched() {
        return true;
    }

    @Override
    public void declared() {
        Cluster.await(LIMIT, "the inlet is ready", this::isReady, this::told);
        isDeclared = true;
        pushAll();
    }

    @Override
    public void write(String path, String text) {
        files.write(path, text);
        if (isDeclared) {
            push(path);
        }
    }

    @Override
    public void remove(String path) {
        files.remove(path);
        send(request(path).DELETE().build());
    }

    /** Loses everything that was pushed. */
    @Override
    public void fail() {
        var index = new IndexNames("cc", namespace, corpus).inbox();
        elasticsearch.send("DELETE", "/" + index, "");
    }

    @Override
    public void recover() {
        pushAll();
    }

    @Override
    public void close() {
        http.close();
    }

    private void pushAll() {
        try (var names = Files.list(files.path())) {
            names.map(file -> file.getFileName().toString()).forEach(this::push);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void push(String path) {
        try {
            send(put(path, Files.readString(files.path().resolve(path))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The status that the inlet answers to who pushes this once. */
    int answer(String path, String text) {
        return status(put(path, text));
    }

    /** Pushes it, and gives the position from which on it is searchable. */
    String position(String path, String text) {
        try {
            var answer = http.send(put(path, text), HttpResponse.BodyHandlers.ofString());
            return answer.headers()
                    .firstValue("Concordance-Position")
                    .orElseThrow(() -> new IllegalStateException(answer.statusCode() + " " + answer.body()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private HttpRequest put(String path, String text) {
        var json = ManifestJson.mapper()
                .createObjectNode()
                .put("content", text)
                .put("format", "markdown")
                .toString();
        return request(path)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .PUT(HttpRequest.BodyPublishers.ofString(json))
                .build();
    }

    private void send(HttpRequest request) {
        Cluster.await(LIMIT, request + " is done", () -> List.of(200, 201).contains(status(request)), this::told);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(inlet().resolve("/v1/namespaces/%s/corpora/%s/sources/site/documents/%s"
                        .formatted(namespace, corpus, path)))
                .header("Authorization", "Bearer " + TOKEN);
    }

    private boolean isReady() {
        try {
            return status(HttpRequest.newBuilder(inlet().resolve("/q/health/ready"))
                            .build())
                    == 200;
        } catch (UncheckedIOException noServiceYet) {
            return false;
        }
    }

    /** 0: nobody answers yet. */
    private int status(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private URI inlet() {
        try {
            return cluster.local().serviceUrl(namespace, corpus + "-inlet");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String told() {
        return cluster.kubectl().run("describe", "corpora,ingestionruns,deployments,pods", "-n", namespace);
    }
}
