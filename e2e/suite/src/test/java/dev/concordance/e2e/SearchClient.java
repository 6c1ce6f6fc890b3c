package dev.concordance.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;

/** Searches one corpus over HTTP, as an application does. */
record SearchClient(URI server, String namespace, String corpus) {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Status and body of an answer. */
    record Answer(int status, JsonNode body) {
        List<String> documents() {
            return body.path("hits")
                    .valueStream()
                    .map(hit -> hit.path("documentId").asText())
                    .toList();
        }

        List<String> texts() {
            return body.path("hits")
                    .valueStream()
                    .map(hit -> hit.path("text").asText())
                    .toList();
        }
    }

    Answer search(String query) {
        return post(Map.of("query", query, "k", 5));
    }

    Answer post(Map<String, ?> body) {
        return post(body, Map.of());
    }

    /** As the holder of a token. */
    Answer search(String query, String token) {
        return post(Map.of("query", query, "k", 5), Map.of("Authorization", "Bearer " + token));
    }

    private Answer post(Map<String, ?> body, Map<String, String> headers) {
        try {
            var request = HttpRequest.newBuilder(
                            server.resolve("/v1/namespaces/" + namespace + "/corpora/" + corpus + "/search"))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)));
            headers.forEach(request::header);
            var response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), JSON.readTree(response.body()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
