package dev.concordance.localcluster.servers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * An embedding model over HTTP on loopback, which speaks as OpenAI does below {@code /v1} and as Text Embeddings Inference does
 * at {@code /embed}. A text has as many tokens as words, and always the same vector. It misbehaves on demand.
 */
public final class EmbeddingEndpoint implements AutoCloseable {
    /** Length of its vectors. */
    public static final int DIMENSIONS = 16;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final List<Misbehaviour> misbehaviours = new ArrayList<>();
    private volatile Predicate<String> refused = text -> false;
    private volatile Observer observer = texts -> {};
    private volatile Predicate<String> crashing = text -> false;

    /** A request as it came, with the texts in it. */
    public record Asked(String path, Headers headers, JsonNode body, List<String> texts) {}

    /** Answers a request in the endpoint's place. */
    public interface Misbehaviour {
        void answer(HttpExchange exchange, List<String> texts) throws IOException;
    }

    /** Is told the texts of a request, and may keep it waiting. */
    public interface Observer {
        void see(List<String> texts) throws InterruptedException;
    }

    private EmbeddingEndpoint(HttpServer server) {
        this.server = server;
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    /** Starts one. */
    public static EmbeddingEndpoint start() throws IOException {
        return new EmbeddingEndpoint(HttpServer.create(address(), 0));
    }

    /** Starts one that speaks TLS. */
    public static EmbeddingEndpoint start(SSLContext tls) throws IOException {
        var server = HttpsServer.create(address(), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        return new EmbeddingEndpoint(server);
    }

    /** What an EmbeddingModel declares for OpenAI's protocol. */
    public String openAi() {
        return root() + "/v1";
    }

    /** What an EmbeddingModel declares for TEI's protocol. */
    public String root() {
        var scheme = server instanceof HttpsServer ? "https" : "http";
        return scheme + "://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Has so many of the next requests end otherwise. */
    public synchronized void misbehave(int times, Misbehaviour how) {
        for (var i = 0; i < times; i++) {
            misbehaviours.add(how);
        }
    }

    /** Ends the misbehaviour that is still to come. */
    public synchronized void behave() {
        misbehaviours.clear();
    }

    /** Looks at each request before it is answered. */
    public void observe(Observer each) {
        observer = each;
    }

    /** Refuses requests with such a text in them, with status 400. */
    public void refuse(Predicate<String> texts) {
        refused = texts;
    }

    /** Answers requests with such a text in them with status 500. */
    public void crashOn(Predicate<String> texts) {
        crashing = texts;
    }

    /** All requests so far. */
    public List<Asked> asked() {
        return List.copyOf(asked);
    }

    /** All texts that were asked for, in each request anew. */
    public List<String> texts() {
        return asked.stream().flatMap(one -> one.texts().stream()).toList();
    }

    /** Forgets the requests so far. */
    public void forget() {
        asked.clear();
    }

    /** The vector of a text. */
    public static float[] vector(String text) {
        var random = new Random(text.hashCode());
        var vector = new float[DIMENSIONS];
        for (var i = 0; i < DIMENSIONS; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return vector;
    }

    /** How many tokens it bills for texts. */
    public static long tokens(List<String> texts) {
        return texts.stream()
                .mapToLong(text -> text.strip().split("\\s+").length)
                .sum();
    }

    /** An answer with this status. */
    public static Misbehaviour status(int status, String... header) {
        return (exchange, texts) -> {
            if (header.length == 2) {
                exchange.getResponseHeaders().set(header[0], header[1]);
            }
            send(exchange, status, "{\"error\":{\"message\":\"no\"}}");
        };
    }

    /** A success with this body. */
    public static Misbehaviour body(String body) {
        return (exchange, texts) -> send(exchange, 200, body);
    }

    /** Sends an answer. */
    public static void send(HttpExchange exchange, int status, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private static InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = JSON.readTree(exchange.getRequestBody().readAllBytes());
            var texts = new ArrayList<String>();
            body.path(body.has("inputs") ? "inputs" : "input").forEach(text -> texts.add(text.asText()));
            var path = exchange.getRequestURI().getPath();
            asked.add(new Asked(path, exchange.getRequestHeaders(), body, List.copyOf(texts)));
            observer.see(texts);
            var misbehaviour = next();
            if (misbehaviour != null) {
                misbehaviour.answer(exchange, texts);
            } else if (texts.stream().anyMatch(crashing)) {
                send(exchange, 500, "{}");
            } else if (texts.stream().anyMatch(refused)) {
                send(exchange, 400, "{\"error\":{\"message\":\"invalid input\"}}");
            } else {
                answer(exchange, path, texts);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized @Nullable Misbehaviour next() {
        return misbehaviours.isEmpty() ? null : misbehaviours.removeFirst();
    }

    private static void answer(HttpExchange exchange, String path, List<String> texts) throws IOException {
        if (path.equals("/embed")) {
            var json = JSON.createArrayNode();
            texts.forEach(text -> floats(json.addArray(), text));
            exchange.getResponseHeaders().set("x-compute-tokens", String.valueOf(tokens(texts)));
            send(exchange, 200, json.toString());
        } else if (path.equals("/v1/embeddings")) {
            var json = JSON.createObjectNode();
            var data = json.putArray("data");
            // The standard promises no order.
            for (var i = texts.size() - 1; i >= 0; i--) {
                floats(data.addObject().put("index", i).putArray("embedding"), texts.get(i));
            }
            json.putObject("usage").put("total_tokens", tokens(texts));
            send(exchange, 200, json.toString());
        } else {
            send(exchange, 404, "{}");
        }
    }

    private static void floats(ArrayNode array, String text) {
        for (var x : vector(text)) {
            array.add(x);
        }
    }
}
