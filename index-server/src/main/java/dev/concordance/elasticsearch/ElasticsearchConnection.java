package dev.concordance.elasticsearch;

import dev.concordance.manifest.ElasticsearchAccess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.DefaultHostnameVerifier;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.ssl.SSLContexts;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Requests to one Elasticsearch cluster over its HTTP interface; blocking, and safe for many threads. They go to the nodes in
 * turns; one that can't be reached, or that says that it can't serve, is passed over for the next.
 */
public final class ElasticsearchConnection implements AutoCloseable {
    private static final Timeout CONNECT = Timeout.ofSeconds(3);
    /** Callers bound themselves; this only keeps a mistake from opening connections without end. */
    private static final int MOST_CONNECTIONS = 1_024;
    /** An answer to a search is some hundred kilobytes. */
    private static final int BUFFER_BYTES = 65_536;
    /** A node may close a connection that nobody uses; one that rested for longer is looked at before it is used. */
    private static final TimeValue RESTED = TimeValue.ofSeconds(1);

    private static final Set<Integer> TOLD = Set.of(400, 404, 409, 413, 429);
    private static final Set<Integer> NEXT_NODE = Set.of(502, 503, 504);
    private static final ContentType NDJSON = ContentType.create("application/x-ndjson");

    private final CloseableHttpClient client;
    private final Nodes nodes;
    private final Duration timeout;
    private final @Nullable Credentials credentials;
    private final ScheduledThreadPoolExecutor deadlines = deadlines();

    private ElasticsearchConnection(
            CloseableHttpClient client, Nodes nodes, Duration timeout, @Nullable Credentials credentials) {
        this.client = client;
        this.nodes = nodes;
        this.timeout = timeout;
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
        var connections = PoolingHttpClientConnectionManagerBuilder.create()
                // With httpclient5 5.6.3's own choice, the JDK's check, the host name of a certificate is not looked
                // at.
                .setTlsSocketStrategy(new DefaultClientTlsStrategy(trust, new DefaultHostnameVerifier()))
                .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                        .http1Config(
                                Http1Config.custom().setBufferSize(BUFFER_BYTES).build())
                        .build())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(CONNECT)
                        .setValidateAfterInactivity(RESTED)
                        .build())
                .setMaxConnPerRoute(MOST_CONNECTIONS)
                .setMaxConnTotal(MOST_CONNECTIONS)
                .build();
        var client = HttpClients.custom()
                .setConnectionManager(connections)
                .setUserAgent("concordance-index-server")
                // The client would ask for gzip by itself: work at both ends that a search waits for.
                .disableContentCompression()
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .build();
        var mount = access.credentialsMount();
        return new ElasticsearchConnection(
                client,
                new Nodes(access.urls().stream().map(URI::create).toList(), System::nanoTime),
                timeout,
                mount == null ? null : new Credentials(mounts.apply(mount)));
    }

    /**
     * Sends a request and waits for the answer.
     *
     * @param path with the query string
     * @return a success, or 400, 404, 409, 413, 429; everything else is thrown as {@link ElasticsearchException}
     */
    public Answer send(String method, String path, byte @Nullable [] body) {
        return send(method, path, body, timeout);
    }

    /**
     * As {@link #send(String, String, byte[])}, with a deadline over all of it: waiting for a connection, connecting, other
     * nodes, the answer. What isn't answered by then is cut off, which ends it in Elasticsearch too.
     */
    public Answer send(String method, String path, byte @Nullable [] body, Duration deadline) {
        var end = System.nanoTime() + deadline.toNanos();
        IOException failure = null;
        Answer unable = null;
        for (var node : nodes.inOrder()) {
            var left = end - System.nanoTime();
            if (left <= 0) {
                break;
            }
            try {
                var answer = send(node, request(node, method, path, body, left), left);
                if (!NEXT_NODE.contains(answer.status())) {
                    nodes.answered(node);
                    return told(answer);
                }
                unable = answer;
            } catch (IOException e) {
                failure = System.nanoTime() >= end ? late(deadline, e) : e;
            }
            nodes.failed(node);
        }
        if (unable != null) {
            throw Refusal.of(unable);
        }
        throw Refusal.noAnswer(failure == null ? late(deadline, null) : failure);
    }

    @Override
    public void close() {
        deadlines.shutdownNow();
        try {
            client.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Answer send(Nodes.Node node, HttpUriRequestBase request, long nanos) throws IOException {
        var cut = deadlines.schedule(request::abort, nanos, TimeUnit.NANOSECONDS);
        try {
            return client.execute(node.host(), request, ElasticsearchConnection::read);
        } finally {
            cut.cancel(false);
        }
    }

    private HttpUriRequestBase request(
            Nodes.Node node, String method, String path, byte @Nullable [] body, long nanos) {
        var request = new HttpUriRequestBase(method, URI.create(node.path() + path));
        var limit = Timeout.of(nanos, TimeUnit.NANOSECONDS);
        request.setConfig(RequestConfig.custom()
                .setConnectionRequestTimeout(limit)
                .setResponseTimeout(limit)
                .build());
        if (credentials != null) {
            request.setHeader(HttpHeaders.AUTHORIZATION, credentials.header());
        }
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

    private static Answer read(ClassicHttpResponse response) throws IOException {
        var entity = response.getEntity();
        if (entity == null) {
            return new Answer(response.getCode(), new byte[0]);
        }
        try (var content = entity.getContent()) {
            return new Answer(response.getCode(), content.readAllBytes());
        }
    }

    private static IOException late(Duration deadline, @Nullable IOException cut) {
        var late = new SocketTimeoutException("no answer within " + deadline.toMillis() + " ms");
        late.initCause(cut);
        return late;
    }

    private static boolean isNdjson(String path) {
        return path.contains("/_bulk") || path.contains("/_msearch");
    }

    private static ScheduledThreadPoolExecutor deadlines() {
        var threads = Thread.ofPlatform().daemon().name("elasticsearch-deadlines");
        var executor = new ScheduledThreadPoolExecutor(1, threads.factory());
        executor.setRemoveOnCancelPolicy(true);
        return executor;
    }
}
