package dev.concordance.operator.model;

import dev.concordance.api.v1alpha1.EmbeddingModel;
import dev.concordance.api.v1alpha1.EmbeddingModelStatus;
import dev.concordance.manifest.EmbeddingModelManifest;
import dev.concordance.operator.OperatorConfiguration;
import dev.concordance.operator.kube.ConditionMeters;
import dev.concordance.operator.kube.Conditions;
import dev.concordance.operator.kube.Labels;
import dev.concordance.operator.kube.Meaningful;
import dev.concordance.operator.kube.Parsed;
import dev.concordance.operator.kube.Reason;
import dev.concordance.operator.kube.Reference;
import dev.concordance.operator.kube.ReferencedObjects;
import dev.concordance.operator.kube.Reporter;
import dev.concordance.operator.kube.Signals;
import dev.concordance.operator.kube.Watchdog;
import dev.concordance.operator.kube.Watched;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Says of each EmbeddingModel whether it can be used. */
@ControllerConfiguration(
        name = "embeddingmodel",
        fieldManager = Labels.OPERATOR,
        generationAwareEventProcessing = false,
        informer = @Informer(onUpdateFilter = Meaningful.class))
@GradualRetry(maxAttempts = -1, initialInterval = 500, intervalMultiplier = 2, maxInterval = 60_000)
public final class EmbeddingModelReconciler implements Reconciler<EmbeddingModel> {
    private static final String BY_REFERENCE = "references";

    private final Reporter reporter;
    private final Clock clock;
    private final Duration resync;
    private final ConditionMeters meters;
    private final Watchdog watchdog;
    private Watched<PersistentVolumeClaim, EmbeddingModel> claims = new Watched<>(List.of());
    private Watched<Secret, EmbeddingModel> secrets = new Watched<>(List.of());
    private Watched<ConfigMap, EmbeddingModel> configMaps = new Watched<>(List.of());

    EmbeddingModelReconciler(
            Reporter reporter,
            Clock clock,
            OperatorConfiguration configuration,
            ConditionMeters meters,
            Watchdog watchdog) {
        this.reporter = reporter;
        this.meters = meters;
        this.watchdog = watchdog;
        this.clock = clock;
        this.resync = configuration.resync();
    }

    @Override
    public List<EventSource<?, EmbeddingModel>> prepareEventSources(EventSourceContext<EmbeddingModel> context) {
        context.getPrimaryCache()
                .addIndexer(
                        BY_REFERENCE,
                        model -> references(model).stream().map(Reference::key).toList());
        claims = ReferencedObjects.claims(context, ReferencedObjects.byIndex(context, BY_REFERENCE, Reference::of));
        secrets = ReferencedObjects.secrets(context, ReferencedObjects.byIndex(context, BY_REFERENCE, Reference::of));
        configMaps =
                ReferencedObjects.configMaps(context, ReferencedObjects.byIndex(context, BY_REFERENCE, Reference::of));
        var signals = new Signals<EmbeddingModel>(gone -> meters.remove("EmbeddingModel", gone));
        watchdog.guard(
                EmbeddingModel.class, context.getPrimaryCache(), signals, EmbeddingModelStatus::observedGeneration);
        var sources = new ArrayList<EventSource<?, EmbeddingModel>>(claims.sources());
        sources.addAll(secrets.sources());
        sources.addAll(configMaps.sources());
        sources.add(signals);
        return sources;
    }

    @Override
    public UpdateControl<EmbeddingModel> reconcile(EmbeddingModel model, Context<EmbeddingModel> context) {
        var parsed = Parsed.of(model, EmbeddingModels::parse);
        var missing = references(model).stream()
                .filter(reference -> !exists(reference))
                .findFirst();
        var before = model.getStatus() == null ? null : model.getStatus().conditions();
        var conditions = Conditions.of(
                before, ModelConditions.of(parsed, missing), model.getMetadata().getGeneration(), clock.instant());
        var manifest = parsed.valid().map(DeclaredModel::manifest);
        var status = new EmbeddingModelStatus(
                model.getMetadata().getGeneration(),
                manifest.map(EmbeddingModelManifest::digest).orElse(null),
                manifest.map(EmbeddingModelManifest::dimensions).orElse(null),
                conditions);
        meters.update(model, conditions);
        var report = new Reporter.Report<>(status, before, conditions, Reason.routine(ModelReason.values()));
        return reporter.end(model, new EmbeddingModel(), report, resync);
    }

    private boolean exists(Reference reference) {
        var cache = switch (reference.kind()) {
            case "Secret" -> secrets;
            case "ConfigMap" -> configMaps;
            default -> claims;
        };
        return cache.find(reference.namespace(), reference.name()).isPresent();
    }

    private static List<Reference> references(EmbeddingModel model) {
        var declared = Parsed.of(model, EmbeddingModels::parse).valid();
        return declared.map(found -> found.references(model.getMetadata().getNamespace()))
                .orElse(List.of());
    }
}
