package dev.concordance.localcluster.node.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Writes OCI archives, good and hostile ones. */
public final class OciArchive {
    private final List<byte[]> layers = new ArrayList<>();
    private String config = "{}";

    /** The image's configuration, as JSON. */
    public OciArchive config(String json) {
        config = json;
        return this;
    }

    /** Adds a layer. */
    public OciArchive layer(Layer layer) throws IOException {
        layers.add(layer.bytes());
        return this;
    }

    /** Writes the archive. */
    public Path write(Path file) throws IOException {
        var blobs = new LinkedHashMap<String, byte[]>();
        var layerReferences = new ArrayList<String>();
        for (var layer : layers) {
            layerReferences.add(reference("application/vnd.oci.image.layer.v1.tar+gzip", layer, blobs));
        }
        var configBytes = ("{\"config\": " + config + "}").getBytes(StandardCharsets.UTF_8);
        var manifest = "{\"schemaVersion\": 2, \"config\": %s, \"layers\": [%s]}"
                .formatted(
                        reference("application/vnd.oci.image.config.v1+json", configBytes, blobs),
                        String.join(", ", layerReferences));
        var index = "{\"schemaVersion\": 2, \"manifests\": [%s]}"
                .formatted(reference(
                        "application/vnd.oci.image.manifest.v1+json",
                        manifest.getBytes(StandardCharsets.UTF_8),
                        blobs));
        var all = new Layer();
        for (var blob : blobs.entrySet()) {
            all.file("blobs/sha256/" + blob.getKey(), blob.getValue());
        }
        all.file("index.json", index.getBytes(StandardCharsets.UTF_8));
        Files.write(file, all.plain());
        return file;
    }

    private static String reference(String type, byte[] content, Map<String, byte[]> blobs) {
        try {
            var digest = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(content));
            blobs.put(digest, content);
            return "{\"mediaType\": \"%s\", \"digest\": \"sha256:%s\", \"size\": %d}"
                    .formatted(type, digest, content.length);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The entries of a layer. */
    public static final class Layer {
        /** When each file of a layer was written. */
        public static final Instant WRITTEN = Instant.ofEpochSecond(1);

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes);

        public Layer() {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        }

        /** Adds a file. */
        public Layer file(String name, byte[] content) throws IOException {
            var entry = new TarArchiveEntry(name, true);
            entry.setSize(content.length);
            entry.setLastModifiedTime(FileTime.from(WRITTEN));
            tar.putArchiveEntry(entry);
            tar.write(content);
            tar.closeArchiveEntry();
            return this;
        }

        /** Adds a file. */
        public Layer file(String name, String content) throws IOException {
            return file(name, content.getBytes(StandardCharsets.UTF_8));
        }

        /** Adds a symbolic link. */
        public Layer link(String name, String target) throws IOException {
            return link(name, target, TarConstants.LF_SYMLINK);
        }

        /** Adds a second name of a file. */
        public Layer hardLink(String name, String target) throws IOException {
            return link(name, target, TarConstants.LF_LINK);
        }

        /** Adds a device. */
        public Layer device(String name) throws IOException {
            tar.putArchiveEntry(new TarArchiveEntry(name, TarConstants.LF_CHR));
            tar.closeArchiveEntry();
            return this;
        }

        private Layer link(String name, String target, byte type) throws IOException {
            var entry = new TarArchiveEntry(name, type);
            entry.setLinkName(target);
            tar.putArchiveEntry(entry);
            tar.closeArchiveEntry();
            return this;
        }

        private byte[] plain() throws IOException {
            tar.finish();
            return bytes.toByteArray();
        }

        private byte[] bytes() throws IOException {
            var zipped = new ByteArrayOutputStream();
            try (OutputStream gzip = new GZIPOutputStream(zipped)) {
                gzip.write(plain());
            }
            return zipped.toByteArray();
        }
    }
}
