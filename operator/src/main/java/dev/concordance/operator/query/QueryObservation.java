package dev.concordance.operator.query;

import dev.concordance.api.v1alpha1.QueryServerStatus;
import dev.concordance.manifest.RoutingTable;
import dev.concordance.manifest.Tombstones;
import dev.concordance.operator.kube.Parsed;
import dev.concordance.operator.kube.Reference;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What was seen of a QueryServer, clock included.
 *
 * @param corpora the selected corpora
 * @param routed the routing table as it is mounted
 * @param missing what mounts would need and is not there
 * @param mounted names of the mounts that the pods have
 * @param taken an object of a name that this QueryServer needs and that is another's
 */
record QueryObservation(
        Parsed<QueryDeclaration> declaration,
        boolean paused,
        List<SeenCorpus> corpora,
        Optional<RoutingTable> routed,
        Existing existing,
        Set<String> mounted,
        Optional<Reference> taken,
        Optional<QueryServerStatus> previous,
        Instant now) {
    QueryObservation {
        corpora = List.copyOf(corpora);
        mounted = Set.copyOf(mounted);
    }

    /** A corpus that the QueryServer selects. */
    sealed interface SeenCorpus {
        /** It has a live generation, and all about it is known. */
        record Routable(RoutingTable.Route route) implements SeenCorpus {}

        /** It has no live generation. */
        record NotServed(String name) implements SeenCorpus {}

        /**
         * Elasticsearch can't be asked about it; what is routed stays, without what was erased.
         *
         * @param access but who may see its documents is as declared; empty: that stays too
         */
        record Unknown(String name, Optional<RoutingTable.Access> access, Tombstones tombstones)
                implements SeenCorpus {}
    }

    /** What the QueryServer has of its own. */
    record Existing(
            Optional<ConfigMap> routing,
            Optional<Deployment> deployment,
            Optional<Service> service,
            Optional<PodDisruptionBudget> disruptionBudget,
            Optional<HorizontalPodAutoscaler> autoscaler) {}
}
