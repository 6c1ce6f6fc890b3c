package dev.concordance.search;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;

/**
 * An answer: the document to send, and what is counted of it.
 *
 * @param embedding the time that the query's vector took
 * @param elasticsearch the time until Elasticsearch had answered
 */
public record SearchResponse(ObjectNode json, List<Degradation> degraded, Duration embedding, Duration elasticsearch) {
    public SearchResponse {
        degraded = List.copyOf(degraded);
    }

    /** How many hits are shown. */
    public int hits() {
        return json.path("hits").size();
    }
}
