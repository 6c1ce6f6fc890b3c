package dev.concordance.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.manifest.BundledModel;
import dev.concordance.testing.Guides;
import dev.concordance.testing.NoModel;
import dev.concordance.testing.ServerProcess;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How soon a query server is ready that has a corpus to serve and its model at hand; see docs/benchmarks.md. */
class ServerStartBench {
    private static final int STARTS = 5;
    private static final Duration LATEST = Duration.ofSeconds(3);
    private static final URI NOBODY = URI.create("http://127.0.0.1:1");

    @Test
    void isReadySoon(@TempDir Path folder) throws Exception {
        var route = new Guides(NOBODY, new NoModel(), folder, "start")
                .route(NOBODY, BundledModel.BGE_SMALL_EN_V1_5_Q.manifest());
        var ready = new ArrayList<Duration>();
        for (var start = 0; start < STARTS; start++) {
            try (var server = ServerProcess.startAsInItsImage(
                    folder.resolve("start" + start), Guides.anonymous(Guides.limits(), route), List.of())) {
                ready.add(server.readyAfter());
            }
        }
        Collections.sort(ready);
        System.out.println("query server ready after " + ready);
        assertThat(ready.get(STARTS / 2)).isLessThan(LATEST);
    }
}
