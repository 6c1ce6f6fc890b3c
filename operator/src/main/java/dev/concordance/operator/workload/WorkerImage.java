package dev.concordance.operator.workload;

import dev.concordance.operator.OperatorConfiguration;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import java.util.List;

/**
 * The index server's image.
 *
 * @param pullSecrets names of Secrets for its registry, in the namespace of whoever pulls
 */
public record WorkerImage(String name, String pullPolicy, List<String> pullSecrets) {
    public WorkerImage {
        pullSecrets = List.copyOf(pullSecrets);
    }

    /** As the installation has it. */
    public static WorkerImage of(OperatorConfiguration.IndexServer configured) {
        return new WorkerImage(
                configured.image(),
                configured.pullPolicy(),
                configured.pullSecrets().orElse(List.of()));
    }

    List<LocalObjectReference> references() {
        return pullSecrets.stream().map(LocalObjectReference::new).toList();
    }
}
