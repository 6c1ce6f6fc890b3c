package dev.concordance.localcluster.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The Elasticsearch node of {@code e2e/elasticsearch-node} as a process of its own. Its jars are found below the folder
 * that the system property {@code concordance.root} names; it runs on the JVM that runs this class.
 */
public final class ElasticsearchProcess implements AutoCloseable {
    private final JavaServer server;

    private ElasticsearchProcess(JavaServer server) {
        this.server = server;
    }

    /**
     * How a node is started.
     *
     * @param home data, configuration and snapshots; kept over restarts
     * @param port HTTP port on 127.0.0.1; 0: any
     * @param heapMegabytes heap of the node's JVM
     * @param detached whether it outlives this JVM
     * @param optimised whether the JVM's optimising compiler runs, which a node that lives for seconds only pays for
     */
    public record Options(Path home, int port, int heapMegabytes, boolean detached, boolean optimised) {
        /** A node for a test: any port, 512 MiB, gone with the test's JVM. */
        public static Options forTest(Path home) {
            return new Options(home, 0, 512, false, false);
        }

        /** As for a test, but as fast as a node in production is. */
        public static Options forMeasurement(Path home) {
            return new Options(home, 0, 1_024, false, true);
        }
    }

    /** Starts a node and waits until it answers; throws IllegalStateException with the end of its log if it doesn't. */
    public static ElasticsearchProcess start(Options options) {
        try {
            Files.createDirectories(options.home());
            var log = options.home().resolve("elasticsearch.log");
            return new ElasticsearchProcess(JavaServer.start(command(options), log, options.detached()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Base URL, without a slash at the end. */
    public URI url() {
        return server.url();
    }

    /** Process id. */
    public long pid() {
        return server.pid();
    }

    /** Ends the node in order; its data stays. */
    public void stop() {
        server.stop();
    }

    /** Ends the node as a power failure would. */
    public void kill() {
        server.kill();
    }

    @Override
    public void close() {
        stop();
    }

    private static List<String> command(Options options) throws IOException {
        var node = JavaServer.module("elasticsearch-node");
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + options.heapMegabytes() + "m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=" + (options.optimised() ? 4 : 1),
                "-Xlog:cds=off",
                "-Xlog:aot=off",
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dorg.elasticsearch.nativeaccess.enableVectorLibrary=false",
                "-Des.nativelibs.path=" + nativeLibraries(options.home()),
                "-cp",
                JavaServer.classPath(node),
                "dev.concordance.elasticsearch.ElasticsearchNode",
                options.home().toAbsolutePath().toString(),
                String.valueOf(options.port())));
        if (!options.detached()) {
            command.add("--with-parent");
        }
        return command;
    }

    /** Elasticsearch looks for zstd under its plain name; systems install it under a versioned one. */
    private static Path nativeLibraries(Path home) throws IOException {
        var folder = Files.createDirectories(home.toAbsolutePath().resolve("native"));
        var link = folder.resolve(System.mapLibraryName("zstd"));
        if (Files.exists(link)) {
            return folder;
        }
        for (var place :
                List.of("/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib", "/lib")) {
            var library = Path.of(place, "libzstd.so.1");
            if (Files.exists(library)) {
                Files.createSymbolicLink(link, library);
                return folder;
            }
        }
        return folder;
    }
}
