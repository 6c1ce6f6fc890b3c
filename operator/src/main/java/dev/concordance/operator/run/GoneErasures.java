package dev.concordance.operator.run;

import dev.concordance.api.v1alpha1.Corpus;
import dev.concordance.api.v1alpha1.Erasure;
import dev.concordance.manifest.RunMode;
import dev.concordance.operator.cluster.ClusterConnections;
import dev.concordance.operator.corpus.CorpusParser;
import dev.concordance.operator.erasure.Erasures;
import dev.concordance.operator.kube.Reference;
import dev.concordance.operator.run.RunObservation.Launch;
import dev.concordance.operator.run.RunObservation.Obstacle;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Finds Erasures that have gone while no ledger could be told: their Corpus was away, or the ledger is of a snapshot, or a backup
 * brought them back under other UIDs. Until it is told, it lets nobody write who doesn't know them.
 */
final class GoneErasures {
    private final KubernetesClient client;
    private final ClusterConnections connections;
    private final Duration awaited;
    private final Clock clock;

    /** @param awaited for how long after its creation a Corpus may still get its Erasures */
    GoneErasures(KubernetesClient client, ClusterConnections connections, Duration awaited, Clock clock) {
        this.client = client;
        this.connections = connections;
        this.awaited = awaited;
        this.clock = clock;
    }

    /** What becomes of a launch that nothing else stands in the way of; a run that erases brings nothing back. */
    Launch settle(Launch.Possible launch, Corpus corpus) {
        var specification = launch.job().specification();
        if (specification.mode() == RunMode.Erase) {
            return launch;
        }
        var cluster = CorpusParser.cluster(corpus).orElseThrow();
        var ledger = connections.find(cluster.namespace(), cluster.name()).orElseThrow();
        var untold = ledger.backend().erasures(specification.names()).stream()
                .filter(erasure -> !specification.tombstones().contains(erasure))
                .toList();
        if (untold.isEmpty()) {
            return launch;
        }
        // Asked after the ledger, and not of a cache: one that was created a moment ago is not gone.
        var existing = client.resources(Erasure.class)
                .inNamespace(specification.names().namespace())
                .list()
                .getItems();
        var created = Instant.parse(corpus.getMetadata().getCreationTimestamp());
        return decide(
                launch,
                cluster,
                untold,
                existing,
                Optional.of(created.plus(awaited)).filter(clock.instant()::isBefore));
    }

    /**
     * Decides that.
     *
     * @param untold UIDs that the ledger requires and the run doesn't know
     * @param until when those that are gone may still come back; empty: no more
     */
    static Launch decide(
            Launch.Possible launch,
            Reference cluster,
            List<String> untold,
            List<Erasure> existing,
            Optional<Instant> until) {
        var specification = launch.job().specification();
        var names = specification.names();
        var deciding = existing.stream()
                .filter(erasure -> Erasures.corpusName(erasure).equals(Optional.of(names.corpus())))
                .filter(erasure -> !specification
                        .tombstones()
                        .contains(erasure.getMetadata().getUid()))
                .filter(erasure -> untold.contains(erasure.getMetadata().getUid()) || Erasures.isToHold(erasure))
                .findFirst();
        if (deciding.isPresent()) {
            return blocked(
                    RunReason.WaitsForErasure, deciding.get().getMetadata().getName());
        }
        var uids =
                existing.stream().map(erasure -> erasure.getMetadata().getUid()).collect(Collectors.toSet());
        var gone = untold.stream().filter(erasure -> !uids.contains(erasure)).toList();
        return until.map(end -> blocked(RunReason.ErasuresMissing, gone.size(), end))
                .orElseGet(() ->
                        new Launch.Possible(launch.job(), List.of(new RunStep.ForgetErasures(cluster, names, gone))));
    }

    private static Launch blocked(RunReason reason, Object... facts) {
        return new Launch.Blocked(Obstacle.of(reason, facts));
    }
}
