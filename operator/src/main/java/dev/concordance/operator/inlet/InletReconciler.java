package dev.concordance.operator.inlet;

import dev.concordance.api.v1alpha1.Corpus;
import dev.concordance.api.v1alpha1.Erasure;
import dev.concordance.operator.OperatorConfiguration;
import dev.concordance.operator.corpus.CorpusResolver;
import dev.concordance.operator.corpus.InletStates;
import dev.concordance.operator.erasure.Erasures;
import dev.concordance.operator.kube.Labels;
import dev.concordance.operator.kube.Meaningful;
import dev.concordance.operator.kube.ReferencedObjects;
import dev.concordance.operator.kube.StepLog;
import dev.concordance.operator.kube.Watched;
import dev.concordance.operator.workload.WorkerImage;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Keeps the inlet of each Corpus that documents are pushed to. How it stands is told to the reconciler of Corpora, which alone writes their status. */
@ControllerConfiguration(
        name = "inlet",
        fieldManager = Labels.OPERATOR,
        generationAwareEventProcessing = false,
        informer = @Informer(onUpdateFilter = Meaningful.class))
@GradualRetry(maxAttempts = -1, initialInterval = 500, intervalMultiplier = 2, maxInterval = 60_000)
public final class InletReconciler implements Reconciler<Corpus> {
    private static final Duration SOON = Duration.ofSeconds(2);

    private final KubernetesClient client;
    private final CorpusResolver resolver;
    private final InletStates states;
    private final InletActuator actuator;
    private final OperatorConfiguration configuration;
    private Optional<InletObserver> observer = Optional.empty();

    InletReconciler(
            KubernetesClient client,
            CorpusResolver resolver,
            InletStates states,
            StepLog log,
            OperatorConfiguration configuration) {
        this.client = client;
        this.resolver = resolver;
        this.states = states;
        this.actuator = new InletActuator(client, log);
        this.configuration = configuration;
    }

    @Override
    public List<EventSource<?, Corpus>> prepareEventSources(EventSourceContext<Corpus> context) {
        var caches = new InletObserver.Caches(
                ReferencedObjects.all(Erasure.class, context, InletReconciler::corpus),
                own(ConfigMap.class, context),
                own(Deployment.class, context),
                own(Service.class, context),
                own(PodDisruptionBudget.class, context));
        caches.erasures().only().addIndexer(Erasures.BY_CORPUS, Erasures::corpus);
        observer = Optional.of(new InletObserver(client, resolver, caches));
        var sources = new ArrayList<EventSource<?, Corpus>>();
        sources.addAll(caches.erasures().sources());
        sources.addAll(caches.configMaps().sources());
        sources.addAll(caches.deployments().sources());
        sources.addAll(caches.services().sources());
        sources.addAll(caches.disruptionBudgets().sources());
        return sources;
    }

    @Override
    public UpdateControl<Corpus> reconcile(Corpus corpus, Context<Corpus> context) {
        var seen = observer.orElseThrow().observe(corpus);
        states.tell(ResourceID.fromResource(corpus), seen.state());
        InletPlanner.plan(corpus, seen, WorkerImage.of(configuration.indexServer()))
                .forEach(step -> actuator.act(corpus, step));
        return UpdateControl.<Corpus>noUpdate().rescheduleAfter(seen.isWaiting() ? SOON : configuration.resync());
    }

    private static Set<ResourceID> corpus(Erasure erasure) {
        return Erasures.corpusName(erasure)
                .map(name -> new ResourceID(name, erasure.getMetadata().getNamespace()))
                .map(Set::of)
                .orElse(Set.of());
    }

    private static <R extends HasMetadata> Watched<R, Corpus> own(Class<R> type, EventSourceContext<Corpus> context) {
        return ReferencedObjects.managed(type, Labels.INLET, context, object -> {
            var labels = object.getMetadata().getLabels();
            var corpus = labels == null ? null : labels.get(Labels.CORPUS);
            return corpus == null
                    ? Set.of()
                    : Set.of(new ResourceID(corpus, object.getMetadata().getNamespace()));
        });
    }
}
