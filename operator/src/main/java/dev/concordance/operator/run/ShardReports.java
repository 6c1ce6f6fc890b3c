package dev.concordance.operator.run;

import dev.concordance.manifest.Privacy;
import dev.concordance.manifest.RunReport;
import dev.concordance.manifest.RunReport.Counts;
import dev.concordance.manifest.RunReport.Phase;
import dev.concordance.manifest.Spending.Amount;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** What the workers of shards have told, as the report of the run that they prepare. */
final class ShardReports {
    private static final int SAMPLE = 20;

    private ShardReports() {}

    /** The report of a run that is being prepared; empty: nobody has told anything yet. */
    static Optional<RunReport> together(List<RunReport> shards) {
        return shards.stream()
                .map(RunReport::startedAt)
                .min(Comparator.naturalOrder())
                .map(start -> sum(shards, start));
    }

    private static RunReport sum(List<RunReport> shards, Instant startedAt) {
        var any = shards.getFirst();
        var failed =
                shards.stream().map(RunReport::failure).filter(Objects::nonNull).findFirst();
        var isListed = shards.stream().anyMatch(shard -> shard.phase() != Phase.Listing);
        return new RunReport(
                any.run(),
                any.generation(),
                any.mode(),
                isListed ? Phase.Indexing : Phase.Listing,
                shards.stream().mapToLong(RunReport::epoch).max().orElse(0),
                startedAt,
                shards.stream()
                        .map(RunReport::updatedAt)
                        .max(Comparator.naturalOrder())
                        .orElse(startedAt),
                null,
                null,
                shards.stream().map(RunReport::counts).reduce(Counts.NONE, ShardReports::plus),
                spent(shards),
                Map.of(),
                null,
                shards.stream()
                        .flatMap(shard -> shard.quarantined().stream())
                        .limit(SAMPLE)
                        .toList(),
                failed.orElse(null));
    }

    /** The report of a run with what was done before it in its name: what it found done already, the workers of shards did. */
    static RunReport after(RunReport run, List<RunReport> shards) {
        if (shards.isEmpty()) {
            return run;
        }
        var before = shards.stream().map(RunReport::counts).reduce(Counts.NONE, ShardReports::plus);
        var own = run.counts();
        var sum = plus(own, before);
        var counts = new Counts(
                own.listed(),
                Math.max(0, own.unchanged() - before.added() - before.updated()),
                sum.added(),
                sum.updated(),
                own.deleted(),
                own.quarantined(),
                own.skipped(),
                own.pending(),
                sum.chunksWritten(),
                sum.embedded(),
                sum.reused(),
                own.pendingEmbeddings(),
                sum.findings());
        var spent = spent(shards);
        return new RunReport(
                run.run(),
                run.generation(),
                run.mode(),
                run.phase(),
                run.epoch(),
                run.startedAt(),
                run.updatedAt(),
                run.finishedAt(),
                run.freshAsOf(),
                counts,
                run.spent() == null || spent == null ? run.spent() : run.spent().plus(spent),
                run.positions(),
                run.drift(),
                run.quarantined(),
                run.failure());
    }

    private static @Nullable Amount spent(List<RunReport> shards) {
        return shards.stream()
                .map(RunReport::spent)
                .filter(Objects::nonNull)
                .reduce(Amount::plus)
                .orElse(null);
    }

    private static Counts plus(Counts one, Counts other) {
        ToLongFunction<ToLongFunction<Counts>> sum = field -> field.applyAsLong(one) + field.applyAsLong(other);
        var findings = new EnumMap<Privacy.Kind, Long>(Privacy.Kind.class);
        findings.putAll(one.findings());
        other.findings().forEach((kind, count) -> findings.merge(kind, count, Long::sum));
        return new Counts(
                sum.applyAsLong(Counts::listed),
                sum.applyAsLong(Counts::unchanged),
                sum.applyAsLong(Counts::added),
                sum.applyAsLong(Counts::updated),
                sum.applyAsLong(Counts::deleted),
                sum.applyAsLong(Counts::quarantined),
                sum.applyAsLong(Counts::skipped),
                sum.applyAsLong(Counts::pending),
                sum.applyAsLong(Counts::chunksWritten),
                sum.applyAsLong(Counts::embedded),
                sum.applyAsLong(Counts::reused),
                sum.applyAsLong(Counts::pendingEmbeddings),
                findings);
    }
}
