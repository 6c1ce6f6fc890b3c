package dev.concordance.localcluster.servers;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A service on loopback that reads documents as docling-serve does, over its {@code /v1/convert/file}. It finds no words in
 * pictures; its documents say their own: of a file it reads what comes after the first line, a heading where a line begins with
 * {@code #}, a row of a table where it begins with {@code |}, a page break where it is {@code ---}. It misbehaves on demand.
 */
public final class ParsingEndpoint implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern BOUNDARY = Pattern.compile("boundary=\"?([^\";]+)");
    private static final Pattern FIELD = Pattern.compile("name=\"([^\"]*)\"(?:; filename=\"([^\"]*)\")?");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final List<Misbehaviour> misbehaviours = new ArrayList<>();
    private volatile Predicate<String> crashing = words -> false;
    private volatile Observer observer = one -> {};

    /** A request as it came: its options, the name of its file, and the words in it. */
    public record Asked(String path, Headers headers, Map<String, List<String>> options, String name, String words) {}

    /** Answers a request in the service's place. */
    public interface Misbehaviour {
        void answer(HttpExchange exchange, Asked asked) throws IOException;
    }

    /** Is told of a request, and may keep it waiting. */
    public interface Observer {
        void see(Asked asked) throws InterruptedException;
    }

    private ParsingEndpoint(HttpServer server) {
        this.server = server;
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    /** Starts one. */
    public static ParsingEndpoint start() throws IOException {
        return new ParsingEndpoint(HttpServer.create(address(), 0));
    }

    /** Starts one that speaks TLS. */
    public static ParsingEndpoint start(SSLContext tls) throws IOException {
        var server = HttpsServer.create(address(), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        return new ParsingEndpoint(server);
    }

    /** What a Corpus declares. */
    public String url() {
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

    /** Ends the connection of requests with such words in their file, without an answer. */
    public void crashOn(Predicate<String> words) {
        crashing = words;
    }

    /** All requests so far. */
    public List<Asked> asked() {
        return List.copyOf(asked);
    }

    /** An answer with this status. */
    public static Misbehaviour status(int status, String... header) {
        return (exchange, asked) -> {
            if (header.length == 2) {
                exchange.getResponseHeaders().set(header[0], header[1]);
            }
            send(exchange, status, "{\"detail\":\"no\"}");
        };
    }

    /** A success with this body. */
    public static Misbehaviour body(String body) {
        return (exchange, asked) -> send(exchange, 200, body);
    }

    /** Sends an answer. */
    public static void send(HttpExchange exchange, int status, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /** The file that the service reads these lines from: a PDF as far as its first bytes say. */
    public static byte[] file(String... lines) {
        return ("%PDF-1.7\n" + String.join("\n", lines)).getBytes(StandardCharsets.UTF_8);
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
            var one = asked(exchange);
            asked.add(one);
            observer.see(one);
            var misbehaviour = next();
            if (misbehaviour != null) {
                misbehaviour.answer(exchange, one);
            } else if (!one.path().equals("/v1/convert/file")) {
                send(exchange, 404, "{\"detail\":\"Not Found\"}");
            } else if (!crashing.test(one.words())) {
                send(exchange, 200, answer(one.words()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized @Nullable Misbehaviour next() {
        return misbehaviours.isEmpty() ? null : misbehaviours.removeFirst();
    }

    /** Reads the form (RFC 7578). */
    private static Asked asked(HttpExchange exchange) throws IOException {
        var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        var options = new LinkedHashMap<String, List<String>>();
        var name = "";
        var words = "";
        var type = BOUNDARY.matcher(String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type")));
        if (type.find()) {
            for (var part : body.split("(^|\r\n)--" + Pattern.quote(type.group(1)) + "(--)?\r\n", -1)) {
                var end = part.indexOf("\r\n\r\n");
                var field = FIELD.matcher(end < 0 ? "" : part.substring(0, end));
                if (field.find()) {
                    var value = part.substring(end + 4);
                    if (field.group(2) != null) {
                        name = field.group(2);
                        words = value;
                    } else {
                        options.computeIfAbsent(field.group(1), key -> new ArrayList<>())
                                .add(value);
                    }
                }
            }
        }
        return new Asked(exchange.getRequestURI().getPath(), exchange.getRequestHeaders(), options, name, words);
    }

    /** What docling-serve answers, with all that it has to say and some of what it may. */
    private static String answer(String file) {
        var answer = JSON.createObjectNode();
        var content = answer.putObject("document").put("filename", "x").putObject("json_content");
        content.put("schema_name", "DoclingDocument").put("version", "1.7.0").put("name", "x");
        var children = content.putObject("body").put("self_ref", "#/body").putArray("children");
        var texts = content.putArray("texts");
        var tables = content.putArray("tables");
        var page = 1;
        for (var line : file.lines().skip(1).toList()) {
            if (line.equals("---")) {
                page++;
            } else if (line.startsWith("|")) {
                children.addObject().put("$ref", "#/tables/" + tables.size());
                row(
                        item(tables.addObject(), "table", "tables/" + (tables.size() - 1), page),
                        line.substring(1).split("\\|"));
            } else if (!line.isBlank()) {
                children.addObject().put("$ref", "#/texts/" + texts.size());
                var item = item(
                        texts.addObject(),
                        line.startsWith("#") ? "section_header" : "text",
                        "texts/" + (texts.size() - 1),
                        page);
                item.put("orig", line).put("text", line.replaceFirst("^#+ *", ""));
                if (line.startsWith("#")) {
                    item.put(
                            "level",
                            line.length() - line.replaceFirst("^#+", "").length());
                }
            }
        }
        answer.put("status", "success").put("processing_time", 0.1).putArray("errors");
        return answer.toString();
    }

    private static ObjectNode item(ObjectNode item, String label, String place, int page) {
        item.put("self_ref", "#/" + place).put("label", label).put("content_layer", "body");
        item.putObject("parent").put("$ref", "#/body");
        item.putArray("children");
        var where = item.putArray("prov").addObject().put("page_no", page);
        where.putObject("bbox")
                .put("l", 1.5)
                .put("t", 2)
                .put("r", 3.5)
                .put("b", 1)
                .put("coord_origin", "BOTTOMLEFT");
        where.putArray("charspan").add(0).add(1);
        return item;
    }

    private static void row(ObjectNode table, String[] cells) {
        var row = table.putObject("data")
                .put("num_rows", 1)
                .put("num_cols", cells.length)
                .putArray("table_cells");
        for (var i = 0; i < cells.length; i++) {
            row.addObject()
                    .put("text", cells[i])
                    .put("start_row_offset_idx", 0)
                    .put("end_row_offset_idx", 1)
                    .put("start_col_offset_idx", i)
                    .put("end_col_offset_idx", i + 1);
        }
    }
}
