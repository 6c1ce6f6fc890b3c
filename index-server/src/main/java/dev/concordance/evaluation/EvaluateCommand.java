package dev.concordance.evaluation;

import dev.concordance.evaluation.Evaluation.Queries;
import dev.concordance.evaluation.compare.Pair;
import dev.concordance.evaluation.compare.Resampling;
import dev.concordance.evaluation.compare.Verdict;
import dev.concordance.evaluation.judged.JudgedSet;
import dev.concordance.evaluation.report.EvaluationReport;
import dev.concordance.evaluation.report.ReportHtml;
import dev.concordance.evaluation.report.ReportText;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.List;

/** The verb {@code evaluate}: asks judged queries and prints how good the answers are. */
public final class EvaluateCommand {
    private static final int SUCCEEDED = 0;
    private static final int FAILED = 1;
    private static final int WORSE = 2;
    private static final int NOT_TOLD = 3;

    private EvaluateCommand() {}

    /**
     * Evaluates.
     *
     * @return the exit code: 0, or of a comparison 2 where the verdict is Fail and 3 where it is Inconclusive; 1 if nothing was measured
     */
    public static int run(Evaluation evaluation, PrintStream out) {
        var target = evaluation.target();
        try (var client = new SearchClient(target.server(), target.namespace(), target.corpus(), target.token())) {
            var comparison = evaluation.comparison();
            // Read first: what can't be read should not be known after all queries only.
            var baseline = comparison == null ? null : EvaluationReport.read(comparison.baseline());
            var set = set(evaluation.queries());
            var evaluator = new Evaluator(
                    client, target.corpus(), evaluation.measures(), evaluation.condensed(), evaluation.seed());
            var reports = evaluation.modes().stream()
                    .map(mode -> evaluator.evaluate(set, mode))
                    .toList();
            if (comparison == null || baseline == null) {
                print(evaluation, set, reports, List.of(), out);
                return SUCCEEDED;
            }
            var gate = comparison.gate();
            var pairs = reports.getFirst().pairs(baseline, gate.metric());
            var verdict = gate.judge(pairs, new Resampling(evaluation.seed()));
            print(evaluation, set, List.of(reports.getFirst().judged(verdict)), pairs, out);
            return exitCode(verdict);
        } catch (EvaluationException | IllegalArgumentException e) {
            out.println(e.getMessage());
            return FAILED;
        }
    }

    private static int exitCode(Verdict verdict) {
        return switch (verdict.outcome()) {
            case PASS -> SUCCEEDED;
            case FAIL -> WORSE;
            case INCONCLUSIVE -> NOT_TOLD;
        };
    }

    private static void print(
            Evaluation evaluation, JudgedSet set, List<EvaluationReport> reports, List<Pair> pairs, PrintStream out) {
        var first = reports.getFirst();
        switch (evaluation.output()) {
            case "json" -> out.println(first.json());
            case "csv" -> out.print(ReportText.csv(first));
            case "html" -> out.print(ReportHtml.of(first, pairs));
            default -> {
                out.printf(
                        "%s %s, %d queries%n",
                        set.name(),
                        evaluation.queries().judgments(),
                        set.queries().size());
                out.print(ReportText.table(reports));
                reports.forEach(report -> out.print(ReportText.remarks(report)));
                var verdict = first.verdict();
                if (verdict != null) {
                    out.print(ReportText.verdict(verdict));
                }
            }
        }
    }

    private static JudgedSet set(Queries queries) {
        var set = read(queries);
        var existing = queries.existing();
        if (existing != null) {
            try (var lines = Files.lines(existing)) {
                set = set.existing(new HashSet<>(lines.map(String::strip).toList()));
            } catch (IOException | UncheckedIOException e) {
                throw new IllegalArgumentException(existing + " can't be read as text: " + e.getMessage(), e);
            }
        }
        return queries.atMost() == 0 ? set : set.spread(queries.atMost());
    }

    private static JudgedSet read(Queries queries) {
        if (Files.isDirectory(queries.file())) {
            return JudgedSet.ofBeir(queries.file(), queries.judgments(), JudgedSet.Limits.DEFAULT);
        }
        var sha256 = queries.sha256();
        if (sha256 != null) {
            JudgedSet.verify(queries.file(), sha256);
        }
        var set = JudgedSet.ofJsonl(queries.file(), JudgedSet.Limits.DEFAULT);
        return queries.judgments().isEmpty() ? set : set.split(queries.judgments());
    }
}
