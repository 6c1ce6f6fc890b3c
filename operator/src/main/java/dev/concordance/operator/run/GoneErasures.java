package dev.concordance.operator.run;

import dev.concordance.api.v1alpha1.Api;
import dev.concordance.api.v1alpha1.Corpus;
import dev.concordance.api.v1alpha1.Erasure;
import dev.concordance.manifest.Fingerprint;
import dev.concordance.manifest.RunMode;
import dev.concordance.operator.cluster.ClusterConnections;
import dev.concordance.operator.elastic.BackendException;
import dev.concordance.operator.erasure.Erasures;
import dev.concordance.operator.kube.Annotations;
import dev.concordance.operator.run.RunObservation.Launch;
import dev.concordance.operator.run.RunObservation.Obstacle;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds Erasures that have gone while no ledger could be told: their Corpus was away, or the ledger is of a snapshot, or a backup
 * brought them back under other UIDs. Until it is told, it lets nobody write who doesn't know them.
 */
final class GoneErasures {
    private static final int DIGITS = 8;

    private final KubernetesClient client;
    private final ClusterConnections connections;

    GoneErasures(KubernetesClient client, ClusterConnections connections) {
        this.client = client;
        this.connections = connections;
    }

    /** What becomes of a launch that nothing else stands in the way of; a run that erases brings nothing back. */
    Launch settle(Launch.Possible launch, Corpus corpus) {
        var specification = launch.job().specification();
        if (specification.mode() == RunMode.Erase) {
            return launch;
        }
        var connection = launch.connection();
        Set<String> required;
        try {
            required = connection.backend().erasures(specification.names());
        } catch (BackendException failed) {
            connections.doubt(connection);
            return new Launch.Blocked(Obstacle.of(connection.explain(failed)));
        }
        var untold = required.stream()
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
        return decide(launch, untold, existing, Annotations.value(corpus, Api.FORGET_ERASURES));
    }

    /**
     * Decides that.
     *
     * @param untold UIDs that the ledger requires and the run doesn't know
     * @param approved token of those that may be forgotten: nobody can tell what was lifted from what was lost
     */
    static Launch decide(
            Launch.Possible launch, List<String> untold, List<Erasure> existing, Optional<String> approved) {
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
        var gone = untold.stream()
                .filter(erasure -> !uids.contains(erasure))
                .sorted()
                .toList();
        var token = token(gone);
        return approved.filter(token::equals).isPresent()
                ? new Launch.Possible(
                        launch.job(),
                        launch.connection(),
                        List.of(new RunStep.ForgetErasures(launch.connection(), names, gone)))
                : blocked(RunReason.ErasuresMissing, gone.size(), token);
    }

    /** Tells nothing of the UIDs, which are keys of the digests in receipts. */
    private static String token(List<String> gone) {
        return new Fingerprint("gone-erasures/1").with("uids", gone).digest().substring(0, DIGITS);
    }

    private static Launch blocked(RunReason reason, Object... facts) {
        return new Launch.Blocked(Obstacle.of(reason, facts));
    }
}
