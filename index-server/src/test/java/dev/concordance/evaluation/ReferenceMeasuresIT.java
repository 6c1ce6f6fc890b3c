package dev.concordance.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concordance.evaluation.judged.JudgedQuery;
import dev.concordance.evaluation.judged.JudgedSet;
import dev.concordance.evaluation.measure.Judgments;
import dev.concordance.evaluation.measure.Measure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The measures against trec_eval, by pytrec-eval-terrier: needs python3 with its module venv, and PyPI the first time. */
class ReferenceMeasuresIT {
    private static final Path PYTHON = Path.of("target/trec-eval/bin/python").toAbsolutePath();
    private static final List<Measure> MEASURES = Measure.parseAll(
            "ndcg,ndcg@1,ndcg@5,ndcg@10,ndcg@100,mrr,mrr@10,map,map@10,p@1,p@5,p@10,recall@5,recall@10,recall@100,hit@1,hit@5,bpref");
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path folder;

    private record Ranked(String id, List<String> ranking, Judgments judgments) {}

    @BeforeAll
    static void install() throws Exception {
        if (!Files.exists(PYTHON.resolveSibling("installed"))) {
            run("python3", "-m", "venv", "--clear", "target/trec-eval");
            run(
                    PYTHON.toString(),
                    "-m",
                    "pip",
                    "install",
                    "--quiet",
                    "--disable-pip-version-check",
                    "pytrec-eval-terrier==0.5.11",
                    "numpy==2.4.6",
                    "scipy==1.17.1");
            Files.createFile(PYTHON.resolveSibling("installed"));
        }
    }

    @Test
    void agreesOnDrawnRankings() throws Exception {
        var random = new Random(7);
        var queries = new ArrayList<Ranked>();
        for (var i = 0; i < 300; i++) {
            var grades = new HashMap<String, Integer>();
            grades.put("d" + random.nextInt(60), 1 + random.nextInt(3));
            for (var judged = 0; judged < random.nextInt(30); judged++) {
                grades.putIfAbsent("d" + random.nextInt(60), random.nextInt(4));
            }
            var ranking = new ArrayList<String>();
            for (var document = 0; document < 60; document++) {
                ranking.add("d" + document);
            }
            Collections.shuffle(ranking, random);
            queries.add(new Ranked("q" + i, ranking.subList(0, 1 + random.nextInt(60)), new Judgments(grades)));
        }
        compare(queries);
    }

    @ParameterizedTest
    @ValueSource(strings = {"scifact/train", "cranfield/test", "cranfield/test-graded", "squad2-dev-a/test"})
    void agreesOnJudgedCorpora(String name) throws Exception {
        var data = System.getProperty("concordance.data", "");
        if (!data.isEmpty()) {
            var parts = name.split("/", 2);
            var run = LexicalRun.over(Path.of(data, parts[0]));
            var set = JudgedSet.ofBeir(Path.of(data, parts[0]), parts[1], JudgedSet.Limits.DEFAULT);
            compare(set.queries().stream().map(query -> ranked(run, query)).toList());
        }
    }

    private static Ranked ranked(LexicalRun run, JudgedQuery query) {
        return new Ranked(query.id(), run.rank(query.text()), query.judgments());
    }

    private void compare(List<Ranked> queries) throws Exception {
        for (var condensed : List.of(false, true)) {
            var expected = reference(queries, condensed);
            for (var query : queries) {
                var ranking = condensed ? query.judgments().condense(query.ranking()) : query.ranking();
                for (var measure : MEASURES) {
                    assertThat(measure.of(ranking, query.judgments()))
                            .as("%s of %s%s", measure, query.id(), condensed ? ", condensed" : "")
                            .isCloseTo(
                                    expected.path(query.id())
                                            .path(measure.toString())
                                            .asDouble(),
                                    within(1e-4));
                }
            }
        }
    }

    private JsonNode reference(List<Ranked> queries, boolean condensed) throws Exception {
        var input = JSON.createObjectNode().put("condensed", condensed);
        MEASURES.forEach(measure -> input.withArray("measures").add(measure.toString()));
        for (var query : queries) {
            put(input.withObject("/qrels"), query.id(), query.judgments().grades());
            var scores = new HashMap<String, Integer>();
            query.ranking().forEach(document -> scores.put(document, -scores.size()));
            put(input.withObject("/run"), query.id(), scores);
        }
        var file = folder.resolve("input.json");
        JSON.writeValue(file.toFile(), input);
        var script = Path.of("src/test/python/trec_eval.py").toString();
        return JSON.readTree(run(PYTHON.toString(), script, file.toString()));
    }

    private static void put(ObjectNode into, String query, Map<String, Integer> values) {
        var object = into.putObject(query);
        values.forEach(object::put);
    }

    private static String run(String... command) throws Exception {
        var output = Files.createTempFile("reference", ".out");
        var exit = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start()
                .waitFor();
        var said = Files.readString(output);
        Files.delete(output);
        assertThat(exit).as(said).isZero();
        return said;
    }
}
