package dev.concordance.elasticsearch;

import dev.concordance.http.Patience;
import dev.concordance.http.Time;
import dev.concordance.manifest.ElasticsearchAccess;
import dev.concordance.manifest.FailureReason;
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
import java.util.function.Predicate;
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
    private final ScheduledThreadPoolExecutor deadlines;
    private final @Nullable Time patient;

    private ElasticsearchConnection(
            CloseableHttpClient client,
            Nodes nodes,
            Duration timeout,
            @Nullable Credentials credentials,
            ScheduledThreadPoolExecutor deadlines,
            @Nullable Time patient) {
        this.client = client;
        this.nodes = nodes;
        this.timeout = timeout;
        this.credentials = credentials;
        this.deadlines = deadlines;
        this.patient = patient;
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
                mount == null ? null : new Credentials(mounts.apply(mount)),
                deadlines(),
                null);
    }

    /**
     * The same connection for work that nobody waits for: what Elasticsearch is too busy for it is asked again, later and later,
     * for minutes. Who closes one of the two closes both.
     *
     * @param time in which it waits
     */
    public ElasticsearchConnection patient(Time time) {
        return new ElasticsearchConnection(client, nodes, timeout, credentials, deadlines, time);
    }

    /**
     * Sends a request and waits for the answer.
     *
     * @param path with the query string
     * @return a success, or 400, 404, 409, 413, and 429 if it is not patient; everything else is thrown as {@link
     *     ElasticsearchException}
     */
    public Answer send(String method, String path, byte @Nullable [] body) {
        return send(method, path, body, Answer::isBusy);
    }

    /**
     * The same for a request that can be sent again although a part of it was done.
     *
     * @param unfinished whether a patient connection sends it again after such an answer
     */
    public Answer send(String method, String path, byte @Nullable [] body, Predicate<Answer> unfinished) {
        var answer = sendOnce(method, path, body);
        if (patient == null) {
            return answer;
        }
        var patience = patience();
        var waited = Duration.ZERO;
        while (answer.isBusy() || unfinished.test(answer)) {
            var pause = patience.next(answer.pause(patient.now()));
            if (pause.isEmpty()) {
                throw Refusal.busy(answer, waited);
            }
            pause(pause.get());
            waited = waited.plus(pause.get());
            answer = sendOnce(method, path, body);
        }
        return answer;
    }

    /**
     * The same without patience, for who sends it again otherwise.
     *
     * @return as {@link #send(String, String, byte[])}, and what {@link Answer#isBusy is busy}
     */
    public Answer sendOnce(String method, String path, byte @Nullable [] body) {
        var answer = attempt(method, path, body, timeout);
        return patient != null && answer.isBusy() ? answer : told(answer);
    }

    /** That of who sends something again otherwise. */
    public Patience patience() {
        return new Patience(patient == null ? Time.REAL : patient);
    }

    /** Waits before something is sent again. */
    public void pause(Duration duration) {
        try {
            (patient == null ? Time.REAL : patient).pause(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ElasticsearchException(
                    FailureReason.ElasticsearchUnreachable, "the worker ends while Elasticsearch is too busy", e);
        }
    }

    /**
     * As {@link #send(String, String, byte[])}, with a deadline over all of it: waiting for a connection, connecting, other
     * nodes, the answer. What isn't answered by then is cut off, which ends it in Elasticsearch too.
     */
    public Answer send(String method, String path, byte @Nullable [] body, Duration deadline) {
        return told(attempt(method, path, body, deadline));
    }

    /** The answer of the first node that has one, or the last one's that it can't serve; throws if there is none. */
    private Answer attempt(String method, String path, byte @Nullable [] body, Duration deadline) {
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
                    return answer;
                }
                unable = answer;
            } catch (IOException e) {
                failure = System.nanoTime() >= end ? late(deadline, e) : e;
            }
            nodes.failed(node);
        }
        if (unable != null) {
            return unable;
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

    private Answer told(Answer answer) {
        var isTold = TOLD.contains(answer.status()) && (patient == null || !Refusal.isDiskFull(answer));
        if (answer.status() / 100 == 2 || isTold) {
            return answer;
        }
        throw Refusal.of(answer);
    }

    private static Answer read(ClassicHttpResponse response) throws IOException {
        var entity = response.getEntity();
        var header = response.getFirstHeader(HttpHeaders.RETRY_AFTER);
        var retryAfter = header == null ? null : header.getValue();
        if (entity == null) {
            return new Answer(response.getCode(), new byte[0], retryAfter);
        }
        try (var content = entity.getContent()) {
            return new Answer(response.getCode(), content.readAllBytes(), retryAfter);
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
