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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One address for all query servers of the local cluster, as an Ingress gives it elsewhere. A request for a corpus goes to
 * the Services of its namespace in turn until one knows the corpus; anything else goes to the first Service there is.
 */
public final class Gateway implements AutoCloseable {
    private static final int NOT_FOUND = 404;
    private static final Pattern CORPUS = Pattern.compile("/v1/namespaces/([^/]+)/corpora/.*");
    private static final Set<Integer> UNKNOWN_THERE = Set.of(401, 403, NOT_FOUND);
    /** Headers that belong to one connection (RFC 9110, section 7.6.1), or that the client sets itself. */
    private static final Set<String> NOT_FORWARDED = Set.of(
            "connection", "content-length", "expect", "host", "keep-alive", "te", "transfer-encoding", "upgrade");

    private final HttpServer http;
    private final HttpClient client = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Path services;

    private Gateway(HttpServer http, Path services) {
        this.http = http;
        this.services = services;
    }

    /**
     * Starts it.
     *
     * @param port on 127.0.0.1; 0: any
     * @param services a folder with a file {@code <namespace>.<name>} a Service, which holds its URL
     */
    public static Gateway start(int port, Path services) {
        try {
            var http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            var gateway = new Gateway(http, services);
            http.createContext("/", gateway::answer);
            http.setExecutor(gateway.threads);
            http.start();
            return gateway;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its address. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
    }

    @Override
    public void close() {
        http.stop(0);
        threads.close();
        client.close();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = exchange.getRequestBody().readAllBytes();
            HttpResponse<byte[]> answer = null;
            for (var service : candidates(exchange.getRequestURI().getPath())) {
                answer = telling(answer, forward(exchange, service, body));
                if (answer != null && !UNKNOWN_THERE.contains(answer.statusCode())) {
                    break;
                }
            }
            if (answer == null) {
                fail(exchange);
            } else {
                give(exchange, answer);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The later of two answers, unless the former one says more than that there is nothing. */
    private static @Nullable HttpResponse<byte[]> telling(
            @Nullable HttpResponse<byte[]> former, @Nullable HttpResponse<byte[]> later) {
        var isNothing = later == null || later.statusCode() == NOT_FOUND;
        return former != null && isNothing ? former : later;
    }

    private List<URI> candidates(String path) throws IOException {
        var corpus = CORPUS.matcher(path);
        var prefix = corpus.matches() ? corpus.group(1) + "." : "";
        if (!Files.isDirectory(services)) {
            return List.of();
        }
        try (var files = Files.list(services)) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .sorted()
                    .map(Gateway::url)
                    .toList();
        }
    }

    private static URI url(Path file) {
        try {
            return URI.create(Files.readString(file).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private @Nullable HttpResponse<byte[]> forward(HttpExchange exchange, URI service, byte[] body)
            throws IOException, InterruptedException {
        var publisher =
                body.length == 0 ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofByteArray(body);
        var request = HttpRequest.newBuilder(service.resolve(exchange.getRequestURI()))
                .method(exchange.getRequestMethod(), publisher);
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (isForwarded(name)) {
                values.forEach(value -> request.header(name, value));
            }
        });
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException nobodyIsReady) {
            return null;
        }
    }

    private static void give(HttpExchange exchange, HttpResponse<byte[]> answer) throws IOException {
        answer.headers().map().forEach((name, values) -> {
            if (isForwarded(name)) {
                exchange.getResponseHeaders().put(name, values);
            }
        });
        var body = answer.body();
        exchange.sendResponseHeaders(answer.statusCode(), body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    private static void fail(HttpExchange exchange) throws IOException {
        var problem = "{\"status\":503,\"title\":\"No query server runs in this namespace of the local cluster\"}"
                .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/problem+json");
        exchange.sendResponseHeaders(503, problem.length);
        exchange.getResponseBody().write(problem);
    }

    private static boolean isForwarded(String header) {
        return !header.startsWith(":") && !NOT_FORWARDED.contains(header.toLowerCase(Locale.ROOT));
    }
}
