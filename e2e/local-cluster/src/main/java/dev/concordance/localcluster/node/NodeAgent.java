package dev.concordance.localcluster.node;

import dev.concordance.localcluster.Binaries;
import dev.concordance.localcluster.node.image.ImageStore;
import dev.concordance.localcluster.node.pod.PodWorker;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The program that stands for a kubelet. It may be ended and started at any time; pods go on meanwhile. */
public final class NodeAgent {
    private static final System.Logger LOG = System.getLogger(NodeAgent.class.getName());
    private static final Duration BEAT = Duration.ofSeconds(10);

    private final AgentOptions options;
    private final KubernetesClient client;

    private NodeAgent(AgentOptions options, KubernetesClient client) {
        this.options = options;
        this.client = client;
    }

    /** Runs until it is told to end. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        var options = AgentOptions.parse(List.of(arguments));
        var config = new ConfigBuilder(Config.fromKubeconfig(
                        options.pki().resolve("node.kubeconfig").toFile()))
                .withClientKeyAlgo("EC")
                .build();
        try (var client = new KubernetesClientBuilder().withConfig(config).build();
                var clock = Executors.newSingleThreadScheduledExecutor()) {
            new NodeAgent(options, client).run(clock);
        }
    }

    private void run(ScheduledExecutorService clock) throws IOException, InterruptedException {
        var images = new ImageStore(Binaries.cacheFolder().resolve("images"), options.images());
        var pods = new Pods(new PodWorker.Node(
                options.state().resolve("pods"),
                new KubernetesCluster(client),
                images,
                URI.create(client.getConfiguration().getMasterUrl())));
        var registration = new NodeRegistration(client, options.node(), options.port());
        var beats = clock.scheduleWithFixedDelay(registration::beat, 0, BEAT.toMillis(), TimeUnit.MILLISECONDS);
        var informer = client.pods()
                .inAnyNamespace()
                .withField("spec.nodeName", options.node())
                .inform(pods, 0);
        pods.removeLeftovers();
        LOG.log(Level.INFO, "the node is there name={0} images={1}", options.node(), images.names());
        new CountDownLatch(1).await();
        beats.cancel(false);
        informer.stop();
    }
}
