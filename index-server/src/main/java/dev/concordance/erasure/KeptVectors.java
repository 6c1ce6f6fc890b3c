package dev.concordance.erasure;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.elasticsearch.Answer;
import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.manifest.ManifestJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Takes the vectors of erased passages out of what corpora share. They go whoever else may have such a passage: that one has its
 * vector in its own index, and at worst it is computed once more.
 */
final class KeptVectors {
    private static final int AT_ONCE = 500;

    private final ElasticsearchConnection elasticsearch;
    private final String index;

    KeptVectors(ElasticsearchConnection elasticsearch, String index) {
        this.elasticsearch = elasticsearch;
        this.index = index;
    }

    /** Removes those under these hashes; gives how many there were. When this returns, none is found any more. */
    long remove(Collection<String> hashes) {
        var removed = 0L;
        var all = List.copyOf(hashes);
        for (var from = 0; from < all.size(); from += AT_ONCE) {
            var some = all.subList(from, Math.min(all.size(), from + AT_ONCE));
            var found = found(some);
            if (!found.isEmpty()) {
                delete(found);
                if (!found(found).isEmpty()) {
                    throw ErasureException.found("a vector", index);
                }
                removed += found.size();
            }
        }
        return removed;
    }

    private List<String> found(List<String> hashes) {
        var body = ManifestJson.mapper().createObjectNode();
        var ids = body.putArray("ids");
        hashes.forEach(ids::add);
        var answer = send("/_mget?_source=false", body.toString());
        var found = new ArrayList<String>();
        for (var document : answer.path("docs")) {
            var error = document.path("error");
            if (error.isObject() && !error.path("type").asText().equals("index_not_found_exception")) {
                throw ErasureException.cacheFailed(index, error.path("reason").asText());
            }
            if (document.path("found").asBoolean()) {
                found.add(document.path("_id").asText());
            }
        }
        return found;
    }

    private void delete(List<String> hashes) {
        var lines = new StringBuilder();
        for (var hash : hashes) {
            var action = ManifestJson.mapper().createObjectNode();
            action.putObject("delete").put("_id", hash);
            lines.append(action).append('\n');
        }
        send("/_bulk?filter_path=errors", lines.toString());
    }

    private JsonNode send(String path, String body) {
        var answer = elasticsearch.send(
                "POST", "/" + index + path, body.getBytes(StandardCharsets.UTF_8), Answer::isBusyForSome);
        if (answer.status() >= 300) {
            throw ErasureException.cacheFailed(index, "Elasticsearch answered " + answer.status());
        }
        return answer.json();
    }
}
