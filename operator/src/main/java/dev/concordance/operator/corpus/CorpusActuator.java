package dev.concordance.operator.corpus;

import dev.concordance.api.v1alpha1.Corpus;
import dev.concordance.api.v1alpha1.IngestionRun;
import dev.concordance.api.v1alpha1.IngestionRunSpec;
import dev.concordance.api.v1alpha1.LocalReference;
import dev.concordance.operator.corpus.CorpusObserver.Target;
import dev.concordance.operator.kube.Labels;
import dev.concordance.operator.kube.Owned;
import dev.concordance.operator.kube.StepLog;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Optional;

/** Does the steps of a corpus's plan. */
final class CorpusActuator {
    private final KubernetesClient client;
    private final StepLog log;

    CorpusActuator(KubernetesClient client, StepLog log) {
        this.client = client;
        this.log = log;
    }

    /** Does one step; {@code target} is there for every step that concerns Elasticsearch. */
    void act(Corpus corpus, Optional<Target> target, CorpusStep step) {
        switch (step) {
            case CorpusStep.CreateGeneration(var manifest, var replicas) ->
                backend(target).createGeneration(names(target), manifest, replicas);
            case CorpusStep.Share(var model, var replicas) -> backend(target).share(names(target), model, replicas);
            case CorpusStep.Promote(var generation, var since) ->
                backend(target).promote(names(target), generation, since);
            case CorpusStep.SetReplicas(var generation, var replicas) ->
                backend(target).setReplicas(names(target), generation, replicas);
            case CorpusStep.DeleteGeneration(var generation) ->
                backend(target).deleteGeneration(names(target), generation);
            case CorpusStep.CreateInbox(var replicas) -> backend(target).createInbox(names(target), replicas);
            case CorpusStep.DeleteLedger() -> backend(target).deleteLedger(names(target));
            case CorpusStep.StartRun start -> create(run(corpus, start));
            case CorpusStep.StopRun(var name) -> delete(corpus, name);
            case CorpusStep.ForgetRun(var name) -> {
                target.ifPresent(where -> where.connection().backend().forgetReport(where.names(), name));
                delete(corpus, name);
            }
        }
        log.done(corpus, step);
    }

    private static dev.concordance.operator.elastic.SearchBackend backend(Optional<Target> target) {
        return target.orElseThrow().connection().backend();
    }

    private static dev.concordance.manifest.IndexNames names(Optional<Target> target) {
        return target.orElseThrow().names();
    }

    private static IngestionRun run(Corpus corpus, CorpusStep.StartRun start) {
        var name = corpus.getMetadata().getName();
        var run = new IngestionRun();
        run.setMetadata(new ObjectMetaBuilder()
                .withName(name + "-" + start.sequence())
                .withNamespace(corpus.getMetadata().getNamespace())
                .withLabels(Labels.with(Labels.of(Labels.INGESTION, name), Labels.CORPUS, name))
                .addToAnnotations(Labels.INPUTS, start.inputs())
                .withOwnerReferences(Owned.by(corpus))
                .build());
        run.setSpec(new IngestionRunSpec(
                new LocalReference(name),
                start.mode().name(),
                start.generation(),
                start.trigger().name(),
                null,
                start.planned()));
        return run;
    }

    /** A run of this name that exists already was created by an earlier try, or is one that a user has named so. */
    private void create(IngestionRun run) {
        try {
            client.resource(run).create();
        } catch (KubernetesClientException refused) {
            if (refused.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw refused;
            }
        }
    }

    private void delete(Corpus corpus, String name) {
        client.resources(IngestionRun.class)
                .inNamespace(corpus.getMetadata().getNamespace())
                .withName(name)
                .delete();
    }
}
