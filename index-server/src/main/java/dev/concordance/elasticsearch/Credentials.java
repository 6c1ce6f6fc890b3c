package dev.concordance.elasticsearch;

import dev.concordance.manifest.FailureReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The Authorization header from the files of a mounted Secret, read again when they change. */
final class Credentials {
    private static final long LOOK_AGAIN_NANOS = 1_000_000_000L;

    private final Path folder;
    private @Nullable Known known;

    private record Known(String header, FileTime changed, long lookedAt) {}

    Credentials(Path folder) {
        this.folder = folder;
    }

    synchronized String header() {
        var now = System.nanoTime();
        if (known != null && now - known.lookedAt() < LOOK_AGAIN_NANOS) {
            return known.header();
        }
        try {
            var apiKey = folder.resolve("apiKey");
            var deciding = Files.exists(apiKey) ? apiKey : folder.resolve("password");
            var changed = Files.getLastModifiedTime(deciding);
            var header = known != null && known.changed().equals(changed)
                    ? known.header()
                    : Files.exists(apiKey) ? "ApiKey " + read(apiKey) : basic();
            known = new Known(header, changed, now);
            return header;
        } catch (IOException e) {
            throw new ElasticsearchException(
                    FailureReason.ElasticsearchUnauthorized,
                    "the Secret with Elasticsearch credentials needs the key apiKey, or username and password: it lacks "
                            + Path.of(String.valueOf(e.getMessage())).getFileName(),
                    e);
        }
    }

    private String basic() throws IOException {
        var pair = read(folder.resolve("username")) + ":" + read(folder.resolve("password"));
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file).strip();
    }
}
