package dev.concordance.embedding;

import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.ModelFile;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.function.Function;

/**
 * Brings the files of models, wherever they are, and lets none pass whose SHA-256 isn't the declared one. Files are mapped
 * into memory, not copied into the heap.
 *
 * @param mounts folder of a mount by its name; throws for an unknown one
 * @param workspace a folder for what is downloaded
 */
public record ModelFiles(Function<String, Path> mounts, Path workspace) {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration DOWNLOAD = Duration.ofMinutes(10);

    /** With the system's folder for temporary files as workspace. */
    public ModelFiles(Function<String, Path> mounts) {
        this(mounts, Path.of(System.getProperty("java.io.tmpdir")));
    }

    /** For programs that use bundled models only. */
    public static ModelFiles bundledOnly() {
        return new ModelFiles(mount -> {
            throw new IllegalArgumentException("there is no mount " + mount);
        });
    }

    /** The file's bytes, outside of the heap, for as long as the arena lasts. */
    ByteBuffer read(ModelFile file, Arena arena) {
        var bytes = bytes(file, arena);
        var found = sha256(bytes);
        if (!found.equals(file.sha256())) {
            throw new ModelException(
                    FailureReason.ModelDigestMismatch,
                    "%s has the SHA-256 %s, not the declared %s: declare the one that was meant, or bring the file that was declared"
                            .formatted(name(file), found, file.sha256()));
        }
        return bytes;
    }

    /** The bytes of a file that is small. */
    byte[] copy(ModelFile file) {
        try (var arena = Arena.ofConfined()) {
            var bytes = read(file, arena);
            var copy = new byte[bytes.remaining()];
            bytes.get(copy);
            return copy;
        }
    }

    private ByteBuffer bytes(ModelFile file, Arena arena) {
        try {
            return switch (file) {
                case ModelFile.Bundled bundled -> resource(bundled.resource(), arena);
                case ModelFile.Mounted mounted -> mounted(mounted, arena);
                case ModelFile.Downloaded downloaded -> downloaded(downloaded, arena);
            };
        } catch (IOException e) {
            throw new ModelException(
                    FailureReason.ModelUnavailable,
                    "%s can't be read: %s: %s"
                            .formatted(name(file), e.getClass().getSimpleName(), e.getMessage()),
                    e);
        }
    }

    /** By its URL, since some class loaders give only streams of what they have read into the heap. */
    private static ByteBuffer resource(String name, Arena arena) throws IOException {
        var url = ModelFiles.class.getClassLoader().getResource(name);
        if (url == null) {
            throw new IOException("this index server doesn't bundle it");
        }
        var connection = url.openConnection();
        try (var in = Channels.newChannel(connection.getInputStream())) {
            var bytes = arena.allocate(connection.getContentLengthLong()).asByteBuffer();
            while (bytes.hasRemaining() && in.read(bytes) >= 0) {}
            if (bytes.hasRemaining()) {
                throw new EOFException();
            }
            return bytes.flip();
        }
    }

    private ByteBuffer mounted(ModelFile.Mounted file, Arena arena) throws IOException {
        var folder = mounts.apply(file.mount()).toRealPath();
        var path = folder.resolve(file.path()).toRealPath();
        if (!path.startsWith(folder)) {
            throw new IOException("it is outside of its volume");
        }
        return mapped(path, arena);
    }

    private ByteBuffer downloaded(ModelFile.Downloaded file, Arena arena) throws IOException {
        Files.createDirectories(workspace);
        var kept = workspace.resolve("model-" + file.sha256());
        if (!Files.exists(kept) || !sha256(mapped(kept, arena)).equals(file.sha256())) {
            var partial = Files.createTempFile(workspace, "model-", ".part");
            try {
                download(file.url(), partial);
                Files.move(partial, kept, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(partial);
            }
        }
        return mapped(kept, arena);
    }

    private static void download(String url, Path to) throws IOException {
        try (var http = HttpClient.newBuilder()
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build()) {
            var request =
                    HttpRequest.newBuilder(URI.create(url)).timeout(DOWNLOAD).build();
            var response = http.send(request, HttpResponse.BodyHandlers.ofFile(to));
            if (response.statusCode() != 200) {
                throw new IOException("the server answered " + response.statusCode());
            }
        } catch (IllegalArgumentException e) {
            throw new IOException("its URL is none", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static ByteBuffer mapped(Path file, Arena arena) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("it is not a regular file");
        }
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() > Integer.MAX_VALUE) {
                throw new IOException("it is larger than 2 GiB");
            }
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena)
                    .asByteBuffer();
        }
    }

    /** For the user; a URL without what may be secret in it. */
    private static String name(ModelFile file) {
        return switch (file) {
            case ModelFile.Bundled bundled -> bundled.resource();
            case ModelFile.Mounted mounted -> mounted.path();
            case ModelFile.Downloaded downloaded ->
                downloaded.url().replaceFirst("\\?.*", "").replaceFirst("//[^/@]*@", "//");
        };
    }

    private static String sha256(ByteBuffer bytes) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes.duplicate());
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
