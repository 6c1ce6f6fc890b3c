package dev.concordance.testing;

import dev.concordance.localcluster.servers.ElasticsearchProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;

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
            return ElasticsearchProcess.start(
                    ElasticsearchProcess.Options.forTest(Files.createTempDirectory("concordance-node")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
