package dev.concordance.elasticsearch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.node.ClasspathNode;
import org.elasticsearch.transport.netty4.Netty4Plugin;

/**
 * A single Elasticsearch node on loopback, without security, for tests and the local cluster. Arguments: the home folder,
 * the HTTP port (0: any), and {@code --with-parent} to end when standard input closes. Prints {@code STARTED <port>} once
 * it answers.
 */
public final class ElasticsearchNode {
    static final String CLUSTER_NAME = "concordance-local";

    private ElasticsearchNode() {}

    public static void main(String[] args) throws Exception {
        var home = Path.of(args[0]).toAbsolutePath();
        Files.createDirectories(home.resolve("config"));
        LogConfigurator.configureESLogging();
        var node = new ClasspathNode(
                settings(home, args[1]), List.of(Netty4Plugin.class, LanguageAnalysisPlugin.class, RootPlugin.class));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(node)));
        node.start();
        var address = node.injector()
                .getInstance(org.elasticsearch.http.HttpServerTransport.class)
                .boundAddress()
                .publishAddress();
        System.out.println("STARTED " + address.getPort());
        if (args.length > 2 && args[2].equals("--with-parent")) {
            endWithParent();
        }
        Thread.currentThread().join();
    }

    private static Settings settings(Path home, String port) {
        return Settings.builder()
                .put("cluster.name", CLUSTER_NAME)
                .put("node.name", "local-0")
                .put("path.home", home)
                .put("path.data", home.resolve("data"))
                .put("path.repo", home.resolve("snapshots"))
                .put("discovery.type", "single-node")
                .put("network.host", "127.0.0.1")
                .put("http.type", "netty4")
                .put("transport.type", "netty4")
                .put("http.port", port)
                .put("transport.port", "0")
                // A developer's disk is often fuller than a server's; tests that are about watermarks set them.
                .put("cluster.routing.allocation.disk.watermark.low", "200mb")
                .put("cluster.routing.allocation.disk.watermark.high", "150mb")
                .put("cluster.routing.allocation.disk.watermark.flood_stage", "100mb")
                .build();
    }

    private static void endWithParent() {
        Thread.ofPlatform().daemon().name("parent").start(() -> {
            try {
                while (System.in.read() >= 0) {
                    // nothing is ever said on it; its end is the message
                }
            } catch (IOException e) {
                // a broken pipe says the same
            }
            System.exit(0);
        });
    }

    private static void close(ClasspathNode node) {
        try {
            node.close();
        } catch (IOException e) {
            System.err.println("closing the node: " + e);
        }
    }
}
