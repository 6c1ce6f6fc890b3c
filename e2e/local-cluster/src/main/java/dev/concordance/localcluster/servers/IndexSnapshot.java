package dev.concordance.localcluster.servers;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What an index holds, in a form that two builds of the same documents agree on: document id, content hash, and the texts
 * of its chunks in order. Versions, which tell when something was written, play no part.
 */
public record IndexSnapshot(Map<String, Document> documents) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectWriter SORTED = JSON.writer(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);
    private static final int PAGE = 1_000;
    /** What a worker writes of its own, which belongs to no document. */
    private static final String TRACER = "tracer";

    private static final String TEXTS = "[\"documentId\",\"source\",\"ordinal\",\"version\",\"text\"]";
    private static final TypeReference<Map<String, Object>> FIELDS = new TypeReference<>() {};

    /** One document: the hash in its manifest record and its chunk texts by ordinal. */
    public record Document(String contentHash, List<String> chunks) {}

    /** Chunks of all documents. */
    public long chunks() {
        return documents.values().stream().mapToLong(d -> d.chunks().size()).sum();
    }

    /** Reads generation index {@code index} and its manifest; refreshes first. */
    public static IndexSnapshot of(URI elasticsearch, String index) {
        return of(elasticsearch, index, TEXTS, chunk -> chunk.path("text").asText());
    }

    /** The same with all that is stored of a chunk in place of its text, vectors too, as JSON in the order of its fields' names. */
    public static IndexSnapshot ofEverything(URI elasticsearch, String index) {
        return of(elasticsearch, index, "{\"exclude_vectors\":false}", chunk -> canonical((ObjectNode) chunk));
    }

    private static IndexSnapshot of(URI elasticsearch, String index, String fields, Function<JsonNode, String> shown) {
        try (var http = HttpClient.newHttpClient()) {
            var reader = new Reader(http, elasticsearch);
            reader.post("/" + index + "," + index + "-manifest/_refresh", "");
            var chunks = reader.chunksByDocument(index, fields, shown);
            var documents = new TreeMap<String, Document>();
            reader.scan(
                    index + "-manifest",
                    "[\"documentId\",\"source\",\"contentHash\",\"state\",\"chunks\"]",
                    "documentId",
                    hit -> {
                        var record = hit.path("_source");
                        if (!"Indexed".equals(record.path("state").asText())) {
                            return;
                        }
                        var id = record.path("source").asText() + ":"
                                + record.path("documentId").asText();
                        var texts = chunks.getOrDefault(id, new TreeMap<>());
                        documents.put(
                                id, new Document(record.path("contentHash").asText(), List.copyOf(texts.values())));
                        chunks.remove(id);
                    });
            chunks.forEach((id, texts) -> documents.put("orphan " + id, new Document("", List.copyOf(texts.values()))));
            return new IndexSnapshot(documents);
        }
    }

    private static String canonical(ObjectNode chunk) {
        try {
            var fields = JSON.convertValue(chunk.deepCopy().without("version"), FIELDS);
            return SORTED.writeValueAsString(fields);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Reader(HttpClient http, URI elasticsearch) {
        Map<String, TreeMap<Integer, String>> chunksByDocument(
                String index, String fields, Function<JsonNode, String> shown) {
            var byDocument = new TreeMap<String, TreeMap<Integer, String>>();
            scan(index, fields, "documentKey", hit -> {
                if (TRACER.equals(hit.path("_id").asText())) {
                    return;
                }
                var chunk = hit.path("_source");
                var id = chunk.path("source").asText() + ":"
                        + chunk.path("documentId").asText();
                var before = byDocument
                        .computeIfAbsent(id, k -> new TreeMap<>())
                        .put(chunk.path("ordinal").asInt(), shown.apply(chunk));
                if (before != null) {
                    byDocument.get(id).put(-1 - chunk.path("ordinal").asInt(), "second version: " + before);
                }
            });
            return byDocument;
        }

        void scan(String index, String fields, String sort, java.util.function.Consumer<JsonNode> each) {
            var pit = post("/" + index + "/_pit?keep_alive=1m", "").path("id").asText();
            var after = "";
            while (true) {
                var body =
                        "{\"size\":%d,\"_source\":%s,\"pit\":{\"id\":\"%s\",\"keep_alive\":\"1m\"},\"sort\":[{\"%s\":\"asc\"},{\"_shard_doc\":\"asc\"}]%s}"
                                .formatted(PAGE, fields, pit, sort, after);
                var hits = new ArrayList<JsonNode>();
                post("/_search", body).path("hits").path("hits").forEach(hits::add);
                if (hits.isEmpty()) {
                    return;
                }
                hits.forEach(each);
                after = ",\"search_after\":" + hits.getLast().path("sort");
            }
        }

        JsonNode post(String path, String body) {
            var request = HttpRequest.newBuilder(elasticsearch.resolve(path))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build();
            try {
                var response = http.send(request, HttpResponse.BodyHandlers.ofString());
                if (response.statusCode() >= 300) {
                    throw new IllegalStateException(
                            path + " answered " + response.statusCode() + ": " + response.body());
                }
                return JSON.readTree(response.body());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
    }
}
