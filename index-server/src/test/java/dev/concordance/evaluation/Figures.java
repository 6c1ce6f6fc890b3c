package dev.concordance.evaluation;

import dev.concordance.evaluation.Evaluation.Queries;
import dev.concordance.evaluation.Evaluation.Target;
import dev.concordance.evaluation.measure.Measure;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the verb {@code evaluate} prints, with nDCG@10 by mode. */
record Figures(int exit, String printed, Map<String, Double> ndcg) {
    static Figures of(URI server, String corpus, Path folder, String judgments) {
        var out = new ByteArrayOutputStream();
        var exit = EvaluateCommand.run(
                new Evaluation(
                        new Target(server, "bench", corpus, null),
                        new Queries(folder, judgments, 0, null, null),
                        List.of("lexical", "semantic", "hybrid"),
                        Measure.parseAll("ndcg@10,mrr@10,recall@100"),
                        false,
                        1,
                        "table",
                        null),
                new PrintStream(out, true, StandardCharsets.UTF_8));
        var printed = out.toString(StandardCharsets.UTF_8);
        var ndcg = new TreeMap<String, Double>();
        printed.lines().forEach(line -> {
            var columns = line.strip().split("\\s+", -1);
            if (columns.length == 4 && columns[1].startsWith("0.")
                    || columns.length == 4 && columns[1].startsWith("1.")) {
                ndcg.put(columns[0], Double.parseDouble(columns[1]));
            }
        });
        return new Figures(exit, printed, ndcg);
    }

    double of(String mode) {
        return ndcg.getOrDefault(mode, 0.0);
    }

    double betterLeg() {
        return Math.max(of("lexical"), of("semantic"));
    }
}
