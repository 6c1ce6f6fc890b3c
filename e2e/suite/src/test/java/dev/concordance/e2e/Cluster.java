package dev.concordance.e2e;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.concordance.localcluster.Binaries;
import dev.concordance.localcluster.Command;
import dev.concordance.localcluster.LocalCluster;
import dev.concordance.localcluster.quickstart.Installation;
import dev.concordance.localcluster.quickstart.LocalSite;
import dev.concordance.localcluster.servers.IndexSnapshot;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The local cluster with the operator on it that all end-to-end suites of one Maven run share; each test has a namespace. */
final class Cluster {
    static final Path ROOT = Path.of(System.getProperty("concordance.root"));

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration POLL = Duration.ofMillis(200);
    private static final FutureTask<Cluster> SHARED = new FutureTask<>(Cluster::start);
    private static final AtomicInteger NAMESPACES = new AtomicInteger();

    private final LocalCluster local;
    private final LocalSite site;
    private final KubernetesClient client;

    private Cluster(LocalCluster local) {
        this.local = local;
        this.site = new LocalSite(local);
        var config = Config.fromKubeconfig(local.controlPlane().kubeconfig().toFile());
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(config).withClientKeyAlgo("EC").build())
                .build();
    }

    /** Started by the first test that asks, stopped with this JVM. If it doesn't start, every test says why. */
    static Cluster shared() {
        SHARED.run();
        try {
            return SHARED.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("no cluster: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static Cluster start() throws IOException {
        var state = Files.createTempDirectory(Files.createDirectories(ROOT.resolve("e2e/suite/target")), "cluster-");
        var local = LocalCluster.in(ROOT, state, Binaries.provide(ROOT, line -> {}));
        Runtime.getRuntime().addShutdownHook(new Thread(local::stop));
        local.start(line -> {});
        var cluster = new Cluster(local);
        new Installation(cluster.site.kubectl(), cluster.site.helm(), ROOT, state)
                .ensure(cluster.site.values(), line -> {});
        return cluster;
    }

    LocalCluster local() {
        return local;
    }

    Command kubectl() {
        return site.kubectl();
    }

    Command helm() {
        return site.helm();
    }

    /** A new namespace with a SearchCluster {@code search} in it. */
    String namespace(String prefix) {
        return namespace(prefix, local.elasticsearchUrl());
    }

    /** The same with Elasticsearch at another address, such as a proxy's. */
    String namespace(String prefix, URI elasticsearch) {
        var name = prefix + "-" + NAMESPACES.incrementAndGet();
        apply("""
                apiVersion: v1
                kind: Namespace
                metadata: {name: %1$s, labels: {pod-security.kubernetes.io/enforce: restricted}}
                ---
                apiVersion: concordance.dev/v1alpha1
                kind: SearchCluster
                metadata: {name: search, namespace: %1$s}
                spec: {urls: ["%2$s"]}
                """.formatted(name, elasticsearch));
        return name;
    }

    void apply(String yaml) {
        kubectl().feed(yaml, "apply", "--server-side", "-f", "-");
    }

    /** One object, or a missing node if there is none. Tests ask that five times a second, so no program is started for it. */
    JsonNode get(String kind, String namespace, String name) {
        return json(client.raw(path(kind, namespace) + "/" + name));
    }

    List<JsonNode> list(String kind, String namespace) {
        return json(requireNonNull(client.raw(path(kind, namespace)), kind))
                .path("items")
                .valueStream()
                .toList();
    }

    private static String path(String kind, String namespace) {
        var resource = switch (kind) {
            case "pod" -> "/api/v1/namespaces/%s/pods";
            case "job" -> "/apis/batch/v1/namespaces/%s/jobs";
            case "corpus" -> "/apis/concordance.dev/v1alpha1/namespaces/%s/corpora";
            case "erasure", "embeddingmodel", "ingestionrun", "queryserver", "searchcluster" ->
                "/apis/concordance.dev/v1alpha1/namespaces/%s/" + kind + "s";
            default -> throw new IllegalArgumentException(kind);
        };
        return resource.formatted(namespace);
    }

    void awaitReady(String kind, String namespace, String name) {
        await(
                Duration.ofMinutes(2),
                kind + " " + name + " Ready",
                () -> condition(get(kind, namespace, name), "Ready")
                        .path("status")
                        .asText()
                        .equals("True"),
                () -> kubectl().run("describe", kind + ",ingestionruns,pods", "-n", namespace));
    }

    /** The texts that the generation holds which serves a corpus. */
    IndexSnapshot indexed(String namespace, String corpus) {
        return IndexSnapshot.of(local.elasticsearchUrl(), serving(namespace, corpus));
    }

    /** All that it holds. */
    IndexSnapshot indexedWithEverything(String namespace, String corpus) {
        return IndexSnapshot.ofEverything(local.elasticsearchUrl(), serving(namespace, corpus));
    }

    private String serving(String namespace, String corpus) {
        var serving = get("corpus", namespace, corpus).path("status").path("serving");
        return serving.path("index").asText();
    }

    static JsonNode condition(JsonNode object, String type) {
        return object.path("status")
                .path("conditions")
                .valueStream()
                .filter(condition -> condition.path("type").asText().equals(type))
                .findFirst()
                .orElse(object.path("none"));
    }

    static void await(Duration limit, String what, BooleanSupplier condition, Supplier<String> details) {
        var deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + limit + ": " + what + "\n" + details.get());
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    static JsonNode json(@Nullable String text) {
        try {
            return JSON.readTree(text == null || text.isBlank() ? "null" : text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
