package dev.concordance.localcluster.node;

import dev.concordance.localcluster.node.image.ImageStore;
import dev.concordance.localcluster.node.metrics.MetricsApi;
import dev.concordance.localcluster.node.pod.PodWorker;
import dev.concordance.localcluster.node.service.ServiceForwards;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The program that stands for a kubelet. It may be ended and started at any time; pods go on meanwhile. */
public final class NodeAgent {
    private static final System.Logger LOG = System.getLogger(NodeAgent.class.getName());
    private static final Duration BEAT = Duration.ofSeconds(10);
    private static final Duration SAMPLING = Duration.ofSeconds(5);

    private final AgentOptions options;
    private final KubernetesClient client;

    private NodeAgent(AgentOptions options, KubernetesClient client) {
        this.options = options;
        this.client = client;
    }

    /** Runs until it is told to end. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        var options = AgentOptions.parse(List.of(arguments));
        try (var client = client(options.pki().resolve("node.kubeconfig"));
                var clock = Executors.newSingleThreadScheduledExecutor()) {
            new NodeAgent(options, client).run(clock);
        }
    }

    static Path images(Path state) {
        return state.resolve("images");
    }

    private void run(ScheduledExecutorService clock) throws IOException, InterruptedException {
        var images = new ImageStore(images(options.state()), options.images());
        var pods = new Pods(new PodWorker.Node(
                options.state().resolve("pods"),
                new KubernetesCluster(client),
                images,
                URI.create(client.getConfiguration().getMasterUrl()),
                options.port()));
        var metrics = new MetricsApi(options.node(), pods::measured);
        Endpoint.open(options.port(), options.pki(), pods, metrics);
        every(BEAT, clock, new NodeRegistration(client, options.node(), options.port())::beat);
        every(SAMPLING, clock, () -> metrics.sample(Instant.now()));
        var bound = client.pods().inAnyNamespace().withField("spec.nodeName", options.node());
        pods.removeLeftovers(bound.inform(pods, 0).getStore().list());
        var services = new ServiceForwards(options.state().resolve("services"), pods::listening);
        services.removeLeftovers(client.services()
                .inAnyNamespace()
                .inform(services, 0)
                .getStore()
                .list());
        try (var administrator = client(options.pki().resolve("admin.kubeconfig"))) {
            new MetricsRegistration(administrator, options.port()).register();
        }
        LOG.log(Level.INFO, "the node is there name={0} images={1}", options.node(), images.names());
        new CountDownLatch(1).await();
    }

    private static void every(Duration period, ScheduledExecutorService clock, Runnable task) {
        Runnable logged = () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "a periodic task failed and is tried again", e);
            }
        };
        var _ = clock.scheduleWithFixedDelay(logged, 0, period.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static KubernetesClient client(Path kubeconfig) {
        var config = new ConfigBuilder(Config.fromKubeconfig(kubeconfig.toFile()))
                .withClientKeyAlgo("EC")
                .build();
        return new KubernetesClientBuilder().withConfig(config).build();
    }
}
