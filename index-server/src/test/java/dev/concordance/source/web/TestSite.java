package dev.concordance.source.web;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/** A website on loopback that does what it is told, also what no website should, and counts what it is asked. */
final class TestSite implements AutoCloseable {
    private final HttpServer server;
    private final String scheme;
    private final Map<String, Behaviour> pages = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<Map<String, List<String>>> headers = new CopyOnWriteArrayList<>();
    private final AtomicInteger bodies = new AtomicInteger();

    /** How an address answers. */
    @FunctionalInterface
    interface Behaviour {
        void answer(HttpExchange exchange) throws IOException;
    }

    private TestSite(HttpServer server, String scheme) {
        this.server = server;
        this.scheme = scheme;
        server.setExecutor(Executors.newCachedThreadPool(
                Thread.ofPlatform().daemon().name("site-", 0).factory()));
        server.createContext("/", this::answer);
        server.start();
    }

    static TestSite start() {
        try {
            return new TestSite(HttpServer.create(loopback(), 0), "http");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static TestSite start(SSLContext identity) {
        try {
            var https = HttpsServer.create(loopback(), 0);
            https.setHttpsConfigurator(new HttpsConfigurator(identity));
            return new TestSite(https, "https");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    /** The address of a path. */
    String url(String path) {
        return scheme + "://127.0.0.1:" + port() + path;
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** A page with an entity tag, which is not sent to who has it. */
    void page(String path, String html) {
        put(path, "text/html", html);
    }

    /** A page that links to others. */
    void links(String path, String... to) {
        var html = new StringBuilder("<main><p>The words of ").append(path).append(".</p>");
        for (var link : to) {
            html.append("<a href='").append(link).append("'>there</a>\n");
        }
        page(path, html.append("</main>").toString());
    }

    void put(String path, String type, String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        var tag = "\"" + Integer.toHexString(text.hashCode()) + "\"";
        put(path, exchange -> {
            exchange.getResponseHeaders().set("ETag", tag);
            if (tag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
                exchange.sendResponseHeaders(304, -1);
            } else {
                send(exchange, type, bytes);
            }
        });
    }

    void put(String path, Behaviour behaviour) {
        pages.put(path, behaviour);
    }

    void status(String path, int status) {
        put(path, exchange -> exchange.sendResponseHeaders(status, -1));
    }

    void redirect(String path, String to) {
        redirect(path, to, 301);
    }

    void redirect(String path, String to, int status) {
        put(path, exchange -> {
            exchange.getResponseHeaders().set("Location", to);
            exchange.sendResponseHeaders(status, -1);
        });
    }

    void remove(String path) {
        pages.remove(path);
    }

    /** Sends a body and counts it. */
    void send(HttpExchange exchange, String type, byte[] body) throws IOException {
        bodies.incrementAndGet();
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    /** What was asked for since the last {@link #forget}, without robots.txt. */
    List<String> requests() {
        return requests.stream().filter(path -> !path.equals("/robots.txt")).toList();
    }

    List<String> allRequests() {
        return List.copyOf(requests);
    }

    /** All values of a header, by its usual spelling. */
    List<String> sent(String header) {
        return headers.stream()
                .flatMap(given -> given.getOrDefault(header, List.of()).stream())
                .toList();
    }

    int bodies() {
        return bodies.get();
    }

    void forget() {
        requests.clear();
        headers.clear();
        bodies.set(0);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var path = exchange.getRequestURI().toString();
            requests.add(path);
            headers.add(Map.copyOf(exchange.getRequestHeaders()));
            var behaviour = pages.get(path);
            if (behaviour == null) {
                exchange.sendResponseHeaders(404, -1);
            } else {
                behaviour.answer(exchange);
            }
        }
    }
}
