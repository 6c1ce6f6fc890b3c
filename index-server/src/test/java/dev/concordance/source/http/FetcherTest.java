package dev.concordance.source.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A name whose address changes between the look at it and the connection to it, as an attacker's can (DNS rebinding). */
class FetcherTest {
    private static final String ALLOWED = "127.0.0.1";
    private static final String FORBIDDEN = "127.0.0.2";

    private final AtomicInteger lookups = new AtomicInteger();
    private final AtomicInteger inside = new AtomicInteger();
    private HttpServer outsideServer;
    private HttpServer insideServer;

    @BeforeEach
    void start() throws IOException {
        outsideServer = serve(ALLOWED, 0, new AtomicInteger());
        insideServer = serve(FORBIDDEN, outsideServer.getAddress().getPort(), inside);
    }

    @AfterEach
    void stop() {
        outsideServer.stop(0);
        insideServer.stop(0);
    }

    @Test
    void connectsToTheAddressThatWasLookedAtAndToNoOtherThatTheNameHasMeanwhile() throws IOException {
        var address = WebAddress.parse("http://rebinding.test:%d/"
                        .formatted(outsideServer.getAddress().getPort()))
                .orElseThrow();
        try (var fetcher = Fetcher.open(reach(), null, "test", to -> null, Duration.ofSeconds(20))) {
            var answer = fetcher.get(Wanted.all(address, 100));
            assertThat(new String(answer.body(), StandardCharsets.UTF_8)).isEqualTo(ALLOWED);
            assertThat(lookups.get()).as("it is asked once, before the look").isEqualTo(1);
            assertThatThrownBy(() -> fetcher.get(Wanted.all(address, 100)))
                    .as("the next connection is looked at again")
                    .isInstanceOf(ForbiddenAddress.class);
        }
        assertThat(inside.get()).isZero();
    }

    @Test
    void connectsToNoneOfTheAddressesWhereOneIsForbidden() {
        var address = WebAddress.parse("http://rebinding.test:%d/"
                        .formatted(outsideServer.getAddress().getPort()))
                .orElseThrow();
        var both = new Reach(
                host -> new InetAddress[] {InetAddress.getByName(ALLOWED), InetAddress.getByName(FORBIDDEN)},
                reach().allowed());
        try (var fetcher = Fetcher.open(both, null, "test", to -> null, Duration.ofSeconds(20))) {
            for (var attempt : List.of(1, 2)) {
                assertThatThrownBy(() -> fetcher.get(Wanted.all(address, 100)))
                        .as("attempt %d", attempt)
                        .isInstanceOf(ForbiddenAddress.class);
            }
        }
        assertThat(inside.get()).isZero();
    }

    /** The name has the allowed address when it is first looked up, and from then on the other one. */
    private Reach reach() {
        return new Reach(
                host -> new InetAddress[] {InetAddress.getByName(lookups.incrementAndGet() == 1 ? ALLOWED : FORBIDDEN)},
                address -> address.getHostAddress().equals(ALLOWED));
    }

    /** Tells who was asked, and ends each connection. */
    private static HttpServer serve(String host, int port, AtomicInteger asked) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getByName(host), port), 0);
        server.createContext("/", exchange -> {
            asked.incrementAndGet();
            var bytes = host.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Connection", "close");
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        return server;
    }
}
