package dev.concordance.operator.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.Privacy.Kind;
import dev.concordance.manifest.RunMode;
import dev.concordance.manifest.RunReport;
import dev.concordance.manifest.RunReport.Counts;
import dev.concordance.manifest.RunReport.Failure;
import dev.concordance.manifest.RunReport.Phase;
import dev.concordance.manifest.Spending.Amount;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ShardReportsTest {
    private static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");

    @Test
    void addsUpWhatTheShardsAreDoing() {
        var first = report(
                0, Phase.Indexing, new Counts(10, 0, 4, 1, 0, 0, 0, 5, 9, 7, 2, 0, Map.of(Kind.Email, 1L)), null);
        var second =
                report(1, Phase.Listing, new Counts(6, 0, 2, 0, 0, 1, 0, 3, 3, 3, 0, 0, Map.of(Kind.Email, 2L)), null);
        var together = ShardReports.together(List.of(first, second)).orElseThrow();
        assertThat(together.phase()).isEqualTo(Phase.Indexing);
        assertThat(together.counts())
                .isEqualTo(new Counts(16, 0, 6, 1, 0, 1, 0, 8, 12, 10, 2, 0, Map.of(Kind.Email, 3L)));
        assertThat(together.startedAt()).isEqualTo(NOON);
        assertThat(together.updatedAt()).isEqualTo(NOON.plusSeconds(11));
        assertThat(together.spent()).isEqualTo(new Amount(2, 200, "0.3", "EUR"));
        assertThat(ShardReports.together(List.of())).isEmpty();
    }

    @Test
    void tellsOfAShardThatFailed() {
        var failure = new Failure(FailureReason.SourceUnreachable, "no answer", true);
        var shards =
                List.of(report(0, Phase.Indexing, Counts.NONE, null), report(1, Phase.Failed, Counts.NONE, failure));
        assertThat(ShardReports.together(shards).orElseThrow().failure()).isEqualTo(failure);
    }

    @Test
    void countsForTheRunWhatWasDoneBeforeIt() {
        var shard = report(0, Phase.Succeeded, new Counts(5, 0, 4, 1, 0, 0, 0, 0, 9, 7, 2, 0, Map.of()), null);
        var run = report(0, Phase.Succeeded, new Counts(12, 8, 1, 0, 3, 2, 1, 0, 4, 3, 1, 1, Map.of()), null);
        var counts = ShardReports.after(run, List.of(shard)).counts();
        assertThat(counts).isEqualTo(new Counts(12, 3, 5, 1, 3, 2, 1, 0, 13, 10, 3, 1, Map.of()));
        assertThat(counts.unchanged() + counts.added() + counts.updated() + counts.quarantined() + counts.skipped())
                .isEqualTo(counts.listed());
        assertThat(ShardReports.after(run, List.of())).isEqualTo(run);
    }

    private static RunReport report(int second, Phase phase, Counts counts, @Nullable Failure failure) {
        return new RunReport(
                "handbook-3",
                2,
                RunMode.Build,
                phase,
                7,
                NOON.plusSeconds(second),
                NOON.plusSeconds(10 + second),
                null,
                null,
                counts,
                new Amount(1, 100, "0.15", "EUR"),
                Map.of(),
                null,
                List.of(),
                failure);
    }
}
