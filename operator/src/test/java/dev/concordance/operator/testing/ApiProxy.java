package dev.concordance.operator.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Stands between an operator and the API server and passes everything on, watches too; but asks about each change first.
 */
public final class ApiProxy implements AutoCloseable {
    private static final Set<String> NOT_PASSED_ON =
            Set.of("connection", "content-length", "expect", "host", "http2-settings", "transfer-encoding", "upgrade");
    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");
    private static final String SHUT =
            "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"reason\":\"Forbidden\",\"code\":403}";

    /** The client then watches with plain requests, at once; after a 503 it tries again for seconds. */
    private static final int NO_SWITCH = 200;

    private static final int BUFFER = 16_384;

    private final HttpServer server;
    private final HttpClient client;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final URI upstream;
    private final Function<Change, CrashPoint.Passage> guard;

    private ApiProxy(HttpServer server, HttpClient client, URI upstream, Function<Change, CrashPoint.Passage> guard) {
        this.server = server;
        this.client = client;
        this.upstream = upstream;
        this.guard = guard;
    }

    /** A request that changes something. */
    public record Change(String method, String path) {
        private static final String NAMESPACES = "/namespaces/";

        /** The namespace of what is changed; empty where it is in none. */
        public String namespace() {
            var start = path.indexOf(NAMESPACES);
            var rest = start < 0 ? "" : path.substring(start + NAMESPACES.length());
            return rest.contains("/") ? rest.substring(0, rest.indexOf('/')) : "";
        }

        /** Whether it is an Event, which is told and forgotten. */
        public boolean isEvent() {
            return path.contains("/events");
        }
    }

    /** In front of the API server of the tests, on a free port of 127.0.0.1, in plain HTTP. */
    public static ApiProxy start(Function<Change, CrashPoint.Passage> guard) {
        try {
            var cluster = TestCluster.get();
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
            var client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .sslContext(trusting(cluster.authority()))
                    .build();
            var proxy = new ApiProxy(server, client, cluster.apiServer(), guard);
            server.setExecutor(proxy.threads);
            server.createContext("/", proxy::handle);
            server.start();
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What an operator connects with to get here. */
    public Path kubeconfig() {
        var port = server.getAddress().getPort();
        return TestCluster.get().kubeconfigFor(URI.create("http://127.0.0.1:" + port), "proxy-" + port);
    }

    /** Is from now on a network that has failed. */
    public void fail() {
        server.stop(0);
    }

    @Override
    public void close() {
        fail();
        client.shutdownNow();
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            if ("websocket".equalsIgnoreCase(exchange.getRequestHeaders().getFirst("Upgrade"))) {
                send(exchange, NO_SWITCH, "");
                return;
            }
            var body = exchange.getRequestBody().readAllBytes();
            switch (passage(exchange)) {
                case FREE -> answer(exchange, forward(exchange, body));
                case LAST -> forward(exchange, body).body().close();
                case SHUT -> send(exchange, 403, SHUT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private CrashPoint.Passage passage(HttpExchange exchange) {
        var method = exchange.getRequestMethod();
        return READING.contains(method)
                ? CrashPoint.Passage.FREE
                : guard.apply(new Change(method, exchange.getRequestURI().getPath()));
    }

    private HttpResponse<InputStream> forward(HttpExchange exchange, byte[] body)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(
                        URI.create(upstream + exchange.getRequestURI().toString()))
                .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (!NOT_PASSED_ON.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
            }
        });
        return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    }

    /** A watch is passed on event by event, as long as it lasts. */
    private static void answer(HttpExchange exchange, HttpResponse<InputStream> response) throws IOException {
        response.headers().map().forEach((name, values) -> {
            if (!NOT_PASSED_ON.contains(name) && !name.startsWith(":")) {
                exchange.getResponseHeaders().put(name, values);
            }
        });
        try (var from = response.body()) {
            exchange.sendResponseHeaders(response.statusCode(), 0);
            var to = exchange.getResponseBody();
            var buffer = new byte[BUFFER];
            for (var read = from.read(buffer); read >= 0; read = from.read(buffer)) {
                to.write(buffer, 0, read);
                to.flush();
            }
        }
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("content-type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static SSLContext trusting(Path authority) {
        try (var pem = Files.newInputStream(authority)) {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry(
                    "authority", CertificateFactory.getInstance("X.509").generateCertificate(pem));
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            var context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
