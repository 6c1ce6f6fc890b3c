package dev.concordance.operator.platform;

import dev.concordance.operator.OperatorConfiguration;
import dev.concordance.operator.kube.Watchdog;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Sends the watchdog on its rounds, while this process leads. */
@Singleton
final class Rounds {
    private static final Logger LOG = Logger.getLogger(Rounds.class);
    private static final int A_PATIENCE = 4;

    private final Watchdog watchdog;
    private final Leadership leadership;
    private final OperatorConfiguration configuration;
    private final Clock clock;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("watchdog").factory());

    Rounds(Watchdog watchdog, Leadership leadership, OperatorConfiguration configuration, Clock clock) {
        this.watchdog = watchdog;
        this.leadership = leadership;
        this.configuration = configuration;
        this.clock = clock;
    }

    void onStart(@Observes StartupEvent event) {
        var pause = configuration.watchdogPatience().dividedBy(A_PATIENCE).toMillis();
        var unused = thread.scheduleWithFixedDelay(this::look, pause, pause, TimeUnit.MILLISECONDS);
    }

    void onStop(@Observes ShutdownEvent event) {
        thread.shutdownNow();
    }

    private void look() {
        try {
            if (leadership.isLeading()) {
                watchdog.look(clock.instant());
            }
        } catch (RuntimeException failed) {
            LOG.error("the watchdog failed; it goes on its next round", failed);
        }
    }
}
