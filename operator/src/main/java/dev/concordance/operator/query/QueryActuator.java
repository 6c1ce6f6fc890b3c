package dev.concordance.operator.query;

import dev.concordance.api.v1alpha1.QueryServer;
import dev.concordance.operator.kube.Labels;
import dev.concordance.operator.kube.StepLog;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;

/** Does the steps of a QueryServer's plan. */
final class QueryActuator {
    private static final String SCALING = Labels.OPERATOR + "-scaling";

    private final KubernetesClient client;
    private final StepLog log;

    QueryActuator(KubernetesClient client, StepLog log) {
        this.client = client;
        this.log = log;
    }

    void act(QueryServer server, QueryStep step) {
        switch (step) {
            case QueryStep.Apply(var desired) -> apply(desired, Labels.OPERATOR);
            case QueryStep.HandOverReplicas(var deployment, var replicas) ->
                apply(onlyReplicas(deployment, replicas), SCALING);
            case QueryStep.Delete(var object) -> client.resource(object).delete();
        }
        log.done(server, step);
    }

    private void apply(HasMetadata desired, String manager) {
        client.resource(desired).fieldManager(manager).forceConflicts().serverSideApply();
    }

    private static Deployment onlyReplicas(Deployment deployment, int replicas) {
        return new DeploymentBuilder()
                .withMetadata(new ObjectMetaBuilder()
                        .withName(deployment.getMetadata().getName())
                        .withNamespace(deployment.getMetadata().getNamespace())
                        .build())
                .withNewSpec()
                .withReplicas(replicas)
                .endSpec()
                .build();
    }
}
