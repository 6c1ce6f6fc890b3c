package dev.concordance.source;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;

/** A server over TLS on a port of loopback that stays the same. */
final class SecuredHost implements AutoCloseable {
    private final HttpHandler behaviour;
    private final int port;
    private HttpServer server;

    SecuredHost(SSLContext tls, HttpHandler behaviour) throws IOException {
        this.behaviour = behaviour;
        server = started(0, tls);
        port = server.getAddress().getPort();
    }

    /** Answers with another certificate from now on. */
    void serve(SSLContext tls) throws IOException {
        server.stop(0);
        server = started(port, tls);
    }

    String url() {
        return "https://127.0.0.1:" + port;
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private HttpServer started(int at, SSLContext tls) throws IOException {
        var https = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), at), 0);
        https.setHttpsConfigurator(new HttpsConfigurator(tls));
        https.createContext("/", behaviour);
        https.start();
        return https;
    }

    static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
        try (exchange) {
            var bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }
}
