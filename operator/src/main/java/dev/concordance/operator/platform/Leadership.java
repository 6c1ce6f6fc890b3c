package dev.concordance.operator.platform;

import dev.concordance.operator.OperatorConfiguration;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/**
 * One process of several works. A process that loses the lease ends, so that it never works beside the next leader; by its
 * own way, since the framework's would call System.exit within a shutdown and wait for itself for ever.
 */
@Singleton
final class Leadership {
    private static final Logger LOG = Logger.getLogger(Leadership.class);

    private volatile boolean stopping;

    void onStop(@Observes @Priority(1) ShutdownEvent event) {
        stopping = true;
    }

    @Produces
    @Singleton
    LeaderElectionConfiguration leaderElection(OperatorConfiguration configuration) {
        var election = configuration.leaderElection();
        return LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(election.leaseName())
                .withLeaseNamespace(election.namespace())
                .withLeaderCallbacks(new LeaderCallbacks(
                        () -> LOG.info("leading"), this::lost, leader -> LOG.infof("leader=%s", leader)))
                .build();
    }

    private void lost() {
        if (!stopping) {
            LOG.error("lost the lease; ending");
            Quarkus.asyncExit(1);
        }
    }
}
