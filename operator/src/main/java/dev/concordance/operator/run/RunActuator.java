package dev.concordance.operator.run;

import dev.concordance.api.v1alpha1.IngestionRun;
import dev.concordance.manifest.RunMode;
import dev.concordance.operator.cluster.ClusterConnections;
import dev.concordance.operator.elastic.BackendException;
import dev.concordance.operator.kube.StepLog;
import dev.concordance.operator.run.RunObservation.Obstacle;
import dev.concordance.operator.workload.IngestionJob;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Does the steps of a run's plan. */
final class RunActuator {
    private final KubernetesClient client;
    private final ClusterConnections connections;
    private final StepLog log;

    RunActuator(KubernetesClient client, ClusterConnections connections, StepLog log) {
        this.client = client;
        this.connections = connections;
        this.log = log;
    }

    /** Does the steps in their order; the first that Elasticsearch does not do ends them, and the run waits for it. */
    RunPlan act(IngestionRun run, RunPlan plan) {
        for (var step : plan.steps()) {
            var obstacle = act(run, step);
            if (obstacle.isPresent()) {
                return RunPlanner.queued(List.of(), obstacle.get());
            }
        }
        return plan;
    }

    /** Does the step, or says what stands in its way. */
    Optional<Obstacle> act(IngestionRun run, RunStep step) {
        var obstacle = Optional.<Obstacle>empty();
        switch (step) {
            case RunStep.StartJob(IngestionJob job) -> {
                create(job.configMap(run));
                create(follows(run) ? job.deployment(run) : job.job(run));
            }
            case RunStep.StartPreparation(IngestionJob job) -> {
                create(job.configMap(run));
                create(job.preparation(run));
            }
            case RunStep.ForgetErasures forget -> obstacle = forget(forget);
            case RunStep.StopJob(String job) -> stop(run, job);
        }
        if (obstacle.isEmpty()) {
            log.done(run, step);
        }
        return obstacle;
    }

    private Optional<Obstacle> forget(RunStep.ForgetErasures step) {
        var connection = step.connection();
        try {
            step.erasures().forEach(erasure -> connection.backend().forgetErased(step.names(), erasure));
            return Optional.empty();
        } catch (BackendException failed) {
            connections.doubt(connection);
            return Optional.of(Obstacle.of(connection.explain(failed)));
        }
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

    /** What prepares the run, and what does its work. */
    List<HasMetadata> workloads(IngestionRun run) {
        var name = run.getMetadata().getName();
        return Stream.of(IngestionJob.preparationName(name), IngestionJob.name(name))
                .<HasMetadata>map(workload -> workload(run, workload).get())
                .filter(Objects::nonNull)
                .toList();
    }

    private void stop(IngestionRun run, String name) {
        workload(run, name)
                .withPropagationPolicy(DeletionPropagation.BACKGROUND)
                .delete();
    }

    private Resource<? extends HasMetadata> workload(IngestionRun run, String name) {
        var namespace = run.getMetadata().getNamespace();
        return follows(run)
                ? client.apps().deployments().inNamespace(namespace).withName(name)
                : client.batch().v1().jobs().inNamespace(namespace).withName(name);
    }

    private static boolean follows(IngestionRun run) {
        return LaunchFinder.mode(run) == RunMode.Follow;
    }
}
