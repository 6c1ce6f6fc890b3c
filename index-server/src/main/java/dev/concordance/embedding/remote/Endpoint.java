package dev.concordance.embedding.remote;

import dev.concordance.embedding.ModelException;
import dev.concordance.http.PostClient;
import dev.concordance.http.PostClient.Reply;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.RemoteAccess;
import dev.concordance.tls.Authorities;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Where a model is asked. */
final class Endpoint implements AutoCloseable {
    private final PostClient client;
    private final @Nullable Path credentials;

    /**
     * Prepares a connection; throws IllegalArgumentException where the URL is none.
     *
     * @param path appended to the URL of the access
     */
    Endpoint(RemoteAccess access, String path, Function<String, Path> mounts) {
        var pem = access.caCertificates();
        this.client = new PostClient(access.url() + path, pem == null ? null : trusting(pem));
        var mount = access.credentialsMount();
        this.credentials = mount == null ? null : mounts.apply(mount);
    }

    /** As {@link PostClient#post}, with the key that the Secret has now. */
    Reply post(byte[] body, Duration timeout, long mostBytes) throws IOException, InterruptedException {
        var headers = new TreeMap<>(Map.of("Content-Type", "application/json"));
        if (credentials != null) {
            headers.put("Authorization", "Bearer " + key(credentials));
        }
        return client.post(headers, BodyPublishers.ofByteArray(body), timeout, mostBytes);
    }

    @Override
    public void close() {
        client.close();
    }

    private static String key(Path secret) {
        try {
            return PostClient.key(secret);
        } catch (IOException e) {
            throw new ModelException(
                    FailureReason.ModelUnauthorized,
                    "correct the Secret with the model's credentials: " + e.getMessage(),
                    e);
        }
    }

    private static SSLContext trusting(String pem) {
        try {
            return Authorities.context(pem);
        } catch (GeneralSecurityException | IOException e) {
            throw new ModelException(
                    FailureReason.ModelTlsFailed,
                    "the EmbeddingModel's CA is not a PEM certificate: " + e.getMessage(),
                    e);
        }
    }
}
