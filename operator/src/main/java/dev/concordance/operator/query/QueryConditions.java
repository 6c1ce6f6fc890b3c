package dev.concordance.operator.query;

import dev.concordance.operator.kube.Conditions;
import dev.concordance.operator.kube.Finding;
import dev.concordance.operator.kube.Parsed;
import dev.concordance.operator.kube.Truth;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells what was seen of a QueryServer, and what is done about it, as conditions. */
final class QueryConditions {
    static final String REFERENCES_RESOLVED = "ReferencesResolved";
    private static final int NAMED = 3;

    private final QueryObservation seen;
    private final QueryPlan plan;

    private QueryConditions(QueryObservation seen, QueryPlan plan) {
        this.seen = seen;
        this.plan = plan;
    }

    static List<Finding> of(QueryObservation seen, QueryPlan plan) {
        var conditions = new QueryConditions(seen, plan);
        var stalled = conditions.stalled();
        var ready = conditions.ready(stalled);
        return List.of(ready, conditions.reconciling(ready, stalled), stalled, conditions.references());
    }

    private Finding ready(Finding stalled) {
        if (stalled.truth() == Truth.TRUE) {
            return new Finding(Conditions.READY, Truth.FALSE, stalled.reason(), stalled.message());
        }
        var deployment = seen.existing().deployment();
        var status = deployment.map(Deployment::getStatus);
        var declared = seen.declaration().valid().orElseThrow();
        var wanted = deployment
                .map(found -> number(found.getSpec().getReplicas()))
                .filter(replicas -> replicas > 0)
                .orElse(declared.min());
        var ready = number(status.map(DeploymentStatus::getReadyReplicas).orElse(null));
        if (deployment.isEmpty() || !plan.steps().isEmpty() || !isRolledOut(deployment.get(), wanted)) {
            var updated = Math.min(
                    ready,
                    number(status.map(DeploymentStatus::getUpdatedReplicas).orElse(null)));
            return Finding.of(Conditions.READY, Truth.FALSE, QueryReason.RollingOut, updated, wanted);
        }
        return Finding.of(Conditions.READY, Truth.TRUE, QueryReason.Serving, ready, wanted, plan.routes(), waiting());
    }

    private String waiting() {
        if (plan.waiting().isEmpty()) {
            return "";
        }
        var names = plan.waiting().stream().limit(NAMED).toList();
        var more = plan.waiting().size() - names.size();
        return "; not served yet: " + String.join(", ", names) + (more > 0 ? " and " + more + " more" : "");
    }

    private static boolean isRolledOut(Deployment deployment, int wanted) {
        var status = deployment.getStatus();
        return status != null
                && status.getObservedGeneration() != null
                && status.getObservedGeneration() >= deployment.getMetadata().getGeneration()
                && number(status.getUpdatedReplicas()) >= wanted
                && number(status.getReadyReplicas()) >= wanted
                && number(status.getReplicas()) <= number(status.getUpdatedReplicas());
    }

    private Finding reconciling(Finding ready, Finding stalled) {
        if (seen.paused()) {
            return Finding.of(Conditions.RECONCILING, Truth.FALSE, QueryReason.Paused);
        }
        return ready.truth() == Truth.TRUE || stalled.truth() == Truth.TRUE
                ? Finding.of(Conditions.RECONCILING, Truth.FALSE, QueryReason.Settled)
                : new Finding(Conditions.RECONCILING, Truth.TRUE, ready.reason(), ready.message());
    }

    private Finding stalled() {
        if (seen.declaration() instanceof Parsed.Invalid<QueryDeclaration>(var sentence)) {
            return Finding.of(Conditions.STALLED, Truth.TRUE, QueryReason.InvalidSpec, sentence);
        }
        if (seen.taken().isPresent()) {
            return Finding.of(
                    Conditions.STALLED,
                    Truth.TRUE,
                    QueryReason.NameTaken,
                    seen.taken().get());
        }
        return stuck().map(message -> Finding.of(Conditions.STALLED, Truth.TRUE, QueryReason.RolloutStuck, message))
                .orElse(Finding.of(Conditions.STALLED, Truth.FALSE, QueryReason.Settled));
    }

    private Optional<String> stuck() {
        return seen.existing().deployment().map(Deployment::getStatus).map(DeploymentStatus::getConditions).stream()
                .flatMap(List::stream)
                .filter(condition -> "Progressing".equals(condition.getType()) && "False".equals(condition.getStatus()))
                .map(DeploymentCondition::getMessage)
                .findFirst();
    }

    private Finding references() {
        if (seen.declaration().valid().isEmpty()) {
            return Finding.of(REFERENCES_RESOLVED, Truth.UNKNOWN, QueryReason.Undecided);
        }
        return plan.missing()
                .map(missing -> Finding.of(REFERENCES_RESOLVED, Truth.FALSE, QueryReason.ReferenceMissing, missing))
                .orElse(Finding.of(REFERENCES_RESOLVED, Truth.TRUE, QueryReason.ReferencesFound));
    }

    static int number(@Nullable Integer value) {
        return value == null ? 0 : value;
    }
}
