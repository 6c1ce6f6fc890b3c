package dev.concordance.localcluster.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Queues with the API of Amazon SQS in a process of its own, on loopback; they are gone when it ends. Its program is in the module
 * {@code e2e/object-store}.
 */
public final class QueueProcess implements AutoCloseable {
    /** Whose queues they are. */
    public static final String ACCOUNT = "000000000000";

    private final JavaServer server;

    private QueueProcess(JavaServer server) {
        this.server = server;
    }

    /**
     * Starts it and waits until it answers.
     *
     * @param home for its log
     * @param port 0: any
     */
    public static QueueProcess start(Path home, int port) {
        try {
            Files.createDirectories(home);
            var command =
                    JavaServer.program("object-store", "dev.concordance.objectstore.Queues", 128, String.valueOf(port));
            return new QueueProcess(JavaServer.start(command, home.resolve("queues.log"), false));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Base URL, without a slash at the end. */
    public URI url() {
        return server.url();
    }

    /** URL of a queue. */
    public String url(String queue) {
        return "%s/%s/%s".formatted(url(), ACCOUNT, queue);
    }

    @Override
    public void close() {
        server.stop();
    }
}
