package dev.concordance.embedding;

import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.ModelFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.function.Function;

/**
 * Brings the files of models, wherever they are, and lets none pass whose SHA-256 isn't the declared one.
 *
 * @param mounts folder of a mount by its name; throws for an unknown one
 */
public record ModelFiles(Function<String, Path> mounts) {
    private static final long LARGEST = 1L << 31;
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration DOWNLOAD = Duration.ofMinutes(10);

    /** For programs that use bundled models only. */
    public static ModelFiles bundledOnly() {
        return new ModelFiles(mount -> {
            throw new IllegalArgumentException("there is no mount " + mount);
        });
    }

    byte[] read(ModelFile file) {
        var bytes = bytes(file);
        var found = sha256(bytes);
        if (!found.equals(file.sha256())) {
            throw new ModelException(
                    FailureReason.ModelDigestMismatch,
                    "%s has the SHA-256 %s, not the declared %s: declare the one that was meant, or bring the file that was declared"
                            .formatted(name(file), found, file.sha256()));
        }
        return bytes;
    }

    private byte[] bytes(ModelFile file) {
        try {
            return switch (file) {
                case ModelFile.Bundled bundled -> resource(bundled.resource());
                case ModelFile.Mounted mounted -> mounted(mounted);
                case ModelFile.Downloaded downloaded -> download(downloaded.url());
            };
        } catch (IOException e) {
            throw new ModelException(
                    FailureReason.ModelUnavailable, name(file) + " can't be read: " + e.getMessage(), e);
        }
    }

    private static byte[] resource(String name) throws IOException {
        try (var in = ModelFiles.class.getClassLoader().getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("this index server doesn't bundle it");
            }
            return in.readAllBytes();
        }
    }

    private byte[] mounted(ModelFile.Mounted file) throws IOException {
        var folder = mounts.apply(file.mount()).toRealPath();
        var path = folder.resolve(file.path()).toRealPath();
        if (!path.startsWith(folder)) {
            throw new IOException("it is outside of its volume");
        }
        try (var in = Files.newInputStream(path)) {
            return limited(in);
        }
    }

    private static byte[] download(String url) throws IOException {
        try (var http = HttpClient.newBuilder()
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build()) {
            var request =
                    HttpRequest.newBuilder(URI.create(url)).timeout(DOWNLOAD).build();
            var response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (var in = response.body()) {
                if (response.statusCode() != 200) {
                    throw new IOException("the server answered " + response.statusCode());
                }
                return limited(in);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static byte[] limited(InputStream in) throws IOException {
        var bytes = in.readNBytes((int) Math.min(LARGEST - 1, Integer.MAX_VALUE - 8));
        if (in.read() >= 0) {
            throw new IOException("it is larger than 2 GiB");
        }
        return bytes;
    }

    private static String name(ModelFile file) {
        return switch (file) {
            case ModelFile.Bundled bundled -> bundled.resource();
            case ModelFile.Mounted mounted -> mounted.path();
            case ModelFile.Downloaded downloaded -> downloaded.url();
        };
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
