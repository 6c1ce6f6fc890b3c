package dev.concordance.localcluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** etcd, kube-apiserver, kube-controller-manager and kube-scheduler as processes on loopback. */
public final class ControlPlane {
    private static final Duration GRACE = Duration.ofSeconds(15);
    private static final Duration START_LIMIT = Duration.ofSeconds(120);
    private static final String AUDIT_POLICY = """
            apiVersion: audit.k8s.io/v1
            kind: Policy
            omitStages: [RequestReceived, ResponseStarted]
            rules:
              - level: None
                verbs: [get, list, watch]
              - level: Metadata
            """;

    private final Binaries binaries;
    private final Path state;
    private final Ports ports;

    private ControlPlane(Binaries binaries, Path state, Ports ports) {
        this.binaries = binaries;
        this.state = state;
        this.ports = ports;
    }

    /** Ports on 127.0.0.1; chosen at the first start and kept. */
    public record Ports(int etcd, int etcdPeer, int apiServer, int controllerManager, int scheduler, int kubelet) {
        private static Ports keptIn(Path file) throws IOException {
            var json = new ObjectMapper();
            if (Files.isRegularFile(file)) {
                return json.readValue(file.toFile(), Ports.class);
            }
            var free = FreePorts.take(6);
            var ports = new Ports(free.get(0), free.get(1), free.get(2), free.get(3), free.get(4), free.get(5));
            Files.createDirectories(file.getParent());
            json.writeValue(file.toFile(), ports);
            return ports;
        }
    }

    /** The control plane whose state is below {@code state}; nothing is started. */
    public static ControlPlane in(Path state, Binaries binaries) {
        try {
            return new ControlPlane(binaries, state, Ports.keptIn(state.resolve("ports.json")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts what doesn't run and waits until the API server is ready. */
    public void start() {
        var server = "https://127.0.0.1:" + ports.apiServer();
        run(List.of(binaries.path("pki"), pki().toString(), server));
        writeAuditPolicy();
        startIfNeeded("etcd", etcd());
        awaitPort("etcd", ports.etcd());
        startIfNeeded("kube-apiserver", apiServer());
        awaitReady();
        startIfNeeded("kube-controller-manager", controllerManager());
        startIfNeeded("kube-scheduler", scheduler());
    }

    /** Ends the four processes; their state stays. */
    public void stop() {
        for (var name : List.of("kube-scheduler", "kube-controller-manager", "kube-apiserver", "etcd")) {
            daemon(name).stop(GRACE);
        }
    }

    /** A client configuration with all rights. */
    public Path kubeconfig() {
        return pki().resolve("admin.kubeconfig");
    }

    /** Where the API server writes down each request that changes something. */
    public Path auditLog() {
        return state.resolve("audit.log");
    }

    /** Certificates and keys. */
    public Path pki() {
        return state.resolve("pki");
    }

    /** The ports. */
    public Ports ports() {
        return ports;
    }

    /** One of the processes, by its name. */
    public Daemon daemon(String name) {
        return new Daemon(name, state.resolve("run"));
    }

    private void startIfNeeded(String name, List<String> command) {
        var daemon = daemon(name);
        if (!daemon.isRunning()) {
            daemon.start(command, Map.of("GOMEMLIMIT", "400MiB"));
        }
    }

    private List<String> etcd() {
        return List.of(
                binaries.path("etcd"),
                state.resolve("etcd").toString(),
                "http://127.0.0.1:" + ports.etcd(),
                "http://127.0.0.1:" + ports.etcdPeer());
    }

    private List<String> apiServer() {
        return List.of(
                binaries.path("kube-apiserver"),
                "--etcd-servers=http://127.0.0.1:" + ports.etcd(),
                "--bind-address=127.0.0.1",
                "--advertise-address=127.0.0.1",
                "--endpoint-reconciler-type=none",
                "--secure-port=" + ports.apiServer(),
                "--tls-cert-file=" + pki("apiserver.crt"),
                "--tls-private-key-file=" + pki("apiserver.key"),
                "--client-ca-file=" + pki("ca.crt"),
                "--authorization-mode=Node,RBAC",
                "--enable-admission-plugins=NodeRestriction",
                "--service-cluster-ip-range=10.96.0.0/16",
                "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
                "--service-account-key-file=" + pki("service-account.pub"),
                "--service-account-signing-key-file=" + pki("service-account.key"),
                "--kubelet-client-certificate=" + pki("kubelet-client.crt"),
                "--kubelet-client-key=" + pki("kubelet-client.key"),
                "--kubelet-certificate-authority=" + pki("ca.crt"),
                "--kubelet-preferred-address-types=InternalIP",
                "--requestheader-client-ca-file=" + pki("front-proxy-ca.crt"),
                "--requestheader-allowed-names=front-proxy-client",
                "--requestheader-username-headers=X-Remote-User",
                "--requestheader-group-headers=X-Remote-Group",
                "--requestheader-extra-headers-prefix=X-Remote-Extra-",
                "--proxy-client-cert-file=" + pki("front-proxy-client.crt"),
                "--proxy-client-key-file=" + pki("front-proxy-client.key"),
                "--audit-policy-file=" + state.resolve("audit-policy.yaml"),
                "--audit-log-path=" + auditLog(),
                "--audit-log-mode=blocking",
                "--profiling=false");
    }

    private List<String> controllerManager() {
        var kubeconfig = pki("controller-manager.kubeconfig");
        return List.of(
                binaries.path("kube-controller-manager"),
                "--kubeconfig=" + kubeconfig,
                "--authentication-kubeconfig=" + kubeconfig,
                "--authorization-kubeconfig=" + kubeconfig,
                "--bind-address=127.0.0.1",
                "--secure-port=" + ports.controllerManager(),
                "--leader-elect=false",
                "--use-service-account-credentials=true",
                "--service-account-private-key-file=" + pki("service-account.key"),
                "--root-ca-file=" + pki("ca.crt"),
                "--cluster-signing-cert-file=" + pki("ca.crt"),
                "--cluster-signing-key-file=" + pki("ca.key"),
                "--enable-hostpath-provisioner=true",
                "--horizontal-pod-autoscaler-sync-period=5s",
                "--controllers=*");
    }

    private List<String> scheduler() {
        var kubeconfig = pki("scheduler.kubeconfig");
        return List.of(
                binaries.path("kube-scheduler"),
                "--kubeconfig=" + kubeconfig,
                "--authentication-kubeconfig=" + kubeconfig,
                "--authorization-kubeconfig=" + kubeconfig,
                "--bind-address=127.0.0.1",
                "--secure-port=" + ports.scheduler(),
                "--leader-elect=false");
    }

    private String pki(String file) {
        return pki().resolve(file).toString();
    }

    private void writeAuditPolicy() {
        try {
            Files.writeString(state.resolve("audit-policy.yaml"), AUDIT_POLICY);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitReady() {
        var ready =
                List.of(binaries.path("kubectl"), "--kubeconfig", kubeconfig().toString(), "get", "--raw", "/readyz");
        await("kube-apiserver", () -> exitCode(ready) == 0);
    }

    private void awaitPort(String name, int port) {
        await(name, () -> {
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return socket.isConnected();
            } catch (IOException e) {
                return false;
            }
        });
    }

    private void await(String name, java.util.function.BooleanSupplier condition) {
        var deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (!daemon(name).isRunning() || System.nanoTime() > deadline) {
                throw new IllegalStateException(name + " did not start; the end of its log:\n"
                        + daemon(name).logTail());
            }
            java.util.concurrent.locks.LockSupport.parkNanos(
                    Duration.ofMillis(100).toNanos());
        }
    }

    private static void run(List<String> command) {
        if (exitCode(command) != 0) {
            throw new IllegalStateException(String.join(" ", command) + " failed");
        }
    }

    private static int exitCode(List<String> command) {
        try {
            return new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
