package dev.concordance.elasticsearch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.ManifestJson;
import java.io.IOException;

/** What Elasticsearch answered: a success, or that something isn't there (404), conflicts (409) or is malformed (400). */
public record Answer(int status, byte[] body) {
    /** The body as JSON; throws {@link ElasticsearchException} if it is none. */
    public JsonNode json() {
        try {
            return body.length == 0
                    ? MissingNode.getInstance()
                    : ManifestJson.mapper().readTree(body);
        } catch (IOException e) {
            throw new ElasticsearchException(
                    FailureReason.ElasticsearchUnreachable,
                    "what answers is not Elasticsearch, for its answer is not JSON: correct the SearchCluster's urls",
                    e);
        }
    }
}
