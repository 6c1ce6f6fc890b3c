package dev.concordance.evaluation;

import dev.concordance.evaluation.compare.Gate;
import dev.concordance.evaluation.measure.Measure;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is evaluated, and how.
 *
 * @param modes of the search API
 * @param output {@code table}, {@code csv}, {@code html} or {@code json}; all but the table are of one mode
 * @param comparison null: with nothing
 */
public record Evaluation(
        Target target,
        Queries queries,
        List<String> modes,
        List<Measure> measures,
        boolean condensed,
        long seed,
        String output,
        @Nullable Comparison comparison) {
    public Evaluation {
        modes = List.copyOf(modes);
        measures = List.copyOf(measures);
        if (!List.of("table", "csv", "html", "json").contains(output)) {
            throw new IllegalArgumentException("there is no output " + output + ": there are table, csv, html, json");
        }
        if (modes.size() > 1 && (comparison != null || !output.equals("table"))) {
            throw new IllegalArgumentException("this is of one mode: name it by --modes, such as --modes hybrid");
        }
        if (comparison != null && !measures.contains(comparison.gate().metric())) {
            throw new IllegalArgumentException("--metric %s is not among the --measures"
                    .formatted(comparison.gate().metric()));
        }
    }

    /**
     * Who is asked.
     *
     * @param token null: none is sent
     */
    public record Target(
            URI server,
            String namespace,
            String corpus,
            @Nullable String token) {}

    /**
     * What is asked.
     *
     * @param file a folder in BEIR's layout, or a file of judged queries
     * @param judgments for a folder: name of a file in {@code qrels}, without its ending; for a file the split, or empty for all
     * @param atMost so many queries, evenly spread over the file; 0: all
     * @param sha256 that the file has to have; null: any
     * @param existing a file of the ids of all documents of the index, one a line; null: all are taken to be there
     */
    public record Queries(
            Path file,
            String judgments,
            int atMost,
            @Nullable String sha256,
            @Nullable Path existing) {}

    /**
     * With what, and how bad it may be.
     *
     * @param baseline a report in JSON
     */
    public record Comparison(Path baseline, Gate gate) {}
}
