package dev.concordance.testing;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.embedding.Embedder;
import dev.concordance.ingest.Ingestion;
import dev.concordance.ingest.StopSignal;
import dev.concordance.manifest.Chunking;
import dev.concordance.manifest.ElasticsearchAccess;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.GenerationMapping;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.RoutingTable;
import dev.concordance.manifest.RunMode;
import dev.concordance.manifest.RunReport.Counts;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.parse.Parser;
import dev.concordance.source.Reading;
import dev.concordance.source.Sources;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;

/** A folder in BEIR's layout as a corpus with the settings that hold where nothing is declared. */
public record BeirCorpus(URI elasticsearch, Embedder model, Path folder, String name) {
    private static final Chunking CHUNKING = new Chunking.ByHeadings(256, 32, "{title} > {headings}");
    private static final int THREADS = Runtime.getRuntime().availableProcessors();

    /** Indexes all documents as generation 1 and points the alias there. */
    public Counts index(Path workspace) {
        var manifest = new GenerationManifest(1, GenerationManifest.PIPELINE, CHUNKING, model.manifest(), 1, List.of());
        var limits = new RunSpecification.Limits(10 << 20, 10_000, 50, THREADS);
        var source = new SourceManifest(
                "beir",
                new SourceManifest.Volume("data", ""),
                List.of("corpus.jsonl"),
                List.of(),
                null,
                new SourceManifest.JsonLines("_id", "title", "text", null, List.of()));
        var specification = new RunSpecification(
                "r1",
                RunMode.Build,
                names(),
                manifest,
                List.of(),
                List.of(source),
                access(),
                limits,
                Corpora.UNGUARDED);
        try (var connection = ElasticsearchConnection.open(access(), mount -> folder, Duration.ofSeconds(60))) {
            put(
                    connection,
                    names().generation(1),
                    GenerationMapping.chunks(manifest, 0).toString());
            put(
                    connection,
                    names().manifest(1),
                    GenerationMapping.manifest(manifest, 0).toString());
            put(connection, names().ledger(), GenerationMapping.ledger(0).toString());
            var counts = new Ingestion(
                            specification,
                            connection,
                            declared -> Sources.open(
                                    declared,
                                    new Reading(
                                            mount -> folder,
                                            workspace,
                                            limits.maxDocumentBytes(),
                                            Parser::isPassedOver)),
                            () -> new Borrowed(model),
                            workspace,
                            Clock.systemUTC(),
                            new StopSignal())
                    .run();
            var add = "{\"actions\":[{\"add\":{\"index\":\"%s\",\"alias\":\"%s\"}}]}"
                    .formatted(names().generation(1), names().alias());
            connection.send("POST", "/_aliases", add.getBytes(StandardCharsets.UTF_8));
            return counts;
        }
    }

    /** The route to it, with the retrieval that holds where nothing is declared. */
    public RoutingTable.Route route() {
        return new RoutingTable.Route(
                "bench",
                name,
                names().alias(),
                access(),
                List.of(model.manifest()),
                List.of(),
                new RoutingTable.Retrieval(RoutingTable.Mode.hybrid, RoutingTable.Fusion.weighted, 0.5, 0.5, 60));
    }

    /**
     * A smaller folder: some queries, spread over all, what is relevant to them, and other documents up to a number.
     *
     * @param judgments name of a file in {@code qrels}, without its ending
     */
    public static Path part(Path from, String judgments, Path to, int queries, int documents) throws IOException {
        Files.createDirectories(to.resolve("qrels"));
        var judged = Files.readAllLines(from.resolve("qrels/" + judgments + ".tsv"));
        var all = Files.readAllLines(from.resolve("queries.jsonl"));
        var step = Math.max(1, all.size() / queries);
        var chosen = java.util.stream.IntStream.range(0, all.size())
                .filter(i -> i % step == 0)
                .limit(queries)
                .mapToObj(all::get)
                .toList();
        var asked = new HashSet<String>();
        for (var query : chosen) {
            asked.add(id(query));
        }
        var kept = judged.stream()
                .filter(line -> asked.contains(line.split("\t", -1)[0]))
                .toList();
        var relevant = new HashSet<String>();
        kept.forEach(line -> relevant.add(line.split("\t", -1)[1]));
        var others = documents - relevant.size();
        try (var out = Files.newBufferedWriter(to.resolve("corpus.jsonl"))) {
            for (var line : Files.readAllLines(from.resolve("corpus.jsonl"))) {
                if (relevant.contains(id(line)) || others-- > 0) {
                    out.write(line + "\n");
                }
            }
        }
        Files.write(to.resolve("queries.jsonl"), chosen);
        Files.writeString(
                to.resolve("qrels/" + judgments + ".tsv"), judged.getFirst() + "\n" + String.join("\n", kept) + "\n");
        return to;
    }

    private static String id(String line) throws IOException {
        return new JsonMapper().readTree(line).path("_id").asText();
    }

    private IndexNames names() {
        return new IndexNames("cc", "bench", name);
    }

    private ElasticsearchAccess access() {
        return new ElasticsearchAccess(List.of(elasticsearch.toString()), null, null);
    }

    private static void put(ElasticsearchConnection connection, String index, String body) {
        var answer = connection.send("PUT", "/" + index, body.getBytes(StandardCharsets.UTF_8));
        if (answer.status() >= 300) {
            throw new IllegalStateException(index + " was not created: " + answer.status());
        }
    }
}
