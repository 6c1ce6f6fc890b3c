package dev.concordance.elasticsearch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.concordance.http.RetryAfter;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.ManifestJson;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * What Elasticsearch answered: a success, or that something isn't there (404), conflicts (409) or is malformed (400).
 *
 * @param retryAfter the header of this name
 */
public record Answer(int status, byte[] body, @Nullable String retryAfter) {
    private static final int TOO_MANY = 429;
    private static final int UNAVAILABLE = 503;
    /** What a node says of shards, or of the cluster, that are not there yet, or not at the moment. */
    private static final Set<String> PASSING = Set.of(
            "es_rejected_execution_exception",
            "circuit_breaking_exception",
            "no_shard_available_action_exception",
            "unavailable_shards_exception",
            "search_phase_execution_exception",
            "cluster_block_exception",
            "master_not_discovered_exception",
            "process_cluster_event_timeout_exception",
            "node_closed_exception");

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

    /**
     * Whether Elasticsearch has no room for the request at the moment (429), or says by itself that what it needs for it is not
     * there at the moment (503). Something before it that has nothing to pass the request on to doesn't say so. That it is
     * short of disk doesn't pass by waiting.
     */
    public boolean isBusy() {
        return status == TOO_MANY && !Refusal.isDiskFull(this)
                || status == UNAVAILABLE && PASSING.contains(Refusal.type(body));
    }

    /** Whether it is so for one of several documents that were asked for or written together. */
    public boolean isBusyForSome() {
        var json = status < 300 ? json() : MissingNode.getInstance();
        return StreamSupport.stream(json.path("docs").spliterator(), false)
                        .anyMatch(document -> PASSING.contains(
                                document.path("error").path("type").asText()))
                || json.path("items").findValues("status").stream()
                        .anyMatch(told -> told.asInt() == TOO_MANY || told.asInt() == UNAVAILABLE);
    }

    /** How long the answer asks to wait. */
    public Optional<Duration> pause(Instant now) {
        return retryAfter == null ? Optional.empty() : RetryAfter.of(retryAfter, now);
    }
}
