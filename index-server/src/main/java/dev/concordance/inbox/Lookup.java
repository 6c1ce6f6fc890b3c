package dev.concordance.inbox;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.elasticsearch.Answer;
import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.manifest.ManifestJson;
import java.nio.charset.StandardCharsets;
import java.util.Collection;

/** Looks documents up by their keys, whether they are searchable yet or not. */
record Lookup(ElasticsearchConnection elasticsearch, String index) {
    /**
     * What there is under each of the keys, in their order. Throws {@link MissingInbox}, or {@link Busy} if nobody can tell of one of them at
     * the moment: it is gone only where Elasticsearch says so.
     */
    JsonNode documents(Collection<String> keys, String... fields) {
        var body = ManifestJson.mapper().createObjectNode();
        keys.forEach(body.putArray("ids")::add);
        var answer = elasticsearch.send(
                "POST",
                "/" + index + "/_mget?_source_includes=" + String.join(",", fields),
                body.toString().getBytes(StandardCharsets.UTF_8),
                Answer::isBusyForSome);
        if (answer.status() == 404) {
            throw new MissingInbox(index);
        }
        if (answer.status() >= 300) {
            throw new Busy(
                    "Elasticsearch can't look documents up at the moment (%d): try again".formatted(answer.status()));
        }
        var documents = answer.json().path("docs");
        for (var document : documents) {
            requireAnswer(document.path("error"));
        }
        return documents;
    }

    private void requireAnswer(JsonNode error) {
        if (error.path("type").asText().equals("index_not_found_exception")) {
            throw new MissingInbox(index);
        }
        if (error.isObject()) {
            throw new Busy("Elasticsearch can't look a document up at the moment: try again");
        }
    }
}
