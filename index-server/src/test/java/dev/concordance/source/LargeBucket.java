package dev.concordance.source;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** A bucket of so many small objects that nobody could store them for a test: it lists them, and has none. */
public final class LargeBucket implements AutoCloseable {
    private static final int PAGE = 1_000;
    private static final Pattern TOKEN = Pattern.compile("continuation-token=([0-9]+)");

    private final HttpServer server;
    private final int keys;
    private final AtomicInteger pages = new AtomicInteger();

    private LargeBucket(HttpServer server, int keys) {
        this.server = server;
        this.keys = keys;
    }

    /** One of so many keys. */
    public static LargeBucket of(int keys) {
        try {
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            var bucket = new LargeBucket(server, keys);
            server.createContext("/", bucket::answer);
            server.start();
            return bucket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** How many pages were asked for. */
    public int pages() {
        return pages.get();
    }

    /** The key of an object. */
    public static String key(int number) {
        return "manuals/of the product line %02d/page-%07d.md".formatted(number % 40, number);
    }

    /** What a listing says of it, as a worker keeps it. */
    public static String changeKey(int number) {
        return "\"%032x\"-%d".formatted(number, number % 4_000 + 1);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        pages.incrementAndGet();
        var token = TOKEN.matcher(String.valueOf(exchange.getRequestURI().getQuery()));
        var from = token.find() ? Integer.parseInt(token.group(1)) : 0;
        var to = Math.min(keys, from + PAGE);
        var xml = new StringBuilder("<ListBucketResult><Name>large</Name><KeyCount>%d</KeyCount>".formatted(to - from));
        xml.append("<IsTruncated>").append(to < keys).append("</IsTruncated>");
        if (to < keys) {
            xml.append("<NextContinuationToken>").append(to).append("</NextContinuationToken>");
        }
        for (var number = from; number < to; number++) {
            xml.append("<Contents><Key>%s</Key><ETag>\"%032x\"</ETag><Size>%d</Size></Contents>"
                    .formatted(key(number), number, number % 4_000 + 1));
        }
        var body = xml.append("</ListBucketResult>").toString().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/xml");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
