package dev.concordance.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;

/** A look into an Elasticsearch node that goes past Concordance. */
record Elasticsearch(URI url) {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** Indexes, and aliases to them, whose names match. */
    List<String> indexes(String pattern) {
        var names = new ArrayList<String>();
        get("/" + pattern + "/_alias?ignore_unavailable=true&allow_no_indices=true")
                .properties()
                .forEach(index -> {
                    names.add(index.getKey());
                    index.getValue().path("aliases").fieldNames().forEachRemaining(names::add);
                });
        return names;
    }

    JsonNode get(String path) {
        return send("GET", path, "");
    }

    JsonNode send(String method, String path, String body) {
        try {
            var request = HttpRequest.newBuilder(url.resolve(path))
                    .header("Content-Type", "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofString(body))
                    .build();
            var response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IllegalStateException(path + " answered " + response.statusCode() + ": " + response.body());
            }
            return Cluster.json(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
