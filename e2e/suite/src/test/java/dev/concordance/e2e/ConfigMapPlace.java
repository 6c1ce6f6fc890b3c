package dev.concordance.e2e;

import dev.concordance.manifest.SourceManifest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A ConfigMap, kept from a folder with the same files. */
final class ConfigMapPlace implements Place {
    private static final String NAME = "documents";

    private final Cluster cluster;
    private final String namespace;
    private final DocumentFolder files;

    ConfigMapPlace(Cluster cluster, String namespace, Path folder) {
        this.cluster = cluster;
        this.namespace = namespace;
        files = new DocumentFolder(folder.resolve("files"));
    }

    @Override
    public String declaration() {
        return "configMap: {name: %s}".formatted(NAME);
    }

    @Override
    public SourceManifest.Location location() {
        return new SourceManifest.ConfigMap("files", "");
    }

    @Override
    public Map<String, Path> mounts() {
        return Map.of("files", files.path());
    }

    @Override
    public boolean isWatched() {
        return true;
    }

    @Override
    public void write(String path, String text) {
        write(path, text.getBytes(StandardCharsets.UTF_8));
    }

    /** What isn't UTF-8 becomes a key of {@code binaryData}. */
    void write(String path, byte[] bytes) {
        files.write(path, bytes);
        recover();
    }

    @Override
    public void remove(String path) {
        files.remove(path);
        recover();
    }

    @Override
    public void fail() {
        cluster.kubectl().run("delete", "configmap", NAME, "-n", namespace);
    }

    @Override
    public void recover() {
        var arguments = new ArrayList<>(List.of("create", "configmap", NAME, "-n", namespace));
        arguments.addAll(List.of("--from-file=" + files.path(), "--dry-run=client", "-o", "yaml"));
        cluster.apply(cluster.kubectl().run(arguments.toArray(String[]::new)));
    }

    @Override
    public void close() {}
}
