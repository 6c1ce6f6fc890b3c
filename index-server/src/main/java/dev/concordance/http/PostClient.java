package dev.concordance.http;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Posts to one address that somebody declared. It follows no redirect, which would take credentials and documents elsewhere. */
public final class PostClient implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]+");

    private final HttpClient client;
    private final HttpRequest.Builder target;

    /** What was answered. */
    public record Reply(int status, HttpHeaders headers, byte[] body) {}

    /**
     * Prepares a connection; throws IllegalArgumentException where the URL is none.
     *
     * @param trust null: the platform's authorities
     */
    public PostClient(String url, @Nullable SSLContext trust) {
        var builder = HttpClient.newBuilder()
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1);
        if (trust != null) {
            builder.sslContext(trust);
        }
        this.client = builder.build();
        this.target = HttpRequest.newBuilder(URI.create(url)).header("User-Agent", "concordance-index-server");
    }

    /**
     * Sends a request and waits for the whole answer.
     *
     * @param mostBytes a longer answer is a {@link TooLongAnswer}
     */
    public Reply post(Map<String, String> headers, BodyPublisher body, Duration timeout, long mostBytes)
            throws IOException, InterruptedException {
        var request = target.copy().POST(body);
        headers.forEach(request::header);
        var answer = client.sendAsync(request.build(), info -> new BoundedBody(mostBytes));
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

    /** The key in a mounted Secret, which is read for each request, since Secrets are rotated; an IOException says what is wrong. */
    public static String key(Path secret) throws IOException {
        var file = secret.resolve("apiKey");
        if (!Files.exists(file)) {
            throw new IOException("it needs the key apiKey");
        }
        var key = Files.readString(file).strip();
        if (!KEY.matcher(key).matches()) {
            throw new IOException("its apiKey is empty, or has characters that no header can have");
        }
        return key;
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
