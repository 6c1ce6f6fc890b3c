package dev.concordance.localcluster.node;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.concordance.localcluster.node.metrics.MetricsApi;
import dev.concordance.localcluster.node.pod.PodWorker;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/** What the API server asks the node for, over TLS on loopback: logs as of a kubelet, and the metrics API behind it. */
final class Endpoint {
    private static final String KUBELET_CLIENT = "CN=kube-apiserver-kubelet-client";
    private static final String FRONT_PROXY = "CN=front-proxy-client";

    private final Pods pods;
    private final MetricsApi metrics;

    private Endpoint(Pods pods, MetricsApi metrics) {
        this.pods = pods;
        this.metrics = metrics;
    }

    /** Listens. */
    static void open(int port, Path pki, Pods pods, MetricsApi metrics) throws IOException {
        var endpoint = new Endpoint(pods, metrics);
        var server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setHttpsConfigurator(new ClientsWithCertificate(ServingCertificate.in(pki)));
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/containerLogs/", exchange -> answer(exchange, KUBELET_CLIENT, endpoint::logs));
        server.createContext("/apis", exchange -> answer(exchange, FRONT_PROXY, endpoint::metrics));
        server.start();
    }

    private static final class ClientsWithCertificate extends HttpsConfigurator {
        private ClientsWithCertificate(SSLContext context) {
            super(context);
        }

        @Override
        public void configure(HttpsParameters parameters) {
            var tls = getSSLContext().getDefaultSSLParameters();
            tls.setNeedClientAuth(true);
            parameters.setSSLParameters(tls);
        }
    }

    private interface Answer {
        void to(HttpExchange exchange, Map<String, String> query) throws IOException;
    }

    private static void answer(HttpExchange exchange, String client, Answer answer) throws IOException {
        try (exchange) {
            var subject = ((HttpsExchange) exchange)
                    .getSSLSession()
                    .getPeerPrincipal()
                    .getName();
            if (!List.of(subject.split(",", -1)).contains(client)) {
                text(exchange, 403, subject + " is not the client for this path");
                return;
            }
            answer.to(exchange, query(exchange));
        } catch (IllegalArgumentException e) {
            text(exchange, 400, String.valueOf(e.getMessage()));
        }
    }

    /** {@code /containerLogs/NAMESPACE/POD/CONTAINER}. */
    private void logs(HttpExchange exchange, Map<String, String> query) throws IOException {
        var words = exchange.getRequestURI().getPath().split("/", -1);
        var worker = words.length == 5 ? pods.find(words[2], words[3]) : Optional.<PodWorker>empty();
        var log = worker.flatMap(w -> w.log(words[4], Boolean.parseBoolean(query.get("previous"))));
        if (log.isEmpty()) {
            text(exchange, 404, "there is no such log");
            return;
        }
        exchange.getResponseHeaders().set("Content-Type", "text/plain");
        exchange.sendResponseHeaders(200, 0);
        try (var out = exchange.getResponseBody()) {
            new LogReader(log.get(), query).copy(out);
        }
    }

    private void metrics(HttpExchange exchange, Map<String, String> query) throws IOException {
        var found = metrics.answer(exchange.getRequestURI().getPath(), query);
        if (found.isEmpty()) {
            text(exchange, 404, "there is nothing at " + exchange.getRequestURI());
            return;
        }
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        send(exchange, 200, Serialization.asJson(found.get()));
    }

    private static void text(HttpExchange exchange, int status, String message) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/plain");
        send(exchange, status, message + "\n");
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static Map<String, String> query(HttpExchange exchange) {
        var parameters = new HashMap<String, String>();
        var raw = exchange.getRequestURI().getRawQuery();
        for (var pair : raw == null ? new String[0] : raw.split("&", -1)) {
            var parts = pair.split("=", 2);
            parameters.put(parts[0], parts.length == 1 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return parameters;
    }
}
