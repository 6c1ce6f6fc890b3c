package dev.concordance.localcluster.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.concordance.localcluster.servers.ElasticsearchCall.Write;
import dev.concordance.localcluster.servers.RecordingProxy.Disturbance;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RecordingProxyTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicInteger answered = new AtomicInteger();
    private HttpServer upstream;
    private RecordingProxy proxy;

    @BeforeEach
    void start() throws IOException {
        upstream = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        upstream.createContext("/", exchange -> {
            try (exchange) {
                exchange.getRequestBody().readAllBytes();
                answered.incrementAndGet();
                var said = exchange.getRequestURI().toString().getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("x-elastic-product", "Elasticsearch");
                exchange.sendResponseHeaders(201, said.length);
                exchange.getResponseBody().write(said);
            }
        });
        upstream.start();
        proxy = RecordingProxy.start(
                URI.create("http://127.0.0.1:" + upstream.getAddress().getPort()));
    }

    @AfterEach
    void stop() {
        proxy.close();
        upstream.stop(0);
        client.close();
    }

    @Test
    void passesOnWhatItIsAskedAndRemembersIt() throws Exception {
        var response = send("GET", "/a%20b/_search?q=x%2Cy", "");
        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.body()).isEqualTo("/a%20b/_search?q=x%2Cy");
        assertThat(response.headers().firstValue("x-elastic-product")).contains("Elasticsearch");
        assertThat(proxy.calls()).containsExactly(new ElasticsearchCall("GET", "/a b/_search", "q=x,y", List.of(), 0));
        proxy.forget();
        assertThat(proxy.calls()).isEmpty();
    }

    @Test
    void countsTheItemsOfBulkRequestsAndEveryOtherWrite() throws Exception {
        send("POST", "/i/_bulk?filter_path=errors", """
                {"index":{"_id":"1"}}
                {"delete":{"_id":"no action, but a document"}}
                {"delete":{"_id":"2","_index":"j"}}
                """);
        send("PUT", "/i/_doc/3", "{}");
        send("DELETE", "/i/_doc/4", "");
        send("POST", "/i/_search", "{}");
        send("POST", "/_pit", "{}");
        send("PUT", "/i", "{}");
        send("POST", "/_aliases", "{}");
        assertThat(proxy.writes())
                .containsExactly(
                        new Write("index", "i", "1"),
                        new Write("delete", "j", "2"),
                        new Write("index", "i", "3"),
                        new Write("delete", "i", "4"),
                        new Write("PUT", "/i", ""),
                        new Write("POST", "/_aliases", ""));
        assertThat(proxy.count(call -> call.isTo("/_bulk"))).isEqualTo(1);
    }

    @Test
    void disturbsAsOftenAsItIsTold() throws Exception {
        proxy.disturb(call -> call.isTo("/_bulk"), 2, Disturbance.Refuse.with(429));
        assertThat(send("GET", "/", "").statusCode()).isEqualTo(201);
        assertThat(send("POST", "/_bulk", "").statusCode()).isEqualTo(429);
        assertThat(send("POST", "/_bulk", "").statusCode()).isEqualTo(429);
        assertThat(send("POST", "/_bulk", "").statusCode()).isEqualTo(201);
    }

    @Test
    void cutsTheConnectionBeforeOrAfterTheWorkIsDone() {
        proxy.disturb(call -> call.isTo("/before"), 9, new Disturbance.Disconnect(false));
        proxy.disturb(call -> call.isTo("/after"), 9, new Disturbance.Disconnect(true));
        assertThatThrownBy(() -> send("POST", "/before", "{}")).isInstanceOf(IOException.class);
        assertThat(answered).hasValue(0);
        assertThatThrownBy(() -> send("POST", "/after", "{}")).isInstanceOf(IOException.class);
        assertThat(answered).hasPositiveValue();
    }

    @Test
    void holdsACallUntilItIsLetGo() throws Exception {
        var hold = new Disturbance.Hold();
        proxy.disturb(call -> true, 1, hold);
        var request = HttpRequest.newBuilder(proxy.url().resolve("/x")).build();
        var answer = client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
        hold.awaitCall();
        assertThat(answer).isNotDone();
        assertThat(answered).hasValue(0);
        hold.release();
        assertThat(answer.get().statusCode()).isEqualTo(201);
    }

    private HttpResponse<String> send(String method, String path, String body)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(proxy.url() + path))
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
