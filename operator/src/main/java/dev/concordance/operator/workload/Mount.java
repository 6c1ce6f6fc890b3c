package dev.concordance.operator.workload;

import dev.concordance.manifest.Fingerprint;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.List;
import java.util.regex.Pattern;

/** A Secret, a ConfigMap or a claim that a pod gets, read-only, under a name that a manifest calls it by. */
public sealed interface Mount {
    /** The folder below which all mounts are. */
    String ROOT = "/etc/concordance/";

    /** The name in the manifest. */
    String name();

    /** The content of a Secret, one file a key. */
    record OfSecret(String name, String secret) implements Mount {}

    /** The content of a ConfigMap, one file a key. */
    record OfConfigMap(String name, String configMap) implements Mount {}

    /** The content of a PersistentVolumeClaim. */
    record OfClaim(String name, String claim) implements Mount {}

    /** Where the pod finds it. */
    default String path() {
        return ROOT + name();
    }

    /** The arguments that tell a worker of it. */
    default List<String> arguments() {
        return List.of("--mount", name() + "=" + path());
    }

    /** The pod's volume. */
    default Volume volume() {
        var builder = new VolumeBuilder().withName(volumeName());
        return switch (this) {
            case OfSecret(var name, var secret) ->
                builder.withNewSecret().withSecretName(secret).endSecret().build();
            case OfConfigMap(var name, var configMap) ->
                builder.withNewConfigMap().withName(configMap).endConfigMap().build();
            case OfClaim(var name, var claim) ->
                builder.withNewPersistentVolumeClaim(claim, true).build();
        };
    }

    /** The container's mount. */
    default VolumeMount volumeMount() {
        return new VolumeMountBuilder()
                .withName(volumeName())
                .withMountPath(path())
                .withReadOnly(true)
                .build();
    }

    /** The name itself where it can name a volume, otherwise a digest of it. */
    private String volumeName() {
        return Pattern.matches("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?", name())
                ? name()
                : "mount-" + new Fingerprint("mount/1").with("name", name()).digest();
    }
}
