package dev.concordance.localcluster.node.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.apache.commons.compress.archivers.tar.TarFile;

/** The images that were given by name, each from an OCI archive; unpacked when first asked for, then kept by digest. */
public final class ImageStore {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final Map<String, Path> archives;
    private final Map<Path, Image> unpacked = new LinkedHashMap<>();

    /** A store that unpacks into {@code folder}. */
    public ImageStore(Path folder, Map<String, Path> archives) {
        this.folder = folder;
        this.archives = Map.copyOf(archives);
    }

    /** The image that is meant by {@code reference}, if it was given. */
    public synchronized Optional<Image> find(String reference) {
        var asked = Reference.parse(reference);
        for (var archive : archives.entrySet()) {
            var loaded = Reference.parse(archive.getKey());
            if (!loaded.repository().equals(asked.repository())) {
                continue;
            }
            var image = unpacked.computeIfAbsent(archive.getValue(), this::unpack);
            if (asked.means(loaded, image.digest())) {
                return Optional.of(image);
            }
        }
        return Optional.empty();
    }

    /** Digest of the one image in an OCI archive. */
    public static String digest(Path archive) {
        try (var tar = new TarFile(archive)) {
            return digest(tar);
        } catch (IOException e) {
            throw unreadable(archive, e);
        }
    }

    /** Deletes what it unpacked of archives that were replaced since. No process may run from there. */
    public void removeReplaced() {
        if (!Files.isDirectory(folder)) {
            return;
        }
        var current = archives.values().stream()
                .filter(Files::isRegularFile)
                .map(archive -> folderOf(digest(archive)))
                .toList();
        try (var kept = Files.list(folder)) {
            for (var root : kept.filter(root -> !current.contains(root)).toList()) {
                Layer.delete(root);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The names that images were given by. */
    public List<String> names() {
        return archives.keySet().stream().sorted().toList();
    }

    private Image unpack(Path archive) {
        try (var tar = new TarFile(archive)) {
            var digest = digest(tar);
            var manifest = json(tar, blob(digest));
            if (!manifest.has("layers")) {
                throw new IOException("the archive has to hold an image for one platform, not an index of images");
            }
            var root = folderOf(digest);
            if (!Files.isDirectory(root)) {
                unpack(tar, manifest, root);
            }
            return image(
                    digest,
                    root,
                    json(tar, blob(manifest.path("config").path("digest").asText()))
                            .path("config"));
        } catch (IOException | IllegalArgumentException e) {
            throw unreadable(archive, e);
        }
    }

    private static UnreadableImage unreadable(Path archive, Exception e) {
        return new UnreadableImage(archive + " is not an OCI archive of one image: " + e.getMessage(), e);
    }

    private Path folderOf(String digest) {
        return folder.resolve(digest.replace(':', '-'));
    }

    private static String digest(TarFile tar) throws IOException {
        var manifests = json(tar, "index.json").path("manifests");
        if (manifests.size() != 1) {
            throw new IOException("the archive has to hold one image, and holds " + manifests.size());
        }
        return manifests.path(0).path("digest").asText();
    }

    /** Into a folder of its own first, so that a half unpacked image is never taken for one. */
    private void unpack(TarFile tar, JsonNode manifest, Path root) throws IOException {
        Files.createDirectories(folder);
        var work = Files.createTempDirectory(folder, "unpacking-");
        for (var layer : manifest.path("layers")) {
            try (var content = open(tar, blob(layer.path("digest").asText()))) {
                Layer.unpack(content, layer.path("mediaType").asText(), work);
            }
        }
        try {
            Files.move(work, root, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (!Files.isDirectory(root)) {
                throw e;
            }
            Layer.delete(work);
        }
    }

    private static Image image(String digest, Path root, JsonNode config) {
        var environment = new LinkedHashMap<String, String>();
        for (var variable : strings(config.path("Env"))) {
            var equals = variable.indexOf('=');
            environment.put(variable.substring(0, equals), variable.substring(equals + 1));
        }
        return new Image(digest, root, strings(config.path("Entrypoint")), strings(config.path("Cmd")), environment);
    }

    private static List<String> strings(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    private static String blob(String digest) throws IOException {
        if (!digest.matches("sha256:[0-9a-f]{64}")) {
            throw new IOException("\"" + digest + "\" is no SHA-256 digest");
        }
        return "blobs/" + digest.replace(':', '/');
    }

    private static JsonNode json(TarFile tar, String name) throws IOException {
        try (var content = open(tar, name)) {
            return JSON.readTree(content);
        }
    }

    private static InputStream open(TarFile tar, String name) throws IOException {
        for (var entry : tar.getEntries()) {
            if (entry.getName().equals(name)) {
                return tar.getInputStream(entry);
            }
        }
        throw new IOException("it has no " + name);
    }

    /** An archive that is no image. */
    public static final class UnreadableImage extends UncheckedIOException {
        UnreadableImage(String message, Exception cause) {
            super(message, cause instanceof IOException io ? io : new IOException(cause));
        }
    }
}
