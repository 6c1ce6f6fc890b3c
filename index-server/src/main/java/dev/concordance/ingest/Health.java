package dev.concordance.ingest;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

/** Tells over HTTP how a worker is: {@code /live} and {@code /ready} answer 200 for yes and 503 for no, without a body. */
final class Health implements AutoCloseable {
    private static final String ANY = "0.0.0.0";
    private static final int YES = 200;
    private static final int NO = 503;
    private static final int NO_BODY = -1;

    private final HttpServer server;
    private final ExecutorService threads;

    private Health(HttpServer server, ExecutorService threads) {
        this.server = server;
        this.threads = threads;
    }

    /** Listens where a query server would, at a port of its own; 0: any that is free. */
    static Health serve(int port, BooleanSupplier live, BooleanSupplier ready) {
        try {
            var host = Objects.requireNonNullElse(System.getenv("QUARKUS_HTTP_HOST"), ANY);
            var server = HttpServer.create(new InetSocketAddress(host, port), 0);
            var threads = Executors.newVirtualThreadPerTaskExecutor();
            server.createContext("/live", exchange -> answer(exchange, live));
            server.createContext("/ready", exchange -> answer(exchange, ready));
            server.setExecutor(threads);
            server.start();
            return new Health(server, threads);
        } catch (IOException e) {
            throw new UncheckedIOException("the port %d can't be listened to".formatted(port), e);
        }
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }

    private static void answer(HttpExchange exchange, BooleanSupplier answer) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(answer.getAsBoolean() ? YES : NO, NO_BODY);
        }
    }
}
