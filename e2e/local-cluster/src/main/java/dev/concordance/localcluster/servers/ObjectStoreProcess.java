package dev.concordance.localcluster.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A store with the API of Amazon S3 in a process of its own, on loopback; requests have to be signed with its one key. Its
 * program is the module {@code e2e/object-store} below the folder that the system property {@code concordance.root} names.
 */
public final class ObjectStoreProcess implements AutoCloseable {
    /** Id of the key. */
    public static final String KEY_ID = "reader";

    /** Secret of the key. */
    public static final String SECRET = "object-store-secret";

    private final JavaServer server;

    private ObjectStoreProcess(JavaServer server) {
        this.server = server;
    }

    /**
     * Starts it and waits until it answers.
     *
     * @param home objects and log; kept over restarts
     * @param port 0: any
     */
    public static ObjectStoreProcess start(Path home, int port) {
        try {
            Files.createDirectories(home);
            var command = JavaServer.program(
                    "object-store",
                    "dev.concordance.objectstore.ObjectStore",
                    128,
                    home.resolve("objects").toString(),
                    String.valueOf(port),
                    KEY_ID,
                    SECRET,
                    "--with-parent");
            return new ObjectStoreProcess(JavaServer.start(command, home.resolve("object-store.log"), false));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Base URL, without a slash at the end. */
    public URI url() {
        return server.url();
    }

    @Override
    public void close() {
        server.stop();
    }
}
