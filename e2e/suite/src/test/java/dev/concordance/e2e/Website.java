package dev.concordance.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.concordance.localcluster.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A website on loopback: a page of contents that links to all others, which are Markdown. */
final class Website implements AutoCloseable {
    private final Map<String, String> pages = new ConcurrentSkipListMap<>();
    private final int port;
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private volatile int mostAnswered = Integer.MAX_VALUE;
    private final HttpServer server;

    Website() {
        try {
            port = FreePorts.take(1).getFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server = started();
    }

    /** The page of contents. */
    String url() {
        return "http://127.0.0.1:%d/".formatted(port);
    }

    void write(String path, String text) {
        pages.put("/" + path, text);
    }

    void remove(String path) {
        pages.remove("/" + path);
    }

    /** Answers 503 to all pages but so many. */
    void answerOnly(int number) {
        answered.set(0);
        mostAnswered = number;
    }

    /** How many pages were not answered. */
    int refused() {
        return refused.get();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private HttpServer started() {
        try {
            var started = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            started.createContext("/", this::answer);
            started.start();
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var path = exchange.getRequestURI().getPath();
            var text = path.equals("/") ? contents() : pages.get(path);
            if (text == null) {
                exchange.sendResponseHeaders(404, -1);
            } else if (answered.getAndIncrement() >= mostAnswered) {
                refused.incrementAndGet();
                exchange.sendResponseHeaders(503, -1);
            } else {
                send(exchange, path.equals("/") ? "text/html" : "text/markdown", text);
            }
        }
    }

    private static void send(HttpExchange exchange, String type, String text) throws IOException {
        var tag = "\"" + Integer.toHexString(text.hashCode()) + "\"";
        exchange.getResponseHeaders().set("ETag", tag);
        if (tag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
            exchange.sendResponseHeaders(304, -1);
            return;
        }
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private String contents() {
        var html = new StringBuilder("<title>Contents</title><main><h1>Contents</h1><p>All pages:</p><ul>");
        pages.keySet().forEach(path -> html.append("<li><a href='%1$s'>%1$s</a>".formatted(path)));
        return html.append("</ul></main>").toString();
    }
}
