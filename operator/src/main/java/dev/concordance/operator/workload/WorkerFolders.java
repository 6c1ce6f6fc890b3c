package dev.concordance.operator.workload;

import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.List;

/**
 * The folders of a worker: what it is told, as a ConfigMap; its workspace and its temporary files; and the mounts. The
 * ConfigMap is mounted as a folder, since a single file would never be seen to change.
 *
 * @param told name of the ConfigMap's volume
 * @param folder where the ConfigMap is mounted
 */
record WorkerFolders(String told, String folder, List<Mount> mounts) {
    WorkerFolders {
        mounts = List.copyOf(mounts);
    }

    /** The arguments that tell the worker of its workspace and the mounts. */
    List<String> arguments() {
        var arguments = new ArrayList<>(List.of("--workspace", Hardened.WORKSPACE));
        mounts.forEach(mount -> arguments.addAll(mount.arguments()));
        return arguments;
    }

    List<Volume> volumes(String configMap) {
        var volumes = new ArrayList<Volume>();
        volumes.add(new VolumeBuilder()
                .withName(told)
                .withNewConfigMap()
                .withName(configMap)
                .endConfigMap()
                .build());
        volumes.add(Hardened.scratch("workspace"));
        volumes.add(Hardened.scratch("tmp"));
        mounts.forEach(mount -> volumes.add(mount.volume()));
        return volumes;
    }

    List<VolumeMount> volumeMounts() {
        var all = new ArrayList<VolumeMount>();
        all.add(new VolumeMountBuilder()
                .withName(told)
                .withMountPath(folder)
                .withReadOnly(true)
                .build());
        all.add(Hardened.workspace());
        all.add(Hardened.tmp());
        mounts.forEach(mount -> all.add(mount.volumeMount()));
        return all;
    }
}
