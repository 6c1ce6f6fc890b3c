package dev.concordance.operator.erasure;

import dev.concordance.api.v1alpha1.Erasure;
import dev.concordance.api.v1alpha1.IngestionRun;
import dev.concordance.api.v1alpha1.IngestionRunSpec;
import dev.concordance.api.v1alpha1.LocalReference;
import dev.concordance.manifest.RunMode;
import dev.concordance.operator.erasure.ErasureObserver.Target;
import dev.concordance.operator.kube.Labels;
import dev.concordance.operator.kube.Owned;
import dev.concordance.operator.kube.StepLog;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Optional;

/** Does the steps of an Erasure's plan. */
final class ErasureActuator {
    private final KubernetesClient client;
    private final StepLog log;

    ErasureActuator(KubernetesClient client, StepLog log) {
        this.client = client;
        this.log = log;
    }

    void act(Erasure erasure, Optional<Target> target, ErasureStep step) {
        switch (step) {
            case ErasureStep.StartRun(var name, var sequence) -> create(run(erasure, name));
            case ErasureStep.ForgetRun(var name) -> {
                target.ifPresent(where -> where.connection().backend().forgetReport(where.names(), name));
                client.resources(IngestionRun.class)
                        .inNamespace(erasure.getMetadata().getNamespace())
                        .withName(name)
                        .delete();
            }
        }
        log.done(erasure, step);
    }

    private static IngestionRun run(Erasure erasure, String name) {
        var corpus = Erasures.corpusName(erasure).orElseThrow();
        var run = new IngestionRun();
        run.setMetadata(new ObjectMetaBuilder()
                .withName(name)
                .withNamespace(erasure.getMetadata().getNamespace())
                .withLabels(Labels.with(Labels.of(Labels.INGESTION, corpus), Labels.CORPUS, corpus))
                .withOwnerReferences(Owned.by(erasure))
                .build());
        run.setSpec(new IngestionRunSpec(
                new LocalReference(corpus),
                RunMode.Erase.name(),
                null,
                "Erasure",
                new LocalReference(erasure.getMetadata().getName())));
        return run;
    }

    /** A run of this name that exists already was created by an earlier try. */
    private void create(IngestionRun run) {
        try {
            client.resource(run).create();
        } catch (KubernetesClientException refused) {
            if (refused.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw refused;
            }
        }
    }
}
