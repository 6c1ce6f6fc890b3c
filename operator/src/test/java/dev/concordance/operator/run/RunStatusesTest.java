package dev.concordance.operator.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.api.v1alpha1.IngestionRunStatus;
import dev.concordance.manifest.RunMode;
import dev.concordance.manifest.RunReport;
import dev.concordance.manifest.Spending.Amount;
import dev.concordance.operator.corpus.RunPhase;
import dev.concordance.operator.run.RunObservation.Launch;
import dev.concordance.operator.run.RunObservation.Obstacle;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the status of a run says that it has cost. */
final class RunStatusesTest {
    private static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");

    @Test
    void tellsWhatARunHasSpent() {
        assertThat(status(Optional.empty(), report(new Amount(12, 3_456, "0.06912", "EUR")))
                        .cost())
                .isEqualTo(new IngestionRunStatus.Cost(12L, 3_456L, "0.06912", "EUR"));
    }

    @Test
    void tellsNoMoneyWhereNoPriceIsDeclaredAndNothingWhereTheModelIsNotRemote() {
        assertThat(status(Optional.empty(), report(new Amount(12, 3_456, "0", null)))
                        .cost())
                .isEqualTo(new IngestionRunStatus.Cost(12L, 3_456L, null, null));
        assertThat(status(Optional.empty(), report(null)).cost()).isNull();
    }

    @Test
    void keepsWhatWasToldWhileTheLedgerTellsNothing() {
        var before = status(Optional.empty(), report(new Amount(12, 3_456, "0.06912", "EUR")));
        assertThat(status(Optional.of(before), Optional.empty()).cost()).isEqualTo(before.cost());
    }

    private static IngestionRunStatus status(Optional<IngestionRunStatus> before, Optional<RunReport> report) {
        var seen = new RunObservation(
                "handbook-3",
                RunPhase.Indexing,
                RunMode.Incremental,
                Optional.empty(),
                new Launch.Blocked(Obstacle.of(RunReason.Settled)),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                report,
                Optional.empty(),
                NOON);
        var plan = new RunPlan(List.of(), RunPhase.Indexing, "Indexing", "going", false, Optional.empty());
        return RunStatuses.status(1L, before, seen, plan, List.of());
    }

    private static Optional<RunReport> report(@Nullable Amount spent) {
        return Optional.of(new RunReport(
                "handbook-3",
                2,
                RunMode.Incremental,
                RunReport.Phase.Indexing,
                7,
                NOON,
                NOON,
                null,
                null,
                RunReport.Counts.NONE,
                spent,
                Map.of(),
                null,
                List.of(),
                null));
    }
}
