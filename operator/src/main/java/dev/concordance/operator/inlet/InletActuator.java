package dev.concordance.operator.inlet;

import dev.concordance.api.v1alpha1.Corpus;
import dev.concordance.operator.kube.Labels;
import dev.concordance.operator.kube.StepLog;
import io.fabric8.kubernetes.client.KubernetesClient;

/** Does the steps of an inlet's plan. */
final class InletActuator {
    private final KubernetesClient client;
    private final StepLog log;

    InletActuator(KubernetesClient client, StepLog log) {
        this.client = client;
        this.log = log;
    }

    void act(Corpus corpus, InletStep step) {
        switch (step) {
            case InletStep.ApplyInlet(var desired) ->
                client.resource(desired)
                        .fieldManager(Labels.OPERATOR)
                        .forceConflicts()
                        .serverSideApply();
            case InletStep.DeleteInlet(var object) -> client.resource(object).delete();
        }
        log.done(corpus, step);
    }
}
