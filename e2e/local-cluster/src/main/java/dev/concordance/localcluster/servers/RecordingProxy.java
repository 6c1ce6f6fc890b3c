package dev.concordance.localcluster.servers;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Stands in front of Elasticsearch, passes everything on, remembers what was asked and disturbs where it is told to. Tests
 * count with it and see how the product bears a busy, failing or vanishing cluster.
 */
public final class RecordingProxy implements AutoCloseable {
    private static final Set<String> NOT_PASSED_ON =
            Set.of("connection", "content-length", "expect", "host", "http2-settings", "transfer-encoding", "upgrade");

    private final HttpServer server;
    private final HttpClient client = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final URI upstream;
    private final List<ElasticsearchCall> calls = new ArrayList<>();
    private final List<Rule> rules = new ArrayList<>();

    private RecordingProxy(HttpServer server, URI upstream) {
        this.server = server;
        this.upstream = upstream;
    }

    private static final class Rule {
        private final Predicate<ElasticsearchCall> which;
        private final Disturbance disturbance;
        private int left;

        Rule(Predicate<ElasticsearchCall> which, int times, Disturbance disturbance) {
            this.which = which;
            this.left = times;
            this.disturbance = disturbance;
        }
    }

    /** Listens on a free port of 127.0.0.1. */
    public static RecordingProxy start(URI upstream) {
        try {
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
            var proxy = new RecordingProxy(server, upstream);
            server.setExecutor(proxy.threads);
            server.createContext("/", proxy::handle);
            server.start();
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Base URL, without a slash at the end. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** All calls since the start, or since they were last forgotten, in the order in which they arrived. */
    public List<ElasticsearchCall> calls() {
        synchronized (calls) {
            return List.copyOf(calls);
        }
    }

    /** How many of the calls are such. */
    public long count(Predicate<ElasticsearchCall> which) {
        return calls().stream().filter(which).count();
    }

    /** Everything that was asked to be written, changed or deleted, documents one by one. */
    public List<ElasticsearchCall.Write> writes() {
        return calls().stream().flatMap(call -> call.writes().stream()).toList();
    }

    /** Forgets the calls, to count anew. */
    public void forget() {
        synchronized (calls) {
            calls.clear();
        }
    }

    /** Disturbs the next {@code times} calls of this kind; of several rules the oldest that applies and has some left. */
    public void disturb(Predicate<ElasticsearchCall> which, int times, Disturbance disturbance) {
        synchronized (rules) {
            rules.add(new Rule(which, times, disturbance));
        }
    }

    /** Ends all disturbances; who is held goes on. */
    public void calm() {
        synchronized (rules) {
            for (var rule : rules) {
                if (rule.disturbance instanceof Disturbance.Hold hold) {
                    hold.release();
                }
            }
            rules.clear();
        }
    }

    @Override
    public void close() {
        calm();
        server.stop(0);
        client.shutdownNow();
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = exchange.getRequestBody().readAllBytes();
            var call = ElasticsearchCall.of(exchange.getRequestMethod(), exchange.getRequestURI(), body);
            synchronized (calls) {
                calls.add(call);
            }
            switch (disturbance(call)) {
                case null -> answer(exchange, forward(exchange, body));
                case Disturbance.Refuse refuse -> refuse(exchange, refuse);
                case Disturbance.Disconnect disconnect -> {
                    if (disconnect.forwarded()) {
                        forward(exchange, body);
                    }
                }
                case Disturbance.Hold hold -> {
                    if (hold.await()) {
                        answer(exchange, forward(exchange, body));
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable Disturbance disturbance(ElasticsearchCall call) {
        synchronized (rules) {
            for (var rule : rules) {
                if (rule.left > 0 && rule.which.test(call)) {
                    rule.left--;
                    return rule.disturbance;
                }
            }
            return null;
        }
    }

    private HttpResponse<byte[]> forward(HttpExchange exchange, byte[] body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(
                        URI.create(upstream + exchange.getRequestURI().toString()))
                .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (!NOT_PASSED_ON.contains(name.toLowerCase(java.util.Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
            }
        });
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static void answer(HttpExchange exchange, HttpResponse<byte[]> response) throws IOException {
        response.headers().map().forEach((name, values) -> {
            if (!NOT_PASSED_ON.contains(name) && !name.startsWith(":")) {
                exchange.getResponseHeaders().put(name, values);
            }
        });
        send(exchange, response.statusCode(), response.body());
    }

    private static void refuse(HttpExchange exchange, Disturbance.Refuse refuse) throws IOException {
        exchange.getResponseHeaders().set("content-type", "application/json");
        exchange.getResponseHeaders().set("x-elastic-product", "Elasticsearch");
        send(exchange, refuse.status(), refuse.body().getBytes(StandardCharsets.UTF_8));
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        var isHead = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, isHead || body.length == 0 ? -1 : body.length);
        if (!isHead && body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    /** What a call meets instead of Elasticsearch. */
    public sealed interface Disturbance {
        /** An answer that Elasticsearch did not give. */
        record Refuse(int status, String body) implements Disturbance {
            /** An answer of this status with a body as Elasticsearch gives it. */
            public static Refuse with(int status) {
                return new Refuse(
                        status,
                        "{\"error\":{\"type\":\"injected\",\"reason\":\"injected\"},\"status\":%d}".formatted(status));
            }
        }

        /**
         * The connection is closed without an answer.
         *
         * @param forwarded whether Elasticsearch did what was asked before
         */
        record Disconnect(boolean forwarded) implements Disturbance {}

        /** The call waits until it is let go, and is then passed on. */
        final class Hold implements Disturbance {
            private static final long LONGEST_SECONDS = 120;

            private final CountDownLatch arrived = new CountDownLatch(1);
            private final CountDownLatch released = new CountDownLatch(1);
            private volatile boolean isDropped;

            /** Lets the calls go. */
            public void release() {
                released.countDown();
            }

            /** Ends the calls without passing them on. */
            public void drop() {
                isDropped = true;
                released.countDown();
            }

            /** Whether a call is held or was. */
            public boolean isHolding() {
                return arrived.getCount() == 0;
            }

            /** Waits until a call is held; throws IllegalStateException after two minutes. */
            public void awaitCall() throws InterruptedException {
                if (!arrived.await(LONGEST_SECONDS, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("no such call came");
                }
            }

            private boolean await() throws InterruptedException {
                arrived.countDown();
                if (!released.await(LONGEST_SECONDS, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("nobody released the call");
                }
                return !isDropped;
            }
        }
    }
}
