package dev.concordance.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.embedding.Embedder;
import dev.concordance.embedding.ModelFiles;
import dev.concordance.embedding.OnnxEmbedder;
import dev.concordance.embedding.Role;
import dev.concordance.evaluation.measure.Excerpt;
import dev.concordance.evaluation.measure.Measure;
import dev.concordance.evaluation.measure.Measure.Kind;
import dev.concordance.localcluster.servers.ElasticsearchProcess;
import dev.concordance.manifest.BundledModel;
import dev.concordance.manifest.Chunking;
import dev.concordance.manifest.ElasticsearchAccess;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.RoutingTable;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.manifest.RunSpecification.Limits;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.Guides;
import dev.concordance.testing.ModelInPlaceOf;
import dev.concordance.testing.ServerProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How much of the excerpts that answer questions the first five passages hold, and how little else, for each strategy: the
 * evaluation of chunking of Smith and Troynikov (Chroma, 2024), asked through the default hybrid search with the default model.
 * Its folder has {@code corpora} and {@code questions.jsonl}. See docs/benchmarks.md.
 */
class ChunkingQualityBench {
    private static final int SHOWN = 5;
    private static final Limits LIMITS = new Limits(1 << 20, 10_000, 50, 2);
    private static final Embedder MODEL = new Remembering(
            OnnxEmbedder.open(BundledModel.BGE_SMALL_EN_V1_5_Q.manifest(), ModelFiles.bundledOnly()),
            new ConcurrentHashMap<>());

    /** Embeds a text that several strategies have once. */
    private record Remembering(Embedder model, Map<String, float[]> known) implements ModelInPlaceOf {
        @Override
        public float[] embed(Role role, String text) {
            return known.computeIfAbsent(role + text, unknown -> model.embed(role, text));
        }
    }

    /** Means over the questions, in percent. */
    private record Figures(double recall, double precision, double overUnion) {}

    private record Indexed(long chunks, long bytes) {}

    private record Strategy(String name, Chunking chunking) {}

    private static List<Strategy> strategies() {
        var strategies = new ArrayList<Strategy>();
        for (var size : List.of(128, 160, 192, 256)) {
            strategies.add(new Strategy(
                    "headings %d/%d".formatted(size, size / 8),
                    new Chunking.ByHeadings(size, size / 8, "{title} > {headings}")));
            strategies.add(new Strategy("recursive " + size, new Chunking.Recursive(size, "{title}")));
            strategies.add(
                    new Strategy("sentences %d/1".formatted(size), new Chunking.BySentences(size, 1, "{title}")));
            strategies.add(new Strategy(
                    "tokens %d/%d".formatted(size, size / 8), new Chunking.ByTokens(size, size / 8, "{title}")));
        }
        for (var sizes : List.of(List.of(160, 80), List.of(256, 64), List.of(256, 128), List.of(512, 128))) {
            strategies.add(new Strategy(
                    "hierarchical %d/%d".formatted(sizes.getFirst(), sizes.getLast()),
                    new Chunking.Hierarchical(sizes.getFirst(), sizes.getLast(), "{title} > {headings}")));
        }
        for (var size : List.of(128, 160, 192, 256)) {
            strategies.add(new Strategy("semantic " + size, new Chunking.Semantic(size, size / 4, 95, "{title}")));
        }
        strategies.add(new Strategy("semantic 160, percentile 80", new Chunking.Semantic(160, 40, 80, "{title}")));
        strategies.add(new Strategy("code 160", new Chunking.ByCode(160, "{title} > {headings}")));
        strategies.add(new Strategy("whole", new Chunking.Whole("{title}")));
        return strategies.stream()
                .filter(strategy -> strategy.name().matches(System.getProperty("concordance.strategies", ".*")))
                .toList();
    }

    @Test
    void findsWhatAnswers(@TempDir Path folder) throws Exception {
        var data = Path.of(System.getProperty("concordance.data"), "chunking_evaluation");
        try (var node =
                ElasticsearchProcess.start(ElasticsearchProcess.Options.forMeasurement(folder.resolve("node")))) {
            var strategies = strategies();
            var routes = new ArrayList<RoutingTable.Route>();
            var indexed = new ArrayList<Indexed>();
            for (var i = 0; i < strategies.size(); i++) {
                indexed.add(index(
                        corpus(node, data, folder, "s" + i), strategies.get(i).chunking()));
                routes.add(route(node, "s" + i));
            }
            try (var server = ServerProcess.startAsInItsImage(
                    folder.resolve("server"),
                    Guides.anonymous(Guides.limits(), routes.toArray(RoutingTable.Route[]::new)),
                    List.of())) {
                System.out.println("| strategy | chunks | index | recall | precision | IoU |");
                for (var i = 0; i < strategies.size(); i++) {
                    var figures = ask(server, "s" + i, data);
                    System.out.printf(
                            "| `%s` | %d | %.1f MB | %.1f | %.1f | %.1f |%n",
                            strategies.get(i).name(),
                            indexed.get(i).chunks(),
                            indexed.get(i).bytes() / 1e6,
                            figures.recall,
                            figures.precision,
                            figures.overUnion);
                    assertThat(figures.recall).isGreaterThan(50);
                }
            }
        }
    }

    private static Corpora corpus(ElasticsearchProcess node, Path data, Path folder, String name) {
        return new Corpora(
                node.url(),
                MODEL,
                Corpora.volume("files", null),
                data.resolve("corpora"),
                folder.resolve("work"),
                names(name));
    }

    private static Indexed index(Corpora corpus, Chunking chunking) {
        var manifest = new GenerationManifest(1, GenerationManifest.PIPELINE, chunking, MODEL.manifest(), 1, List.of());
        corpus.create(manifest);
        var given = corpus.specification("r1", manifest, List.of(), List.of(corpus.source()));
        var counts = corpus.run(new RunSpecification(
                given.run(),
                given.mode(),
                given.names(),
                given.manifest(),
                given.reuseGenerations(),
                given.sources(),
                given.elasticsearch(),
                LIMITS,
                given.deletionGuard()));
        assertThat(counts.quarantined()).isZero();
        var add = "{\"actions\":[{\"add\":{\"index\":\"%s\",\"alias\":\"%s\"}}]}"
                .formatted(corpus.names().generation(1), corpus.names().alias());
        try (var connection = corpus.connection()) {
            connection.send("POST", "/_aliases", add.getBytes(StandardCharsets.UTF_8));
            var index = "/" + corpus.names().generation(1);
            connection.send("POST", index + "/_forcemerge?max_num_segments=1&flush=true", null);
            var bytes = connection.send("GET", index + "/_segments", null).json().findValues("size_in_bytes").stream()
                    .mapToLong(JsonNode::asLong)
                    .sum();
            return new Indexed(counts.chunksWritten(), bytes);
        }
    }

    private static IndexNames names(String name) {
        return new IndexNames("cc", "bench", name);
    }

    private static RoutingTable.Route route(ElasticsearchProcess node, String name) {
        return new RoutingTable.Route(
                "bench",
                name,
                names(name).alias(),
                new ElasticsearchAccess(List.of(node.url().toString()), null, null),
                List.of(MODEL.manifest()),
                List.of(),
                new RoutingTable.Retrieval(RoutingTable.Mode.hybrid, RoutingTable.Fusion.weighted, 0.5, 0.5, 60));
    }

    private static Figures ask(ServerProcess server, String corpus, Path data) throws Exception {
        var questions = Files.readAllLines(data.resolve("questions.jsonl"));
        var sums = new double[3];
        for (var line : questions) {
            var question = ManifestJson.mapper().readTree(line);
            var body = ManifestJson.mapper().createObjectNode();
            body.put("query", question.path("text").asText()).put("k", SHOWN);
            var answer = server.search("bench", corpus, body.toString(), null);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body().path("degraded")).isEmpty();
            var figures = compare(question, answer.body().path("hits"));
            sums[0] += figures.recall;
            sums[1] += figures.precision;
            sums[2] += figures.overUnion;
        }
        var each = 100.0 / questions.size();
        return new Figures(sums[0] * each, sums[1] * each, sums[2] * each);
    }

    private static Figures compare(JsonNode question, JsonNode hits) {
        var excerpts = new ArrayList<Excerpt>();
        for (var excerpt : question.path("references")) {
            excerpts.add(new Excerpt(
                    question.path("corpus_id").asText() + ".md",
                    excerpt.path("start_index").asInt(),
                    excerpt.path("end_index").asInt()));
        }
        var passages = new ArrayList<Excerpt>();
        for (var hit : hits) {
            passages.add(new Excerpt(
                    hit.path("documentId").asText(),
                    hit.path("span").path("start").asInt(),
                    hit.path("span").path("end").asInt()));
        }
        return new Figures(
                new Measure(Kind.CHUNK_RECALL, SHOWN).of(passages, excerpts),
                new Measure(Kind.CHUNK_PRECISION, SHOWN).of(passages, excerpts),
                new Measure(Kind.CHUNK_IOU, SHOWN).of(passages, excerpts));
    }
}
