package dev.concordance.operator.run;

import dev.concordance.api.v1alpha1.IngestionRun;
import dev.concordance.operator.kube.StepLog;
import dev.concordance.operator.workload.IngestionJob;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;

/** Does the steps of a run's plan. */
final class RunActuator {
    private final KubernetesClient client;
    private final StepLog log;

    RunActuator(KubernetesClient client, StepLog log) {
        this.client = client;
        this.log = log;
    }

    void act(IngestionRun run, RunStep step) {
        switch (step) {
            case RunStep.StartJob(IngestionJob job) -> {
                create(job.configMap(run));
                create(job.job(run));
            }
            case RunStep.StartPreparation(IngestionJob job) -> {
                create(job.configMap(run));
                create(job.preparation(run));
            }
            case RunStep.StopJob(String job) -> stop(run, job);
        }
        log.done(run, step);
    }

    private void create(HasMetadata object) {
        try {
            client.resource(object).create();
        } catch (KubernetesClientException refused) {
            if (refused.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw refused;
            }
        }
    }

    private void stop(IngestionRun run, String job) {
        client.batch()
                .v1()
                .jobs()
                .inNamespace(run.getMetadata().getNamespace())
                .withName(job)
                .withPropagationPolicy(DeletionPropagation.BACKGROUND)
                .delete();
    }
}
