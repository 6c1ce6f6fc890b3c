package dev.concordance.evaluation;

import dev.concordance.evaluation.JudgedQueries.Judged;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** The verb {@code evaluate}: asks the judged queries of a folder and prints how good the answers are, a line a mode. */
public final class EvaluateCommand {
    private static final int SUCCEEDED = 0;
    private static final int FAILED = 1;
    private static final int AT_ONCE = 4;

    private EvaluateCommand() {}

    /**
     * What is evaluated.
     *
     * @param folder in BEIR's layout
     * @param judgments name of a file in {@code qrels}, without its ending
     * @param modes of the search API
     * @param atMost so many queries, evenly spread over the file; 0: all
     * @param token null: none is sent
     */
    public record Evaluation(
            URI server,
            String namespace,
            String corpus,
            Path folder,
            String judgments,
            List<String> modes,
            int atMost,
            @Nullable String token) {
        public Evaluation {
            modes = List.copyOf(modes);
        }
    }

    /**
     * Evaluates.
     *
     * @return the exit code
     */
    public static int run(Evaluation evaluation, PrintStream out) {
        try (var client = new SearchClient(
                evaluation.server(), evaluation.namespace(), evaluation.corpus(), evaluation.token())) {
            var queries = spread(JudgedQueries.read(evaluation.folder(), evaluation.judgments()), evaluation.atMost());
            out.printf(
                    "%s %s, %d queries%n", evaluation.folder().getFileName(), evaluation.judgments(), queries.size());
            out.printf("%-10s %8s %8s %10s%n", "mode", "nDCG@10", "MRR@10", "recall@100");
            for (var mode : evaluation.modes()) {
                var mean = measure(client, queries, mode);
                out.printf(Locale.ROOT, "%-10s %8.4f %8.4f %10.4f%n", mode, mean.ndcg(), mean.mrr(), mean.recall());
            }
            return SUCCEEDED;
        } catch (EvaluationException | IllegalArgumentException e) {
            out.println(e.getMessage());
            return FAILED;
        }
    }

    static Measures measure(SearchClient client, List<Judged> queries, String mode) {
        try (var threads = Executors.newFixedThreadPool(AT_ONCE)) {
            var asked = new ArrayList<Future<Measures>>();
            for (var query : queries) {
                asked.add(threads.submit(
                        () -> Measures.of(client.documents(query.text(), mode, Measures.FAR), query.grades())));
            }
            var measured = new ArrayList<Measures>();
            for (var one : asked) {
                measured.add(one.get());
            }
            return Measures.mean(measured);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof EvaluationException failure
                    ? failure
                    : new IllegalStateException("asking a query server", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EvaluationException("interrupted");
        }
    }

    private static List<Judged> spread(List<Judged> queries, int atMost) {
        if (atMost == 0 || atMost >= queries.size()) {
            return queries;
        }
        var chosen = new ArrayList<Judged>();
        for (var i = 0; i < atMost; i++) {
            chosen.add(queries.get((int) ((long) i * queries.size() / atMost)));
        }
        return chosen;
    }
}
