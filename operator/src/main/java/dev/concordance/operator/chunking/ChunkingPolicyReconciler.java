package dev.concordance.operator.chunking;

import dev.concordance.api.v1alpha1.ChunkingPolicy;
import dev.concordance.api.v1alpha1.ChunkingPolicyStatus;
import dev.concordance.operator.OperatorConfiguration;
import dev.concordance.operator.kube.ConditionMeters;
import dev.concordance.operator.kube.Conditions;
import dev.concordance.operator.kube.Finding;
import dev.concordance.operator.kube.Labels;
import dev.concordance.operator.kube.Meaningful;
import dev.concordance.operator.kube.Parsed;
import dev.concordance.operator.kube.Reason;
import dev.concordance.operator.kube.Reporter;
import dev.concordance.operator.kube.Signals;
import dev.concordance.operator.kube.Truth;
import dev.concordance.operator.kube.Watchdog;
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
import java.util.List;

/** Says of each ChunkingPolicy whether it can be used. */
@ControllerConfiguration(
        name = "chunkingpolicy",
        fieldManager = Labels.OPERATOR,
        generationAwareEventProcessing = false,
        informer = @Informer(onUpdateFilter = Meaningful.class))
@GradualRetry(maxAttempts = -1, initialInterval = 500, intervalMultiplier = 2, maxInterval = 60_000)
public final class ChunkingPolicyReconciler implements Reconciler<ChunkingPolicy> {
    private final Reporter reporter;
    private final Clock clock;
    private final Duration resync;
    private final ConditionMeters meters;
    private final Watchdog watchdog;

    ChunkingPolicyReconciler(
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
    public List<EventSource<?, ChunkingPolicy>> prepareEventSources(EventSourceContext<ChunkingPolicy> context) {
        var signals = new Signals<ChunkingPolicy>(gone -> meters.remove("ChunkingPolicy", gone));
        watchdog.guard(
                ChunkingPolicy.class, context.getPrimaryCache(), signals, ChunkingPolicyStatus::observedGeneration);
        return List.of(signals);
    }

    @Override
    public UpdateControl<ChunkingPolicy> reconcile(ChunkingPolicy policy, Context<ChunkingPolicy> context) {
        var before = policy.getStatus() == null ? null : policy.getStatus().conditions();
        var conditions = Conditions.of(
                before,
                findings(Parsed.of(policy, DeclaredPolicy::parse)),
                policy.getMetadata().getGeneration(),
                clock.instant());
        var status = new ChunkingPolicyStatus(policy.getMetadata().getGeneration(), conditions);
        meters.update(policy, conditions);
        var report = new Reporter.Report<>(status, before, conditions, Reason.routine(ChunkingReason.values()));
        return reporter.end(policy, new ChunkingPolicy(), report, resync);
    }

    static List<Finding> findings(Parsed<DeclaredPolicy> parsed) {
        var settled = Finding.of(Conditions.RECONCILING, Truth.FALSE, ChunkingReason.Settled);
        return switch (parsed) {
            case Parsed.Valid<DeclaredPolicy>(var policy) ->
                List.of(
                        Finding.of(
                                Conditions.READY,
                                Truth.TRUE,
                                ChunkingReason.Usable,
                                policy.chunking().maxTokens()),
                        settled,
                        Finding.of(Conditions.STALLED, Truth.FALSE, ChunkingReason.Settled));
            case Parsed.Invalid<DeclaredPolicy>(var sentence) ->
                List.of(
                        Finding.of(Conditions.READY, Truth.FALSE, ChunkingReason.InvalidSpec, sentence),
                        settled,
                        Finding.of(Conditions.STALLED, Truth.TRUE, ChunkingReason.InvalidSpec, sentence));
        };
    }
}
