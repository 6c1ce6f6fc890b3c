package dev.concordance.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.embedding.Embedder;
import dev.concordance.embedding.ModelFiles;
import dev.concordance.embedding.OnnxEmbedder;
import dev.concordance.evaluation.compare.Gate;
import dev.concordance.evaluation.measure.Measure;
import dev.concordance.evaluation.report.EvaluationReport;
import dev.concordance.evaluation.report.EvaluationReport.Estimate;
import dev.concordance.manifest.BundledModel;
import dev.concordance.manifest.RoutingTable.Route;
import dev.concordance.testing.BeirCorpus;
import dev.concordance.testing.Guides;
import dev.concordance.testing.ServerProcess;
import dev.concordance.testing.SharedNode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verb over the HTTP API: on a corpus of its own, and on a part of real ones where there is a folder of them. */
class EvaluateIT {
    private static final int QUERIES = 25;
    private static final int DOCUMENTS = 150;
    private static Embedder model;

    @TempDir
    private Path folder;

    @BeforeAll
    static void open() {
        model = OnnxEmbedder.open(BundledModel.BGE_SMALL_EN_V1_5_Q.manifest(), ModelFiles.bundledOnly());
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void measuresEachModeThroughTheApi() throws Exception {
        var small = small(folder.resolve("small"));
        var corpus = new BeirCorpus(SharedNode.url(), model, small, "small");
        assertThat(corpus.index(folder.resolve("work")).added()).isEqualTo(4);
        try (var server = start(corpus.route())) {
            var figures = Figures.of(server.url(), "small", small, "test");
            assertThat(figures.exit()).as(figures.printed()).isZero();
            assertThat(figures.printed()).startsWith("small test, 3 queries");
            assertThat(figures.of("semantic")).isEqualTo(1);
            assertThat(figures.of("hybrid")).isEqualTo(1);
            // One of the queries shares no word with the document that answers it.
            assertThat(figures.of("lexical")).isBetween(0.6, 0.9);
            assertThat(Figures.of(server.url(), "absent", small, "test").printed())
                    .contains("the query server answered 404");
        }
    }

    @Test
    void comparesWithAReportAndWritesPages() throws Exception {
        var corpus = new BeirCorpus(SharedNode.url(), model, small(folder.resolve("compared")), "compared");
        corpus.index(folder.resolve("work"));
        var queries = Files.writeString(folder.resolve("judged.jsonl"), """
                {"id": "1", "query": "angle of attack and lift", "relevant": {"wing": 1}, \
                "spans": [{"documentId": "wing", "start": 0, "end": 20}]}
                {"id": "2", "query": "<b>dough</b> rise", "relevant": {"bread": 1, "burnt": 1}}
                """);
        var existing = Files.writeString(folder.resolve("existing"), "wing\nbread\ncat\nbank\n");
        try (var server = start(corpus.route())) {
            var target = new Evaluation.Target(server.url(), "bench", "compared", null);
            var asked = new Evaluation.Queries(queries, "", 0, null, existing);
            var measures = Measure.parseAll("ndcg@10,bpref,chunk-recall@5");
            var json = printed(0, new Evaluation(target, asked, List.of("hybrid"), measures, false, 1, "json", null));
            var baseline = Files.writeString(folder.resolve("live.json"), json);
            var report = EvaluationReport.read(baseline);
            assertThat(report.generation()).isEqualTo(1);
            assertThat(report.set().goneIds()).containsExactly("burnt");
            assertThat(report.measures()).extracting(Estimate::mean).containsExactly(1.0, 1.0, 1.0);
            var comparison = new Evaluation.Comparison(baseline, new Gate(measures.getFirst(), 0.01, null, 0.95));
            assertThat(printed(
                            3,
                            new Evaluation(target, asked, List.of("hybrid"), measures, false, 1, "table", comparison)))
                    .contains("INCONCLUSIVE: ndcg@10 drops by 0.0000", "1 judged documents are gone");
            assertThat(printed(
                            3,
                            new Evaluation(target, asked, List.of("hybrid"), measures, false, 1, "html", comparison)))
                    .contains("&lt;b&gt;dough", "0 queries are worse, 0 better, 2 equal");
        }
    }

    private static String printed(int exit, Evaluation evaluation) {
        var out = new ByteArrayOutputStream();
        assertThat(EvaluateCommand.run(evaluation, new PrintStream(out, true, StandardCharsets.UTF_8)))
                .isEqualTo(exit);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void measuresNothingThatIsDegraded() throws Exception {
        var small = small(folder.resolve("small"));
        var corpus = new BeirCorpus(SharedNode.url(), model, small, "degraded");
        corpus.index(folder.resolve("work"));
        var route = corpus.route();
        try (var server = start(new Route(
                route.namespace(),
                route.corpus(),
                route.alias(),
                route.elasticsearch(),
                List.of(BundledModel.ALL_MINILM_L6_V2_Q.manifest()),
                route.metadata(),
                route.retrieval()))) {
            var figures = Figures.of(server.url(), "degraded", small, "test");
            assertThat(figures.exit()).isEqualTo(1);
            assertThat(figures.printed()).contains("model-mismatch");
        }
    }

    @Test
    void ranksBetterThanWordsAloneOnPartsOfRealCorpora() throws Exception {
        var data = System.getProperty("concordance.data", "");
        for (var name : data.isEmpty() ? List.<String>of() : List.of("scifact", "cranfield")) {
            var judgments = name.equals("scifact") ? "train" : "test";
            var part = BeirCorpus.part(Path.of(data, name), judgments, folder.resolve(name), QUERIES, DOCUMENTS);
            var corpus = new BeirCorpus(SharedNode.url(), model, part, "part-" + name);
            corpus.index(folder.resolve("work-" + name));
            try (var server = start(corpus.route())) {
                var figures = Figures.of(server.url(), "part-" + name, part, judgments);
                assertThat(figures.exit()).as(figures.printed()).isZero();
                assertThat(figures.of("lexical")).as(figures.printed()).isGreaterThan(0.6);
                assertThat(figures.of("hybrid")).as(figures.printed()).isGreaterThan(figures.of("lexical"));
            }
        }
    }

    private ServerProcess start(Route route) throws Exception {
        return ServerProcess.start(
                Files.createTempDirectory(folder, "server"), Guides.anonymous(Guides.limits(), route), List.of());
    }

    private static Path small(Path folder) throws Exception {
        Files.createDirectories(folder.resolve("qrels"));
        Files.writeString(folder.resolve("corpus.jsonl"), """
                {"_id": "wing", "title": "Lift of a wing", "text": "The lift of a wing grows with the angle of attack."}
                {"_id": "bread", "title": "Baking bread", "text": "Knead the dough, and let it rise before you bake it."}
                {"_id": "cat", "title": "Kittens", "text": "A kitten sleeps for most of the day."}
                {"_id": "bank", "title": "Interest", "text": "The bank pays interest on savings each year."}
                """);
        Files.writeString(folder.resolve("queries.jsonl"), """
                {"_id": "1", "text": "angle of attack and lift"}
                {"_id": "2", "text": "how long should dough rise"}
                {"_id": "3", "text": "feline pets napping"}
                """);
        Files.writeString(
                folder.resolve("qrels/test.tsv"), "query-id\tcorpus-id\tscore\n1\twing\t1\n2\tbread\t1\n3\tcat\t1\n");
        return folder;
    }
}
