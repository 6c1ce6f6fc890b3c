package dev.concordance.operator.platform;

import dev.concordance.operator.OperatorConfiguration;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * One process of several works. A process that loses the lease ends, so that it never works beside the next leader; by its
 * own way, since the framework's would call System.exit within a shutdown and wait for itself for ever.
 */
@Singleton
final class Leadership {
    private static final Logger LOG = Logger.getLogger(Leadership.class);
    private static final Duration LEASE = Duration.ofSeconds(15);
    private static final Duration RENEW_DEADLINE = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofSeconds(2);

    /** An orderly end that takes longer than this would reach into the time of the next leader. */
    private static final Duration LAST_MOMENTS = Duration.ofSeconds(4);

    private volatile boolean leading;
    private volatile boolean stopping;

    Leadership(MeterRegistry meters) {
        Gauge.builder("concordance.leading", this, leadership -> leadership.leading ? 1 : 0)
                .description("1: this process is the one that works; 0: it stands by")
                .register(meters);
    }

    void onStop(@Observes @Priority(1) ShutdownEvent event) {
        stopping = true;
    }

    /** Whether this process is the one that works. */
    boolean isLeading() {
        return leading;
    }

    @Produces
    @Singleton
    LeaderElectionConfiguration leaderElection(OperatorConfiguration configuration) {
        var election = configuration.leaderElection();
        return LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(election.leaseName())
                .withLeaseNamespace(election.namespace())
                .withLeaseDuration(LEASE)
                .withRenewDeadline(RENEW_DEADLINE)
                .withRetryPeriod(RETRY)
                .withLeaderCallbacks(
                        new LeaderCallbacks(this::won, this::lost, leader -> LOG.infof("leader=%s", leader)))
                .build();
    }

    private void won() {
        leading = true;
        LOG.info("leading");
    }

    private void lost() {
        var led = leading;
        leading = false;
        if (led && !stopping) {
            LOG.error("lost the lease; ending");
            var unused = CompletableFuture.runAsync(
                    () -> Runtime.getRuntime().halt(1),
                    CompletableFuture.delayedExecutor(LAST_MOMENTS.toMillis(), TimeUnit.MILLISECONDS));
            Quarkus.asyncExit(1);
        }
    }
}
