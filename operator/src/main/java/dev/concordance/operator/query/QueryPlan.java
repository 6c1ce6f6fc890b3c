package dev.concordance.operator.query;

import dev.concordance.operator.kube.Reference;
import java.util.List;
import java.util.Optional;

/**
 * What is to be done about a QueryServer.
 *
 * @param missing what is left out, since something it needs does not exist
 * @param routes how many corpora are routed
 * @param waiting names of selected corpora that are not served yet
 */
record QueryPlan(List<QueryStep> steps, Optional<Reference> missing, int routes, List<String> waiting) {
    QueryPlan {
        steps = List.copyOf(steps);
        waiting = List.copyOf(waiting);
    }
}
