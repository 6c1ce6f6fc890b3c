package dev.concordance.operator.erasure;

import dev.concordance.api.v1alpha1.ErasureStatus;
import dev.concordance.api.v1alpha1.ErasureStatus.Pending;
import dev.concordance.manifest.ErasureReport;
import dev.concordance.operator.elastic.FormerVectors;
import dev.concordance.operator.elastic.SnapshotListing.HeldSnapshot;
import dev.concordance.operator.erasure.ErasureObservation.Stored;
import dev.concordance.operator.erasure.ErasurePlan.Phase;
import dev.concordance.operator.kube.Defaults;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Tells what is known of an Erasure as its status. What Elasticsearch doesn't say at the moment stays as it was told last. */
final class ErasureStatuses {
    private ErasureStatuses() {}

    static ErasureStatus of(
            Long generation,
            ErasureObservation seen,
            ErasurePlan plan,
            List<Pending> pending,
            List<Condition> conditions) {
        var before = seen.previous();
        var report = answered(seen).flatMap(Stored.Answered::report);
        var accepted = report.filter(told -> !told.refused());
        return new ErasureStatus(
                generation,
                plan.phase().name(),
                effectiveSince(seen, plan, accepted),
                report.map(ErasureReport::matched)
                        .or(() -> before.map(ErasureStatus::documents))
                        .orElse(plan.phase() == Phase.Verified ? 0L : null),
                keys(before.map(ErasureStatus::documentKeys), accepted),
                lastRun(seen, plan),
                accepted.map(ErasureReport::erasedAt)
                        .map(Receipt::seconds)
                        .or(() -> before.map(ErasureStatus::erasedAt))
                        .orElse(null),
                accepted.filter(told -> !told.indexes().isEmpty())
                        .flatMap(ErasureStatuses::verification)
                        .or(() -> before.map(ErasureStatus::verification))
                        .orElse(null),
                pending.isEmpty() ? null : pending,
                receipt(seen, plan, pending, accepted),
                conditions);
    }

    private static Optional<Stored.Answered> answered(ErasureObservation seen) {
        return seen.stored() instanceof Stored.Answered answered ? Optional.of(answered) : Optional.empty();
    }

    private static @Nullable String effectiveSince(
            ErasureObservation seen, ErasurePlan plan, Optional<ErasureReport> accepted) {
        var before = seen.previous().map(ErasureStatus::effectiveSince);
        return before.isPresent() || accepted.isEmpty() && plan.phase() != Phase.Verified
                ? before.orElse(null)
                : Receipt.seconds(seen.now());
    }

    /** What was erased once stays so, also if the ledger has lost what it said of it. */
    private static @Nullable List<String> keys(Optional<List<String>> before, Optional<ErasureReport> report) {
        if (before.isEmpty() && report.isEmpty()) {
            return null;
        }
        return Stream.concat(
                        before.stream().flatMap(List::stream), report.stream().flatMap(ErasureStatuses::keys))
                .distinct()
                .sorted()
                .toList();
    }

    private static Stream<String> keys(ErasureReport report) {
        var begun =
                report.pending() == null ? List.<String>of() : report.pending().keys();
        return Stream.concat(report.documents().stream().map(ErasureReport.Erased::key), begun.stream());
    }

    private static Optional<ErasureStatus.Verification> verification(ErasureReport report) {
        return Optional.ofNullable(report.search())
                .map(search -> new ErasureStatus.Verification(
                        Receipt.seconds(search.at()),
                        report.indexes().size(),
                        search.texts(),
                        search.vectors(),
                        search.sameText()));
    }

    private static ErasureStatus.@Nullable Run lastRun(ErasureObservation seen, ErasurePlan plan) {
        for (var step : plan.steps()) {
            if (step instanceof ErasureStep.StartRun(var name, var sequence)) {
                return new ErasureStatus.Run(name, sequence);
            }
        }
        var newest = seen.runs().stream()
                .filter(run -> run.sequence() == ErasurePlanner.lastSequence(seen))
                .findFirst();
        return newest.map(run -> new ErasureStatus.Run(run.name(), run.sequence()))
                .or(() -> seen.previous().map(ErasureStatus::lastRun))
                .orElse(null);
    }

    private static ErasureStatus.@Nullable Receipt receipt(
            ErasureObservation seen, ErasurePlan plan, List<Pending> pending, Optional<ErasureReport> report) {
        var answered = answered(seen);
        var declared = seen.declaration().valid();
        if (plan.phase() != Phase.Verified || plan.why().isPresent() || answered.isEmpty() || declared.isEmpty()) {
            return seen.previous().map(ErasureStatus::receipt).orElse(null);
        }
        return Receipt.of(seen, declared.get(), answered.get().indexes(), report, pending);
    }

    /** What may still hold something. */
    static List<Pending> pending(ErasureObservation seen) {
        return answered(seen)
                .map(answered -> pending(answered, seen.now()))
                .orElseGet(() ->
                        Defaults.or(seen.previous().map(ErasureStatus::pending).orElse(null), List.<Pending>of()));
    }

    /** What stays for an unknown time comes before the snapshots, of which there may be more than a status has room for. */
    private static List<Pending> pending(Stored.Answered answered, Instant now) {
        var erasedAt = answered.report().map(ErasureReport::erasedAt);
        if (erasedAt.isEmpty()) {
            return List.of();
        }
        var pending = new ArrayList<Pending>();
        answered.snapshots()
                .unknown()
                .ifPresent(why -> pending.add(new Pending(
                        "UnknownSnapshots",
                        "snapshots",
                        null,
                        null,
                        why + "; grant monitor_snapshot to the operator's user, or look yourself")));
        answered.formerVectors().forEach(vectors -> pending.add(pending(vectors, erasedAt.get(), now)));
        answered.snapshots().snapshots().forEach(snapshot -> pending.add(pending(snapshot)));
        return pending.size() <= ErasureStatus.MAX_PENDING ? pending : abridged(pending);
    }

    private static List<Pending> abridged(List<Pending> pending) {
        var named = pending.subList(0, ErasureStatus.MAX_PENDING - 1);
        var others = pending.subList(named.size(), pending.size());
        var expires = others.stream().map(Pending::expires).toList();
        var last = expires.contains(null) ? null : Collections.max(expires);
        return Stream.concat(
                        named.stream(),
                        Stream.of(
                                new Pending(
                                        others.getFirst().kind(),
                                        others.size() + " more",
                                        others.getFirst().since(),
                                        last,
                                        "there is no room to list them; since when the first is there, and until when the last")))
                .toList();
    }

    private static Pending pending(FormerVectors vectors, Instant erasedAt, Instant now) {
        var expires = vectors.unusedMonths()
                .map(months -> YearMonth.from(erasedAt.atOffset(ZoneOffset.UTC))
                        .plusMonths(months + 1L)
                        .atDay(1)
                        .atStartOfDay(ZoneOffset.UTC)
                        .toInstant());
        return new Pending(
                "FormerVectors",
                vectors.index(),
                null,
                expires.filter(now::isBefore).map(Receipt::seconds).orElse(null),
                expires.isPresent()
                        ? "vectors of passages that the documents had before their last change, or before they went, may be among these; the first run from then on lets them go"
                        : "vectors of passages that the documents had before may be among these, and no generation says how long they are kept: delete the index");
    }

    private static Pending pending(HeldSnapshot snapshot) {
        return new Pending(
                "Snapshot",
                snapshot.repository() + "/" + snapshot.name(),
                Receipt.seconds(snapshot.startedAt()),
                snapshot.expires().map(Receipt::seconds).orElse(null),
                snapshot.expires().isPresent()
                        ? "its policy deletes it then, if it doesn't keep a least number of snapshots"
                        : "nobody has said when it is deleted");
    }
}
