package dev.concordance.embedding.remote;

import dev.concordance.embedding.ModelException;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.RemoteAccess;
import dev.concordance.tls.Authorities;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Where a model is asked over HTTP. The key is read again for each request, since Secrets are rotated. */
final class Endpoint implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]+");

    private final HttpClient client;
    private final HttpRequest.Builder target;
    private final @Nullable Path credentials;

    /** What was answered. */
    record Reply(int status, HttpHeaders headers, byte[] body) {}

    /**
     * Prepares a connection; throws IllegalArgumentException where the URL is none.
     *
     * @param path appended to the URL of the access
     */
    Endpoint(RemoteAccess access, String path, Function<String, Path> mounts) {
        var builder = HttpClient.newBuilder()
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1);
        if (access.caCertificates() != null) {
            builder.sslContext(trusting(access.caCertificates()));
        }
        this.client = builder.build();
        this.target = HttpRequest.newBuilder(URI.create(access.url() + path))
                .header("Content-Type", "application/json")
                .header("User-Agent", "concordance-index-server");
        var mount = access.credentialsMount();
        this.credentials = mount == null ? null : mounts.apply(mount);
    }

    /**
     * Sends a request and waits for the whole answer.
     *
     * @param mostBytes a longer answer is none
     */
    Reply post(byte[] body, Duration timeout, long mostBytes) throws IOException, InterruptedException {
        var request = target.copy().POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if (credentials != null) {
            request.header("Authorization", "Bearer " + key(credentials));
        }
        var answer = client.sendAsync(request.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), mostBytes));
        try {
            var response = answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            return new Reply(response.statusCode(), response.headers(), response.body());
        } catch (TimeoutException e) {
            throw new HttpTimeoutException("no answer within " + timeout.toMillis() + " ms");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failed ? failed : new IOException(e.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    private static String key(Path folder) {
        try {
            var key = Files.readString(folder.resolve("apiKey")).strip();
            if (KEY.matcher(key).matches()) {
                return key;
            }
        } catch (IOException e) {
            throw new ModelException(
                    FailureReason.ModelUnauthorized, "the Secret with the model's credentials needs the key apiKey", e);
        }
        throw new ModelException(
                FailureReason.ModelUnauthorized,
                "apiKey in the Secret with the model's credentials is empty, or has characters that no header can have");
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
