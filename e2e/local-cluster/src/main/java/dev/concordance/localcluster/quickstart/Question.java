package dev.concordance.localcluster.quickstart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** A question to a query server, and its answer as a person reads it. */
record Question(String text, int passages) {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int WIDTH = 100;
    private static final int LINES = 4;

    /**
     * Asks the query server at {@code server}, and gives the lines of the answer. Pods that have just been started again may
     * take a while until they answer, though what is said of them is still from before.
     */
    List<String> ask(URI server) {
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        try (var http = HttpClient.newHttpClient()) {
            var response = http.send(request(server), HttpResponse.BodyHandlers.ofString());
            while (response.statusCode() == UNAVAILABLE && System.nanoTime() < deadline) {
                LockSupport.parkNanos(POLL.toNanos());
                response = http.send(request(server), HttpResponse.BodyHandlers.ofString());
            }
            if (response.statusCode() != OK) {
                throw new IllegalStateException(
                        "the search was answered with " + response.statusCode() + ": " + response.body());
            }
            return lines(JSON.readTree(response.body()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private HttpRequest request(URI server) throws IOException {
        var path = "/v1/namespaces/%s/corpora/%s/search".formatted(Example.NAMESPACE, Example.CORPUS);
        return HttpRequest.newBuilder(server.resolve(path))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(
                        JSON.writeValueAsBytes(Map.of("query", text, "k", passages))))
                .build();
    }

    private static List<String> lines(JsonNode answer) {
        var lines = new ArrayList<String>();
        for (var hit : answer.path("hits")) {
            var path = Stream.concat(
                            Stream.of(hit.path("title")),
                            StreamSupport.stream(hit.path("headings").spliterator(), false))
                    .map(JsonNode::asText)
                    .distinct()
                    .collect(Collectors.joining(" > "));
            var span = hit.path("span");
            lines.add("  %d. %s".formatted(hit.path("rank").asInt(), path));
            lines.add("     %s, code points %d to %d, score %.3f"
                    .formatted(
                            hit.path("uri").asText(),
                            span.path("start").asInt(),
                            span.path("end").asInt(),
                            hit.path("score").asDouble()));
            wrapped(hit.path("text").asText()).forEach(line -> lines.add("       " + line));
        }
        lines.add("  generation %d, fresh as of %s, took %s ms"
                .formatted(
                        answer.path("generation").asInt(),
                        answer.path("freshAsOf").asText(),
                        answer.path("took").asText()));
        return lines;
    }

    private static List<String> wrapped(String text) {
        var lines = new ArrayList<String>();
        var line = new StringBuilder();
        for (var word : text.strip().split("\\s+", -1)) {
            if (line.length() + word.length() >= WIDTH) {
                lines.add(line.toString());
                line.setLength(0);
                if (lines.size() == LINES) {
                    lines.set(LINES - 1, lines.getLast() + " …");
                    return lines;
                }
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
