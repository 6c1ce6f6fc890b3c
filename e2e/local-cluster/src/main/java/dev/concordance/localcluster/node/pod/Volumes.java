package dev.concordance.localcluster.node.pod;

import dev.concordance.localcluster.node.pod.AtomicFolder.Content;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.DownwardAPIVolumeFile;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ServiceAccountTokenProjection;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The host folders behind a pod's volumes. What comes from the API server is written again when it has changed. */
final class Volumes {
    private static final int MODE = 0644;
    private static final Duration PROJECTED_PERIOD = Duration.ofMinutes(1);
    private static final long TOKEN_SECONDS = 3600;

    private final Path folder;
    private final Cluster cluster;
    private final Map<String, Map<String, Content>> written = new HashMap<>();
    private final Map<String, Instant> writtenAt = new HashMap<>();
    private final Map<String, HeldToken> tokens = new HashMap<>();

    private record HeldToken(byte[] value, Instant renewAt) {}

    Volumes(Path folder, Cluster cluster) {
        this.folder = folder;
        this.cluster = cluster;
    }

    /** The host folder of each volume, with what belongs into it now. */
    Map<String, Path> provide(Fields fields, Instant now) {
        var folders = new LinkedHashMap<String, Path>();
        for (var volume : fields.pod().getSpec().getVolumes()) {
            folders.put(volume.getName(), provide(volume, fields, now));
        }
        return folders;
    }

    /** Host folder by mount path of one container. */
    static Map<String, Path> mounts(Container container, Map<String, Path> folders) {
        var mounts = new LinkedHashMap<String, Path>();
        for (var mount : container.getVolumeMounts()) {
            var folder = folders.get(mount.getName());
            if (folder == null
                    || mount.getSubPathExpr() != null && !mount.getSubPathExpr().isEmpty()) {
                throw Refusal.missing("this node can't mount " + mount.getName());
            }
            var subPath = mount.getSubPath() == null ? "" : mount.getSubPath();
            var target = folder.resolve(subPath).normalize();
            if (!target.startsWith(folder)) {
                throw Refusal.missing("subPath " + subPath + " leaves the volume " + mount.getName());
            }
            mounts.put(mount.getMountPath().replaceFirst("/+$", ""), target);
        }
        return mounts;
    }

    private Path provide(Volume volume, Fields fields, Instant now) {
        var claim = volume.getPersistentVolumeClaim();
        if (claim != null) {
            return cluster.volume(namespace(fields), claim.getClaimName())
                    .orElseThrow(() -> waits("claim " + claim.getClaimName() + " is not bound to a host folder"));
        }
        if (volume.getHostPath() != null) {
            return Path.of(volume.getHostPath().getPath());
        }
        var target = folder.resolve(volume.getName());
        try {
            if (volume.getEmptyDir() != null) {
                return Files.createDirectories(target);
            }
            if (isDue(volume, now)) {
                write(volume, target, content(volume, fields, now));
                writtenAt.put(volume.getName(), now);
            }
            return target;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What an account is given hardly ever changes, and each pod has it: asking for it all the time would keep the node busy. */
    private boolean isDue(Volume volume, Instant now) {
        var last = writtenAt.get(volume.getName());
        return last == null || volume.getProjected() == null || now.isAfter(last.plus(PROJECTED_PERIOD));
    }

    private void write(Volume volume, Path target, Map<String, Content> files) throws IOException {
        if (!same(files, written.get(volume.getName()))) {
            new AtomicFolder(target).write(files);
            written.put(volume.getName(), files);
        }
    }

    private Map<String, Content> content(Volume volume, Fields fields, Instant now) {
        var files = new LinkedHashMap<String, Content>();
        var configMap = volume.getConfigMap();
        var secret = volume.getSecret();
        var downward = volume.getDownwardAPI();
        var projected = volume.getProjected();
        if (configMap != null) {
            var all = configMap(fields, configMap.getName(), configMap.getOptional());
            put(files, all, configMap.getItems(), configMap.getDefaultMode());
        } else if (secret != null) {
            var all = secret(fields, secret.getSecretName(), secret.getOptional());
            put(files, all, secret.getItems(), secret.getDefaultMode());
        } else if (downward != null) {
            put(files, downward.getItems(), fields, downward.getDefaultMode());
        } else if (projected != null) {
            for (var source : projected.getSources()) {
                put(files, source, fields, now, projected.getDefaultMode());
            }
        } else {
            throw Refusal.missing("this node has no volumes of the kind that " + volume.getName() + " asks for");
        }
        return files;
    }

    private void put(
            Map<String, Content> files, VolumeProjection source, Fields fields, Instant now, @Nullable Integer mode) {
        var configMap = source.getConfigMap();
        var secret = source.getSecret();
        var token = source.getServiceAccountToken();
        if (configMap != null) {
            var all = configMap(fields, configMap.getName(), configMap.getOptional());
            put(files, all, configMap.getItems(), mode);
        } else if (secret != null) {
            var all = secret(fields, secret.getName(), secret.getOptional());
            put(files, all, secret.getItems(), mode);
        } else if (token != null) {
            files.put(token.getPath(), new Content(token(fields.pod(), token, now), ProbeState.or(mode, MODE)));
        } else if (source.getDownwardAPI() != null) {
            put(files, source.getDownwardAPI().getItems(), fields, mode);
        } else {
            throw Refusal.missing("this node can't project trust bundles or pod certificates");
        }
    }

    private static void put(
            Map<String, Content> files, Map<String, byte[]> all, List<KeyToPath> items, @Nullable Integer mode) {
        if (items.isEmpty()) {
            all.forEach((key, value) -> files.put(key, new Content(value, ProbeState.or(mode, MODE))));
        }
        for (var item : items) {
            var value = all.get(item.getKey());
            if (value != null) {
                files.put(item.getPath(), new Content(value, ProbeState.or(item.getMode(), ProbeState.or(mode, MODE))));
            }
        }
    }

    private static void put(
            Map<String, Content> files, List<DownwardAPIVolumeFile> items, Fields fields, @Nullable Integer mode) {
        for (var item : items) {
            if (item.getFieldRef() == null) {
                throw Refusal.missing("this node can't write a resource into the file " + item.getPath());
            }
            var value = fields.value(item.getFieldRef().getFieldPath()).getBytes(StandardCharsets.UTF_8);
            files.put(item.getPath(), new Content(value, ProbeState.or(item.getMode(), ProbeState.or(mode, MODE))));
        }
    }

    /** Renewed after four fifths of its time. */
    private byte[] token(Pod pod, ServiceAccountTokenProjection asked, Instant now) {
        var held = tokens.get(asked.getPath());
        if (held != null && now.isBefore(held.renewAt())) {
            return held.value();
        }
        var seconds = asked.getExpirationSeconds() == null ? TOKEN_SECONDS : asked.getExpirationSeconds();
        var token = cluster.token(pod, Optional.ofNullable(asked.getAudience()), seconds);
        var value = token.value().getBytes(StandardCharsets.UTF_8);
        var left = Duration.between(now, token.expires());
        tokens.put(
                asked.getPath(),
                new HeldToken(value, now.plus(left.multipliedBy(4).dividedBy(5))));
        return value;
    }

    private Map<String, byte[]> configMap(Fields fields, String name, @Nullable Boolean optional) {
        return found(cluster.configMap(namespace(fields), name), optional, "configmap", name);
    }

    private Map<String, byte[]> secret(Fields fields, String name, @Nullable Boolean optional) {
        return found(cluster.secret(namespace(fields), name), optional, "secret", name);
    }

    private static Map<String, byte[]> found(
            Optional<Map<String, byte[]>> content, @Nullable Boolean optional, String kind, String name) {
        if (content.isEmpty() && !Boolean.TRUE.equals(optional)) {
            throw waits(kind + " \"" + name + "\" not found");
        }
        return content.orElse(Map.of());
    }

    private static Refusal.CannotStart waits(String message) {
        return new Refusal.CannotStart("ContainerCreating", message);
    }

    private static String namespace(Fields fields) {
        return fields.pod().getMetadata().getNamespace();
    }

    private static boolean same(Map<String, Content> files, @Nullable Map<String, Content> before) {
        return before != null
                && files.keySet().equals(before.keySet())
                && files.entrySet().stream()
                        .allMatch(file ->
                                file.getValue().sameAs(java.util.Objects.requireNonNull(before.get(file.getKey()))));
    }
}
