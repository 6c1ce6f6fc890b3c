package dev.concordance.operator.cluster;

import dev.concordance.operator.cluster.ClusterConnection.Trouble;
import dev.concordance.operator.kube.Conditions;
import dev.concordance.operator.kube.Finding;
import dev.concordance.operator.kube.Truth;
import java.util.List;
import java.util.Optional;

/** Tells what was seen of a SearchCluster as conditions. */
final class ClusterConditions {
    /** All objects that are referred to exist. */
    static final String REFERENCES_RESOLVED = "ReferencesResolved";

    private ClusterConditions() {}

    static List<Finding> of(ClusterObservation seen, Optional<Trouble> trouble) {
        return List.of(ready(seen, trouble), reconciling(seen, trouble), stalled(trouble), references(seen));
    }

    private static Finding ready(ClusterObservation seen, Optional<Trouble> trouble) {
        if (trouble.isPresent()) {
            return finding(Conditions.READY, Truth.FALSE, trouble.get());
        }
        if (seen.facts().isEmpty()) {
            return Finding.of(Conditions.READY, Truth.UNKNOWN, ClusterReason.Waiting);
        }
        var facts = seen.facts().get();
        return Finding.of(Conditions.READY, Truth.TRUE, ClusterReason.Connected, facts.version(), facts.clusterName());
    }

    private static Finding reconciling(ClusterObservation seen, Optional<Trouble> trouble) {
        if (seen.paused()) {
            return Finding.of(Conditions.RECONCILING, Truth.FALSE, ClusterReason.Paused);
        }
        return trouble.filter(found -> found.reason() != ClusterReason.InvalidSpec)
                .map(found -> finding(Conditions.RECONCILING, Truth.TRUE, found))
                .orElse(Finding.of(Conditions.RECONCILING, Truth.FALSE, ClusterReason.Settled));
    }

    private static Finding stalled(Optional<Trouble> trouble) {
        return trouble.filter(found -> found.reason() == ClusterReason.InvalidSpec)
                .map(found -> finding(Conditions.STALLED, Truth.TRUE, found))
                .orElse(Finding.of(Conditions.STALLED, Truth.FALSE, ClusterReason.Settled));
    }

    private static Finding references(ClusterObservation seen) {
        if (seen.declaration().valid().isEmpty()) {
            return Finding.of(REFERENCES_RESOLVED, Truth.UNKNOWN, ClusterReason.Waiting);
        }
        return seen.missing()
                .map(missing -> finding(REFERENCES_RESOLVED, Truth.FALSE, missing))
                .orElse(Finding.of(REFERENCES_RESOLVED, Truth.TRUE, ClusterReason.ReferencesFound));
    }

    private static Finding finding(String type, Truth truth, Trouble trouble) {
        return new Finding(type, truth, trouble.reason().name(), trouble.message());
    }
}
