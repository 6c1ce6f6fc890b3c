package dev.concordance.source.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
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
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.ssl.SSLContexts;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * One request at a time, with a bound on everything that the other side decides: the time of all of it, the length of the
 * body after decompression, the number and length of headers. It follows no redirect, keeps no cookie, uses no proxy, and asks
 * no host that is out of its {@link Reach}.
 */
public final class Fetcher implements AutoCloseable {
    private static final Timeout CONNECT = Timeout.ofSeconds(10);
    private static final Timeout SILENCE = Timeout.ofSeconds(30);
    private static final int MOST_HEADERS = 200;
    private static final int LONGEST_LINE = 16_384;
    private static final int LEFT_UNREAD = 16_384;
    private static final TimeValue RESTED = TimeValue.ofSeconds(1);
    private static final int OK = 200;

    private final CloseableHttpClient client;
    private final Authorization authorization;
    private final Duration deadline;
    private final ScheduledThreadPoolExecutor deadlines = deadlines();

    /** What a request to an address has in its Authorization header; null: nothing. */
    @FunctionalInterface
    public interface Authorization {
        /** Null: it is asked without. */
        @Nullable
        String to(WebAddress address);
    }

    /**
     * Prepares; nothing is sent yet.
     *
     * @param trust null: the platform's
     * @param deadline of a request, from connecting to the last byte
     */
    public static Fetcher open(
            Reach reach, @Nullable SSLContext trust, String userAgent, Authorization authorization, Duration deadline) {
        var connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setDnsResolver(reach.resolver())
                // With httpclient5 5.6.3's own choice, the JDK's check, the host name of a certificate is not looked
                // at.
                .setTlsSocketStrategy(new DefaultClientTlsStrategy(
                        trust == null ? SSLContexts.createSystemDefault() : trust, new DefaultHostnameVerifier()))
                .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                        .http1Config(Http1Config.custom()
                                .setMaxHeaderCount(MOST_HEADERS)
                                .setMaxLineLength(LONGEST_LINE)
                                .build())
                        .build())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(CONNECT)
                        .setSocketTimeout(SILENCE)
                        .setValidateAfterInactivity(RESTED)
                        .build())
                .build();
        var client = HttpClients.custom()
                .setConnectionManager(connections)
                .setUserAgent(userAgent)
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .build();
        return new Fetcher(client, authorization, deadline);
    }

    private Fetcher(CloseableHttpClient client, Authorization authorization, Duration deadline) {
        this.client = client;
        this.authorization = authorization;
        this.deadline = deadline;
    }

    /** Asks once; throws {@link ForbiddenAddress} before anything is sent to one. */
    public Answer get(Wanted wanted) throws IOException {
        var request = request(wanted);
        var isLate = new AtomicBoolean();
        var cut = deadlines.schedule(
                () -> {
                    isLate.set(true);
                    request.cancel();
                },
                deadline.toNanos(),
                TimeUnit.NANOSECONDS);
        try {
            var address = wanted.address();
            var host = new HttpHost(address.scheme(), bare(address.host()), address.port());
            return client.execute(host, request, response -> read(request, response, wanted.maxBytes()));
        } catch (IOException e) {
            if (isLate.get()) {
                var late = new SocketTimeoutException(
                        "the answer was not complete after %d s".formatted(deadline.toSeconds()));
                late.addSuppressed(e);
                throw late;
            }
            throw e;
        } finally {
            cut.cancel(false);
        }
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

    private HttpUriRequestBase request(Wanted wanted) {
        var request = new HttpUriRequestBase("GET", URI.create(wanted.address().target()));
        request.setConfig(RequestConfig.custom().setResponseTimeout(SILENCE).build());
        request.setHeader("Accept", "text/html, application/xhtml+xml, text/markdown, text/plain;q=0.9, */*;q=0.5");
        var credentials = authorization.to(wanted.address());
        if (credentials != null) {
            request.setHeader("Authorization", credentials);
        }
        if (wanted.etag() != null) {
            request.setHeader("If-None-Match", wanted.etag());
        }
        if (wanted.lastModified() != null) {
            request.setHeader("If-Modified-Since", wanted.lastModified());
        }
        return request;
    }

    private static Answer read(HttpUriRequestBase request, ClassicHttpResponse response, long most) throws IOException {
        var headers = new HashMap<String, List<String>>();
        for (Header header : response.getHeaders()) {
            headers.computeIfAbsent(header.getName().toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(String.valueOf(header.getValue()));
        }
        var entity = response.getEntity();
        if (entity == null) {
            return new Answer(response.getCode(), headers, new byte[0], false);
        }
        try (var content = entity.getContent()) {
            var isWanted = response.getCode() == OK;
            var bytes = content.readNBytes((int) Math.min(Integer.MAX_VALUE - 8, isWanted ? most : LEFT_UNREAD));
            var isCut = !isAtEnd(content);
            if (isCut) {
                // Else closing would read the rest.
                request.cancel();
            }
            return new Answer(response.getCode(), headers, isWanted ? bytes : new byte[0], isCut);
        }
    }

    private static boolean isAtEnd(InputStream content) throws IOException {
        return content.read() < 0;
    }

    /** Without the brackets of an IPv6 address. */
    private static String bare(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static ScheduledThreadPoolExecutor deadlines() {
        var threads = Thread.ofPlatform().daemon().name("web-deadlines");
        var executor = new ScheduledThreadPoolExecutor(1, threads.factory());
        executor.setRemoveOnCancelPolicy(true);
        return executor;
    }
}
