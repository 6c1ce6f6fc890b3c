package dev.concordance.server;

import dev.concordance.evaluation.Evaluation;
import dev.concordance.evaluation.Evaluation.Comparison;
import dev.concordance.evaluation.Evaluation.Queries;
import dev.concordance.evaluation.Evaluation.Target;
import dev.concordance.evaluation.compare.Gate;
import dev.concordance.evaluation.measure.Measure;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The arguments of the verb {@code evaluate}; see docs/evaluation.md. */
final class EvaluateArguments {
    private EvaluateArguments() {}

    /** Throws IllegalArgumentException that says what is wrong. */
    static Evaluation parse(Arguments arguments) throws IOException {
        var token = arguments.value("token-file", "");
        var target = new Target(
                URI.create(arguments.value("url")),
                arguments.value("namespace"),
                arguments.value("corpus"),
                token.isEmpty() ? null : Files.readString(Path.of(token)).strip());
        var measures = Measure.parseAll(arguments.value("measures", "ndcg@10,mrr@10,recall@100"));
        var output = arguments.value("output", "table");
        var several = output.equals("table") && arguments.value("compare", "").isEmpty();
        var modes = several ? "lexical,semantic,hybrid" : "hybrid";
        return new Evaluation(
                target,
                queries(arguments),
                List.of(arguments.value("modes", modes).split(",", -1)),
                measures,
                Boolean.parseBoolean(arguments.value("condensed", "false")),
                Long.parseLong(arguments.value("seed", "1")),
                output,
                comparison(arguments, measures.getFirst()));
    }

    /** A folder by {@code --data}, or a file by {@code --queries}, which with a folder says how many. */
    private static Queries queries(Arguments arguments) {
        var existing = optional(arguments, "existing", Path::of);
        if (arguments.value("data", "").isEmpty()
                && !arguments.value("queries", "").isEmpty()) {
            return new Queries(
                    arguments.path("queries"),
                    arguments.value("split", ""),
                    Integer.parseInt(arguments.value("at-most", "0")),
                    optional(arguments, "sha256", text -> text),
                    existing);
        }
        return new Queries(
                arguments.path("data"),
                arguments.value("judgments", "test"),
                Integer.parseInt(arguments.value("queries", arguments.value("at-most", "0"))),
                null,
                existing);
    }

    private static @Nullable Comparison comparison(Arguments arguments, Measure first) {
        var baseline = optional(arguments, "compare", Path::of);
        if (baseline == null) {
            return null;
        }
        var minValue = optional(arguments, "min-value", Double::valueOf);
        var maxDrop = optional(arguments, "max-drop", Double::valueOf);
        return new Comparison(
                baseline,
                new Gate(
                        Measure.parse(arguments.value("metric", first.toString())),
                        maxDrop == null && minValue == null ? Double.valueOf(0.01) : maxDrop,
                        minValue,
                        Double.parseDouble(arguments.value("confidence", "0.95"))));
    }

    private static <T> @Nullable T optional(Arguments arguments, String name, Function<String, T> read) {
        var value = arguments.value(name, "");
        return value.isEmpty() ? null : read.apply(value);
    }
}
