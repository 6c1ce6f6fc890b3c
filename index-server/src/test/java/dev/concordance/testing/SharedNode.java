package dev.concordance.testing;

import dev.concordance.localcluster.servers.ElasticsearchProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/** One Elasticsearch node for all suites of this JVM, which use corpora of their own; it ends with the JVM. */
public final class SharedNode {
    private static final class Holder {
        private static final ElasticsearchProcess NODE = start();
    }

    private SharedNode() {}

    /** Base URL; starts the node when it is first asked. */
    public static URI url() {
        return Holder.NODE.url();
    }

    private static ElasticsearchProcess start() {
        try {
            var target = Path.of(System.getProperty("concordance.root", "."), "index-server", "target");
            return ElasticsearchProcess.start(
                    ElasticsearchProcess.Options.forTest(Files.createTempDirectory(target, "node")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
