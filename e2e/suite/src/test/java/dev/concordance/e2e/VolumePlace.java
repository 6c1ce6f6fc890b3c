package dev.concordance.e2e;

import dev.concordance.manifest.SourceManifest;
import java.nio.file.Path;
import java.util.Map;

/** A folder of a volume, which fails as a share does that was not mounted: by being empty. */
final class VolumePlace implements Place {
    private static final String CLAIM = "documents";
    private static final String BELOW = "published";

    private final Path root;
    private final DocumentFolder files;
    private final Path away;

    /** Makes the volume and the claim. */
    VolumePlace(Cluster cluster, String namespace, Path folder) {
        root = folder.resolve("volume");
        files = new DocumentFolder(root.resolve(BELOW));
        away = folder.resolve("away");
        cluster.apply("""
                apiVersion: v1
                kind: PersistentVolume
                metadata: {name: %1$s-%2$s}
                spec:
                  capacity: {storage: 1Gi}
                  accessModes: [ReadOnlyMany]
                  storageClassName: ""
                  hostPath: {path: %3$s}
                ---
                apiVersion: v1
                kind: PersistentVolumeClaim
                metadata: {name: %2$s, namespace: %1$s}
                spec: {accessModes: [ReadOnlyMany], storageClassName: "", volumeName: %1$s-%2$s, resources: {requests: {storage: 1Gi}}}
                """.formatted(namespace, CLAIM, root));
    }

    @Override
    public String declaration() {
        return "volume: {claimName: %s, path: %s}".formatted(CLAIM, BELOW);
    }

    @Override
    public SourceManifest.Location location() {
        return new SourceManifest.Volume("volume", BELOW);
    }

    @Override
    public Map<String, Path> mounts() {
        return Map.of("volume", root);
    }

    @Override
    public boolean isWatched() {
        return false;
    }

    @Override
    public void write(String path, String text) {
        files.write(path, text);
    }

    @Override
    public void remove(String path) {
        files.remove(path);
    }

    @Override
    public void fail() {
        files.moveTo(away);
        new DocumentFolder(files.path());
    }

    @Override
    public void recover() {
        new DocumentFolder(root).remove(BELOW);
        new DocumentFolder(away).moveTo(files.path());
    }

    @Override
    public void close() {}
}
