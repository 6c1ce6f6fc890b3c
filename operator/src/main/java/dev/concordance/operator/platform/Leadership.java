package dev.concordance.operator.platform;

import dev.concordance.operator.OperatorConfiguration;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
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
import jakarta.interceptor.Interceptor;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * One process of several works. A process that loses the lease ends, so that it never works beside the next leader; by its
 * own way, since the framework's would call System.exit within a shutdown and wait for itself for ever. It also looks at
 * the lease itself: the client tries a request that gets no answer again and again, and looks at its deadline only then,
 * 20 s after the last renewal where 15 s are all there is. A process that is stopped in order gives the lease back, which
 * the framework does not.
 */
@Singleton
final class Leadership {
    private static final Logger LOG = Logger.getLogger(Leadership.class);
    private static final Duration LEASE = Duration.ofSeconds(15);
    private static final Duration RENEW_DEADLINE = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofSeconds(2);
    private static final Duration READ = Duration.ofSeconds(1);
    private static final Duration LOOK = Duration.ofMillis(500);

    /** An orderly end that takes longer than this would reach into the time of the next leader. */
    private static final Duration LAST_MOMENTS = Duration.ofSeconds(4);

    private static final int AFTER_THE_OPERATOR = Interceptor.Priority.LIBRARY_AFTER;

    private final OperatorConfiguration.LeaderElection election;
    private final Clock clock;
    private final String identity = UUID.randomUUID().toString();
    private final HeldLease lease;
    private final Tenure tenure = new Tenure(RENEW_DEADLINE);
    private final AtomicBoolean held = new AtomicBoolean();

    /** Two, since the one that reads may have to wait. */
    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(
            2, Thread.ofPlatform().daemon().name("lease-", 0).factory());

    private volatile boolean leading;
    private volatile boolean stopping;

    Leadership(KubernetesClient client, OperatorConfiguration configuration, Clock clock, MeterRegistry meters) {
        this.election = configuration.leaderElection();
        this.clock = clock;
        this.lease = new HeldLease(client, election, identity);
        Gauge.builder("concordance.leading", this, leadership -> leadership.leading ? 1 : 0)
                .description("1: this process is the one that works; 0: it stands by")
                .register(meters);
    }

    void onStop(@Observes @Priority(1) ShutdownEvent event) {
        stopping = true;
        threads.shutdownNow();
    }

    void onStopped(@Observes @Priority(AFTER_THE_OPERATOR) ShutdownEvent event) {
        if (held.compareAndSet(true, false)) {
            try {
                lease.giveBack(clock.instant());
            } catch (KubernetesClientException refused) {
                LOG.warnf("the lease is not given back and has to run out: %s", refused.getMessage());
            }
        }
    }

    /** Whether this process is the one that works. */
    boolean isLeading() {
        return leading;
    }

    @Produces
    @Singleton
    LeaderElectionConfiguration leaderElection() {
        return LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(election.leaseName())
                .withLeaseNamespace(election.namespace())
                .withIdentity(identity)
                .withLeaseDuration(LEASE)
                .withRenewDeadline(RENEW_DEADLINE)
                .withRetryPeriod(RETRY)
                .withLeaderCallbacks(
                        new LeaderCallbacks(this::won, this::lost, leader -> LOG.infof("leader=%s", leader)))
                .build();
    }

    private void won() {
        leading = true;
        held.set(true);
        LOG.info("leading");
        repeat(this::read, READ);
        repeat(this::look, LOOK);
    }

    private void repeat(Runnable task, Duration pause) {
        var unused = threads.scheduleWithFixedDelay(task, 0, pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void read() {
        try {
            tenure.read(lease.read());
        } catch (RuntimeException unanswered) {
            LOG.debugf(unanswered, "the lease can't be read");
        }
    }

    private void look() {
        if (tenure.isOver(clock.instant())) {
            lost();
        }
    }

    private void lost() {
        leading = false;
        if (!stopping && held.compareAndSet(true, false)) {
            LOG.error("lost the lease; ending");
            var unused = CompletableFuture.runAsync(
                    () -> Runtime.getRuntime().halt(1),
                    CompletableFuture.delayedExecutor(LAST_MOMENTS.toMillis(), TimeUnit.MILLISECONDS));
            Quarkus.asyncExit(1);
        }
    }
}
