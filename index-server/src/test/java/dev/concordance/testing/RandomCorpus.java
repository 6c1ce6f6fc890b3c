package dev.concordance.testing;

import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.manifest.BundledModel;
import dev.concordance.manifest.Chunking;
import dev.concordance.manifest.ElasticsearchAccess;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.GenerationMapping;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.RoutingTable;
import dev.concordance.manifest.VectorStorage;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** Chunks of made-up words with made-up vectors, for measurements that need many of them and no model. */
public record RandomCorpus(URI elasticsearch, String name, Random random) {
    private static final int BULK = 500;
    private static final int WORDS = 5_000;
    private static final int WORDS_A_CHUNK = 120;
    private static final int DIMENSIONS = 384;
    /** Steele, Lea and Flood, Fast Splittable Pseudorandom Number Generators (2014). */
    private static final long SPREADING = 0x9E37_79B9_7F4A_7C15L;

    /** Indexes so many chunks, ten a document, as generation 1, and points the alias there. */
    public void index(int chunks) {
        index(chunks, VectorStorage.DEFAULT);
    }

    /** The same with vectors kept so. */
    public void index(int chunks, VectorStorage storage) {
        var manifest = new GenerationManifest(
                        1,
                        GenerationManifest.PIPELINE,
                        new Chunking.ByHeadings(256, 32, ""),
                        BundledModel.BGE_SMALL_EN_V1_5_Q.manifest(),
                        1,
                        List.of())
                .with(storage);
        try (var connection =
                ElasticsearchConnection.open(access(), mount -> Path.of(mount), Duration.ofSeconds(120))) {
            send(
                    connection,
                    "PUT",
                    "/" + names().generation(1),
                    GenerationMapping.chunks(manifest, 0).toString());
            send(
                    connection,
                    "PUT",
                    "/" + names().ledger(),
                    GenerationMapping.ledger(0).toString());
            for (var from = 0; from < chunks; from += BULK) {
                var bulk = new StringBuilder();
                for (var i = from; i < Math.min(chunks, from + BULK); i++) {
                    chunk(bulk, i / 10, i % 10);
                }
                send(connection, "POST", "/" + names().generation(1) + "/_bulk", bulk.toString());
            }
            send(connection, "POST", "/" + names().generation(1) + "/_forcemerge?max_num_segments=1", "");
            send(connection, "POST", "/" + names().generation(1) + "/_refresh", "");
            var add = "{\"actions\":[{\"add\":{\"index\":\"%s\",\"alias\":\"%s\"}}]}"
                    .formatted(names().generation(1), names().alias());
            send(connection, "POST", "/_aliases", add);
        }
    }

    /** The route to it. */
    public RoutingTable.Route route() {
        return new RoutingTable.Route(
                "docs",
                name,
                names().alias(),
                access(),
                List.of(BundledModel.BGE_SMALL_EN_V1_5_Q.manifest()),
                List.of(),
                new RoutingTable.Retrieval(RoutingTable.Mode.hybrid, RoutingTable.Fusion.weighted, 0.5, 0.5, 60));
    }

    /** Words, the frequent ones more often. */
    public String words(int count) {
        var words = new StringBuilder();
        for (var i = 0; i < count; i++) {
            var rank = (int) (WORDS * Math.pow(random.nextDouble(), 2));
            words.append(i == 0 ? "" : " ").append("word").append(Integer.toString(rank, 36));
        }
        return words.toString();
    }

    /** A direction. */
    public static float[] vector(Random random) {
        var vector = new float[DIMENSIONS];
        var squares = 0.0;
        for (var i = 0; i < DIMENSIONS; i++) {
            vector[i] = (float) random.nextGaussian();
            squares += vector[i] * vector[i];
        }
        for (var i = 0; i < DIMENSIONS; i++) {
            vector[i] /= (float) Math.sqrt(squares);
        }
        return vector;
    }

    private void chunk(StringBuilder bulk, int document, int ordinal) {
        var key = String.format("%032x", document);
        var chunk = ManifestJson.mapper().createObjectNode();
        chunk.put("documentKey", key)
                .put("documentId", "document-" + document)
                .put("source", "random")
                .put("version", 1)
                .put("ordinal", ordinal)
                .put("textHash", "%016x".formatted((document * 10L + ordinal) * SPREADING))
                .put("title", words(4))
                .put("text", words(WORDS_A_CHUNK))
                .put("start", ordinal * 700)
                .put("end", ordinal * 700 + 700);
        var vector = chunk.putArray("vector");
        for (var value : vector(random)) {
            vector.add(value);
        }
        bulk.append("{\"index\":{\"_id\":\"%s.1.%d\",\"routing\":\"%s\"}}\n".formatted(key, ordinal, key))
                .append(chunk)
                .append('\n');
    }

    public IndexNames names() {
        return new IndexNames("cc", "docs", name);
    }

    public ElasticsearchAccess access() {
        return new ElasticsearchAccess(List.of(elasticsearch.toString()), null, null);
    }

    private static void send(ElasticsearchConnection connection, String method, String path, String body) {
        var answer = connection.send(method, path, body.isEmpty() ? null : body.getBytes(StandardCharsets.UTF_8));
        if (answer.status() >= 300) {
            throw new IllegalStateException(path + " " + new String(answer.body(), StandardCharsets.UTF_8));
        }
    }
}
