package dev.concordance.localcluster.servers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * One request to Elasticsearch.
 *
 * @param path decoded, without the query
 * @param writes what it asks to change: a document each, or, of anything but documents, one with the path as index
 * @param requestBytes length of the body
 */
public record ElasticsearchCall(String method, String path, String query, List<Write> writes, int requestBytes) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> READING = Set.of(
            "_search", "_msearch", "_count", "_pit", "_mget", "_field_caps", "_refresh", "_analyze", "_validate");
    private static final Set<String> DOCUMENT = Set.of("_doc", "_create", "_update");

    public ElasticsearchCall {
        writes = List.copyOf(writes);
    }

    /**
     * A change that is asked for.
     *
     * @param action {@code index}, {@code create}, {@code update} or {@code delete} of a document, else the method
     * @param id the document's; empty where it isn't a document, or Elasticsearch gives the id
     */
    public record Write(String action, String index, String id) {}

    /** Whether the path ends so, such as {@code /_bulk}. */
    public boolean isTo(String suffix) {
        return path.endsWith(suffix);
    }

    static ElasticsearchCall of(String method, URI uri, byte[] body) {
        var path = uri.getPath();
        var query = uri.getQuery() == null ? "" : uri.getQuery();
        return new ElasticsearchCall(method, path, query, writes(method, path, body), body.length);
    }

    private static List<Write> writes(String method, String path, byte[] body) {
        var parts = path.substring(1).split("/", -1);
        if (path.endsWith("/_bulk")) {
            return items(parts.length > 1 ? parts[0] : "", body);
        }
        if (method.equals("GET") || method.equals("HEAD") || READING.contains(parts[parts.length - 1])) {
            return List.of();
        }
        return List.of(
                parts.length > 1 && DOCUMENT.contains(parts[1])
                        ? document(method, parts)
                        : new Write(method, path, ""));
    }

    private static Write document(String method, String[] parts) {
        var action = parts[1].equals("_doc") ? "index" : parts[1].substring(1);
        return new Write(method.equals("DELETE") ? "delete" : action, parts[0], parts.length > 2 ? parts[2] : "");
    }

    private static List<Write> items(String defaultIndex, byte[] body) {
        var items = new ArrayList<Write>();
        var lines = new String(body, StandardCharsets.UTF_8).split("\n", -1);
        for (var i = 0; i < lines.length; i++) {
            if (!lines[i].isBlank()) {
                var action = parse(lines[i]).properties().iterator().next();
                var target = action.getValue();
                items.add(new Write(
                        action.getKey(),
                        target.path("_index").asText(defaultIndex),
                        target.path("_id").asText("")));
                i += action.getKey().equals("delete") ? 0 : 1;
            }
        }
        return items;
    }

    private static JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new IllegalArgumentException("a line of a bulk request is not JSON", e);
        }
    }
}
