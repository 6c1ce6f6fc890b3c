package dev.concordance.operator.query;

import dev.concordance.api.v1alpha1.QueryServer;
import dev.concordance.operator.kube.Applied;
import dev.concordance.operator.kube.Reference;
import dev.concordance.operator.query.QueryObservation.SeenCorpus;
import dev.concordance.operator.workload.Mount;
import dev.concordance.operator.workload.QueryPods;
import dev.concordance.operator.workload.QueryWorkload;
import dev.concordance.operator.workload.WorkerImage;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Decides what is done about a QueryServer. Another corpus changes only the routing table; new mounts roll the pods. */
final class QueryPlanner {
    private final QueryServer server;
    private final QueryObservation seen;
    private final List<QueryStep> steps = new ArrayList<>();

    private QueryPlanner(QueryServer server, QueryObservation seen) {
        this.server = server;
        this.seen = seen;
    }

    static QueryPlan plan(QueryServer server, QueryObservation seen, Predicate<Reference> exists, WorkerImage image) {
        var waiting = seen.corpora().stream()
                .flatMap(corpus -> corpus instanceof SeenCorpus.NotServed(var name)
                        ? Optional.of(name).stream()
                        : Optional.<String>empty().stream())
                .sorted()
                .toList();
        var declared = seen.declaration().valid();
        if (declared.isEmpty() || seen.paused() || seen.taken().isPresent()) {
            var routed = seen.routed().map(table -> table.routes().size()).orElse(0);
            return new QueryPlan(List.of(), Optional.empty(), routed, waiting);
        }
        return new QueryPlanner(server, seen).decide(declared.get(), exists, image, waiting);
    }

    private QueryPlan decide(
            QueryDeclaration declared, Predicate<Reference> exists, WorkerImage image, List<String> waiting) {
        var namespace = server.getMetadata().getNamespace();
        Predicate<Mount> available = mount -> exists.test(Routing.reference(namespace, mount));
        Predicate<Mount> mounted = mount -> seen.mounted().contains(mount.name());
        var routing = Routing.of(declared, seen.corpora(), seen.routed(), available, mounted);
        var wanted = Routing.wanted(declared, seen.corpora(), seen.routed());
        var mounts = wanted.stream().filter(available.or(mounted)).toList();
        var pods = new QueryPods(
                declared.min(),
                declared.max(),
                declared.targetCpuPercent(),
                Duration.ofMillis(declared.limits().requestTimeoutMillis()),
                declared.template(),
                mounts,
                image);
        var workload = new QueryWorkload(server, pods);
        var existing = seen.existing();
        apply(workload.routing(routing.json()), existing.routing());
        deployment(workload.deployment(), pods);
        apply(workload.service(), existing.service());
        apply(workload.disruptionBudget(), existing.disruptionBudget());
        if (pods.isAutoscaled()) {
            apply(workload.autoscaler(), existing.autoscaler());
        }
        var missing = wanted.stream()
                .filter(available.negate())
                .map(mount -> Routing.reference(namespace, mount))
                .findFirst();
        return new QueryPlan(steps, missing, routing.table().routes().size(), waiting);
    }

    private void deployment(Deployment desired, QueryPods pods) {
        var existing = seen.existing();
        if (!pods.isAutoscaled()) {
            existing.autoscaler().ifPresent(autoscaler -> steps.add(new QueryStep.Delete(autoscaler)));
        } else if (existing.autoscaler().isEmpty() && existing.deployment().isPresent()) {
            var replicas = existing.deployment()
                    .map(Deployment::getSpec)
                    .map(DeploymentSpec::getReplicas)
                    .orElse(pods.min());
            var now = Math.max(pods.min(), replicas);
            steps.add(new QueryStep.HandOverReplicas(existing.deployment().get(), now));
        }
        apply(desired, existing.deployment());
    }

    private void apply(HasMetadata desired, Optional<? extends HasMetadata> actual) {
        var sealed = Applied.sealed(desired);
        if (!Applied.isCurrent(sealed, actual.orElse(null))) {
            steps.add(new QueryStep.Apply(sealed));
        }
    }
}
