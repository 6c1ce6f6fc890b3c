package dev.concordance.elasticsearch;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import co.elastic.clients.transport.rest5_client.low_level.RequestOptions;
import co.elastic.clients.transport.rest5_client.low_level.Response;
import co.elastic.clients.transport.rest5_client.low_level.ResponseException;
import co.elastic.clients.transport.rest5_client.low_level.ResponseListener;
import co.elastic.clients.transport.rest5_client.low_level.Rest5Client;
import dev.concordance.manifest.ElasticsearchAccess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.async.HttpAsyncClientBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.DefaultHostnameVerifier;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.ssl.SSLContexts;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/** Requests to one Elasticsearch cluster over its HTTP interface; blocking, and safe for many threads. */
public final class ElasticsearchConnection implements AutoCloseable {
    private static final Timeout CONNECT = Timeout.ofSeconds(3);
    /** Callers bound themselves; this only keeps a mistake from opening connections without end. */
    private static final int MOST_CONNECTIONS = 1_024;

    private static final Set<Integer> TOLD = Set.of(400, 404, 409, 413, 429);
    private static final ContentType NDJSON = ContentType.create("application/x-ndjson");

    private final Rest5Client client;
    private final @Nullable Credentials credentials;

    private ElasticsearchConnection(Rest5Client client, @Nullable Credentials credentials) {
        this.client = client;
        this.credentials = credentials;
    }

    /**
     * Prepares a connection; nothing is sent yet.
     *
     * @param mounts folder of a mount by its name
     * @param timeout after it a request counts as unanswered
     */
    public static ElasticsearchConnection open(
            ElasticsearchAccess access, Function<String, Path> mounts, Duration timeout) {
        var trust =
                access.caCertificates() == null ? SSLContexts.createSystemDefault() : Trust.in(access.caCertificates());
        // With httpclient5 5.6.3's own choice, the JDK's check, the host name of a certificate is not looked at.
        var tls = new DefaultClientTlsStrategy(trust, new DefaultHostnameVerifier());
        var builder = Rest5Client.builder(
                        access.urls().stream().map(URI::create).toList())
                .setMetaHeaderEnabled(false)
                // The client would ask for gzip by itself: work at both ends that a search waits for.
                .setHttpClientConfigCallback(HttpAsyncClientBuilder::disableContentCompression)
                .setConnectionConfigCallback(connection -> connection.setConnectTimeout(CONNECT))
                .setConnectionManagerCallback(connections -> connections
                        .setTlsStrategy(tls)
                        .setMaxConnPerRoute(MOST_CONNECTIONS)
                        .setMaxConnTotal(MOST_CONNECTIONS))
                .setRequestConfigCallback(request -> request.setResponseTimeout(Timeout.of(timeout))
                        .setConnectionRequestTimeout(Timeout.of(timeout)));
        var mount = access.credentialsMount();
        return new ElasticsearchConnection(
                builder.build(), mount == null ? null : new Credentials(mounts.apply(mount)));
    }

    /**
     * Sends a request and waits for the answer.
     *
     * @param path with the query string
     * @return a success, or 400, 404, 409, 413, 429; everything else is thrown as {@link ElasticsearchException}
     */
    public Answer send(String method, String path, byte @Nullable [] body) {
        return send(method, path, body, RequestOptions.DEFAULT.toBuilder());
    }

    /**
     * As {@link #send(String, String, byte[])}, with a deadline over all of it: waiting for a connection, connecting, other
     * nodes, the answer. What isn't answered by then is cancelled, which ends it in Elasticsearch too.
     */
    public Answer send(String method, String path, byte @Nullable [] body, Duration deadline) {
        var limit = Timeout.of(deadline);
        var config = RequestConfig.custom()
                .setResponseTimeout(limit)
                .setConnectionRequestTimeout(limit)
                .build();
        var request =
                request(method, path, body, RequestOptions.DEFAULT.toBuilder().setRequestConfig(config));
        var answered = new CompletableFuture<Response>();
        var call = client.performRequestAsync(request, listener(answered));
        try {
            return told(read(answered.get(deadline.toNanos(), TimeUnit.NANOSECONDS)));
        } catch (TimeoutException e) {
            call.cancel();
            throw Refusal.noAnswer(new SocketTimeoutException("no answer within " + deadline.toMillis() + " ms"));
        } catch (InterruptedException e) {
            call.cancel();
            Thread.currentThread().interrupt();
            throw Refusal.noAnswer(e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ResponseException refused) {
                return told(read(refused.getResponse()));
            }
            throw Refusal.noAnswer(e.getCause() == null ? e : e.getCause());
        }
    }

    private Answer send(String method, String path, byte @Nullable [] body, RequestOptions.Builder options) {
        return told(perform(request(method, path, body, options)));
    }

    private Request request(String method, String path, byte @Nullable [] body, RequestOptions.Builder options) {
        var request = new Request(method, path);
        if (credentials != null) {
            options.addHeader("Authorization", credentials.header());
        }
        request.setOptions(options);
        if (body != null) {
            request.setEntity(new ByteArrayEntity(body, isNdjson(path) ? NDJSON : ContentType.APPLICATION_JSON));
        }
        return request;
    }

    private static Answer told(Answer answer) {
        if (answer.status() / 100 == 2 || TOLD.contains(answer.status())) {
            return answer;
        }
        throw Refusal.of(answer);
    }

    private static ResponseListener listener(CompletableFuture<Response> answered) {
        return new ResponseListener() {
            @Override
            public void onSuccess(Response response) {
                answered.complete(response);
            }

            @Override
            public void onFailure(Exception exception) {
                answered.completeExceptionally(exception);
            }
        };
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Answer perform(Request request) {
        try {
            return read(client.performRequest(request));
        } catch (ResponseException answered) {
            return read(answered.getResponse());
        } catch (IOException e) {
            throw Refusal.noAnswer(e);
        }
    }

    private static Answer read(Response response) {
        var entity = response.getEntity();
        if (entity == null) {
            return new Answer(response.getStatusCode(), new byte[0]);
        }
        try (var content = entity.getContent()) {
            return new Answer(response.getStatusCode(), content == null ? new byte[0] : content.readAllBytes());
        } catch (IOException e) {
            throw Refusal.noAnswer(e);
        }
    }

    private static boolean isNdjson(String path) {
        return path.contains("/_bulk") || path.contains("/_msearch");
    }
}
