package dev.concordance.operator.elastic;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import co.elastic.clients.transport.rest5_client.low_level.Response;
import co.elastic.clients.transport.rest5_client.low_level.ResponseException;
import co.elastic.clients.transport.rest5_client.low_level.Rest5Client;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.operator.elastic.BackendException.Obstacle;
import java.io.IOException;
import java.net.URI;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.DefaultHostnameVerifier;
import org.apache.hc.core5.ssl.SSLContexts;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/** Requests to Elasticsearch as JSON in and out, with every failure as a {@link BackendException}. */
final class RestCalls implements AutoCloseable {
    private static final Timeout CONNECT = Timeout.ofSeconds(3);

    private final Rest5Client client;

    RestCalls(ConnectionSettings settings) {
        var builder = Rest5Client.builder(
                        settings.urls().stream().map(URI::create).toList())
                .setMetaHeaderEnabled(false)
                .setConnectionConfigCallback(connection -> connection.setConnectTimeout(CONNECT))
                .setRequestConfigCallback(request -> request.setResponseTimeout(Timeout.of(settings.timeout()))
                        .setConnectionRequestTimeout(Timeout.of(settings.timeout())));
        var trust = settings.caCertificates() == null
                ? SSLContexts.createSystemDefault()
                : TrustedAuthorities.of(settings.caCertificates());
        // With httpclient5 5.6.3's own choice, the JDK's check, the host name of a certificate is not looked at.
        var tls = new DefaultClientTlsStrategy(trust, new DefaultHostnameVerifier());
        builder.setConnectionManagerCallback(connections -> connections.setTlsStrategy(tls));
        if (settings.authorization() != null) {
            builder.setDefaultHeaders(new org.apache.hc.core5.http.Header[] {
                new org.apache.hc.core5.http.message.BasicHeader("Authorization", settings.authorization(), true)
            });
        }
        client = builder.build();
    }

    /** The answer; a missing node where the thing that the path names does not exist (404). */
    JsonNode get(String path) {
        return send("GET", path, null);
    }

    /** As {@link #get}, with a body and a method that may change something; only a DELETE of nothing is no failure. */
    JsonNode send(String method, String path, @Nullable String body) {
        var request = new Request(method, path);
        if (body != null) {
            request.setJsonEntity(body);
        }
        try {
            var nothingIsFine = method.equals("GET") || method.equals("DELETE");
            return read(client.performRequest(request), nothingIsFine);
        } catch (ResponseException answered) {
            throw Refusals.unavailable(answered.getResponse().getStatusCode(), answered);
        } catch (IOException | RuntimeException unanswered) {
            if (unanswered instanceof BackendException known) {
                throw known;
            }
            throw Refusals.unanswered(unanswered);
        }
    }

    private static JsonNode read(Response response, boolean nothingIsFine) throws IOException {
        var status = response.getStatusCode();
        var entity = response.getEntity();
        var bytes = new byte[0];
        if (entity != null) {
            try (var content = entity.getContent()) {
                bytes = content == null ? bytes : content.readAllBytes();
            }
        }
        if (status == 404 && nothingIsFine) {
            return MissingNode.getInstance();
        }
        if (status >= 400) {
            throw Refusals.refused(status, bytes);
        }
        return bytes.length == 0 ? MissingNode.getInstance() : parse(bytes);
    }

    private static JsonNode parse(byte[] bytes) {
        try {
            return ManifestJson.mapper().readTree(bytes);
        } catch (IOException e) {
            throw new BackendException(
                    Obstacle.UNREACHABLE, "what answers is not Elasticsearch: its answer is not JSON", e);
        }
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (IOException e) {
            throw new BackendException(Obstacle.UNREACHABLE, "closing the connection failed: " + e.getMessage(), e);
        }
    }
}
