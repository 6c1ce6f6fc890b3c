package dev.concordance.e2e.chart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarFile;

/**
 * An image as Maven leaves it: one OCI image in an archive.
 *
 * @param name by which it was built
 * @param configuration with its {@code config} and {@code created}
 * @param layers the entries of each layer, the lowest first
 */
record ImageArchive(String name, JsonNode configuration, List<List<TarArchiveEntry>> layers) {
    private static final ObjectMapper JSON = new ObjectMapper();

    ImageArchive {
        layers = List.copyOf(layers);
    }

    static ImageArchive open(Path file) throws IOException {
        try (var archive = new TarFile(file)) {
            var listed = json(archive, "index.json").path("manifests");
            if (listed.size() != 1) {
                throw new IOException(file + " holds " + listed.size() + " images");
            }
            var manifest = json(archive, blob(listed.path(0)));
            var layers = new ArrayList<List<TarArchiveEntry>>();
            for (var layer : manifest.path("layers")) {
                layers.add(entries(archive, blob(layer)));
            }
            return new ImageArchive(
                    listed.path(0)
                            .path("annotations")
                            .path("org.opencontainers.image.ref.name")
                            .asText(),
                    json(archive, blob(manifest.path("config"))),
                    layers);
        }
    }

    private static String blob(JsonNode descriptor) {
        return "blobs/" + descriptor.path("digest").asText().replace(':', '/');
    }

    private static JsonNode json(TarFile archive, String name) throws IOException {
        return JSON.readTree(archive.getInputStream(entry(archive, name)));
    }

    private static List<TarArchiveEntry> entries(TarFile archive, String name) throws IOException {
        var entries = new ArrayList<TarArchiveEntry>();
        try (var layer = new TarArchiveInputStream(
                new GZIPInputStream(new BufferedInputStream(archive.getInputStream(entry(archive, name)))))) {
            for (var entry = layer.getNextEntry(); entry != null; entry = layer.getNextEntry()) {
                entries.add(entry);
            }
        }
        return entries;
    }

    private static TarArchiveEntry entry(TarFile archive, String name) throws IOException {
        return archive.getEntries().stream()
                .filter(entry -> entry.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new IOException("the archive has no " + name));
    }
}
