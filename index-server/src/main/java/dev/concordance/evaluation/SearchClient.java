package dev.concordance.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.concordance.evaluation.measure.Excerpt;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks a query server. */
final class SearchClient implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI search;
    private final @Nullable String token;

    /** @param token null: the server answers anyone */
    SearchClient(URI server, String namespace, String corpus, @Nullable String token) {
        this.search = server.resolve("/v1/namespaces/" + namespace + "/corpora/" + corpus + "/search");
        this.token = token;
    }

    /**
     * Asks; throws {@link EvaluationException} for anything but a whole answer.
     *
     * @param byDocument only the best passage of each document counts as a hit
     */
    Answer ask(String query, String mode, int k, boolean byDocument) {
        var body = JSON.createObjectNode();
        body.put("query", query).put("mode", mode).put("k", k);
        if (byDocument) {
            body.put("groupBy", "document");
        }
        var start = System.nanoTime();
        var answer = send(body.toString());
        var millis = (System.nanoTime() - start) / 1e6;
        if (!answer.path("degraded").isEmpty()) {
            throw new EvaluationException("the answers are degraded, so what would be measured is not " + mode + ": "
                    + answer.path("degraded"));
        }
        var documents = new LinkedHashSet<String>();
        var passages = new ArrayList<Excerpt>();
        for (var hit : answer.path("hits")) {
            var span = hit.path("span");
            documents.add(hit.path("documentId").asText());
            if (span.path("end").asInt() > span.path("start").asInt()) {
                passages.add(new Excerpt(
                        hit.path("documentId").asText(),
                        span.path("start").asInt(),
                        span.path("end").asInt()));
            }
        }
        return new Answer(
                List.copyOf(documents), passages, answer.path("generation").asLong(), millis);
    }

    @Override
    public void close() {
        http.close();
    }

    private JsonNode send(String body) {
        var request = HttpRequest.newBuilder(search)
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            var response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            var json = JSON.readTree(response.body());
            if (response.statusCode() != 200) {
                throw new EvaluationException("the query server answered %d: %s"
                        .formatted(response.statusCode(), json.path("detail").asText()));
            }
            return json;
        } catch (IOException e) {
            throw new EvaluationException("the query server does not answer at " + search + ": " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EvaluationException("interrupted");
        }
    }
}
