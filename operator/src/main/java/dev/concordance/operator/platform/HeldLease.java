package dev.concordance.operator.platform;

import dev.concordance.operator.OperatorConfiguration;
import dev.concordance.operator.platform.Tenure.Reading;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;

/** The Lease, seen from the process that holds it. */
final class HeldLease {
    private final KubernetesClient client;
    private final OperatorConfiguration.LeaderElection election;
    private final String identity;

    HeldLease(KubernetesClient client, OperatorConfiguration.LeaderElection election, String identity) {
        this.client = client;
        this.election = election;
        this.identity = identity;
    }

    Reading read() {
        var lease = get();
        var renewed = lease.map(found -> found.getSpec().getRenewTime());
        return new Reading(
                lease.filter(this::isOurs).isPresent() && renewed.isPresent(),
                renewed.map(time -> time.toInstant()).orElse(Instant.EPOCH));
    }

    /** Lets the next one begin at once; nothing if it is not ours any more. */
    void giveBack(Instant now) {
        get().filter(this::isOurs)
                .map(lease -> new LeaseBuilder(lease)
                        .editSpec()
                        .withHolderIdentity(null)
                        .withLeaseDurationSeconds(1)
                        .withRenewTime(now.atZone(ZoneOffset.UTC))
                        .endSpec()
                        .build())
                .ifPresent(free -> client.resource(free).update());
    }

    private boolean isOurs(Lease lease) {
        return identity.equals(lease.getSpec().getHolderIdentity());
    }

    private Optional<Lease> get() {
        return Optional.ofNullable(client.resources(Lease.class)
                        .inNamespace(election.namespace())
                        .withName(election.leaseName())
                        .get())
                .filter(lease -> lease.getSpec() != null);
    }
}
