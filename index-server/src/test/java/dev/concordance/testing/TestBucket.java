package dev.concordance.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The bucket {@link #NAME} as a store answers for it, but where a test has it answered otherwise. */
public final class TestBucket implements HttpHandler, AutoCloseable {
    public static final String NAME = "handbook";
    private static final Pattern TOKEN = Pattern.compile("continuation-token=([-_A-Za-z0-9]+)");

    private final NavigableMap<String, String> objects = new ConcurrentSkipListMap<>();
    private final int page;
    private volatile Fault fault = (asked, usual) -> usual;
    private @Nullable HttpServer server;

    /** What a test makes of the answer to a request; called when the answer is settled, and before it is sent. */
    @FunctionalInterface
    public interface Fault {
        Reply of(URI asked, Reply usual);
    }

    /** @param tag of the object; empty: it's no object's */
    public record Reply(int status, String tag, String body) {
        public static Reply error(int status, String code) {
            return new Reply(status, "", "<Error><Code>%s</Code></Error>".formatted(code));
        }

        public Reply with(String other) {
            return new Reply(status, tag, other);
        }
    }

    /** @param page how many keys are listed at a time */
    public TestBucket(int page) {
        this.page = page;
    }

    /** Serves it by http, on loopback. */
    public URI serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.createContext("/", this);
        server.start();
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Texts by keys. */
    public NavigableMap<String, String> objects() {
        return objects;
    }

    public void fail(Fault how) {
        fault = how;
    }

    /** The key of the object that is asked for; empty: it is the listing. */
    public static String key(URI asked) {
        return asked.getPath().replaceFirst("^/" + NAME + "/?", "");
    }

    /** Whether it asks for a page of the listing that isn't the first. */
    public static boolean isLaterPage(URI asked) {
        return String.valueOf(asked.getQuery()).contains("continuation-token");
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        var asked = exchange.getRequestURI();
        var reply = fault.of(asked, key(asked).isEmpty() ? listing(asked) : object(key(asked)));
        try (exchange) {
            var bytes = reply.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/xml");
            if (!reply.tag().isEmpty()) {
                exchange.getResponseHeaders().set("ETag", reply.tag());
            }
            exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        if (server != null) {
            server.stop(0);
        }
    }

    private Reply object(String key) {
        var text = objects.get(key);
        return text == null ? Reply.error(404, "NoSuchKey") : new Reply(200, tag(text), text);
    }

    private Reply listing(URI asked) {
        var token = TOKEN.matcher(String.valueOf(asked.getQuery()));
        var after =
                token.find() ? new String(Base64.getUrlDecoder().decode(token.group(1)), StandardCharsets.UTF_8) : "";
        var left = objects.tailMap(after, false).entrySet().stream()
                .limit(page + 1L)
                .toList();
        var listed = left.stream().limit(page).toList();
        var next = left.size() <= page
                ? ""
                : "<NextContinuationToken>%s</NextContinuationToken>"
                        .formatted(Base64.getUrlEncoder()
                                .withoutPadding()
                                .encodeToString(listed.getLast().getKey().getBytes(StandardCharsets.UTF_8)));
        return new Reply(
                200,
                "",
                listed.stream()
                        .map(object -> "<Contents><Key>%s</Key><ETag>%s</ETag><Size>%d</Size></Contents>"
                                .formatted(
                                        object.getKey(),
                                        tag(object.getValue()),
                                        object.getValue().length()))
                        .collect(Collectors.joining(
                                "",
                                "<ListBucketResult><Name>%s</Name><KeyCount>%d</KeyCount><IsTruncated>%s</IsTruncated>%s"
                                        .formatted(NAME, listed.size(), !next.isEmpty(), next),
                                "</ListBucketResult>")));
    }

    private static String tag(String text) {
        return "\"%x\"".formatted(text.hashCode());
    }
}
