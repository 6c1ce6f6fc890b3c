package dev.concordance.operator.corpus;

import dev.concordance.api.v1alpha1.CorpusStatus;
import dev.concordance.manifest.AnnRecall;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.GenerationState;
import dev.concordance.manifest.RemoteAccess;
import dev.concordance.manifest.RemoteModel;
import dev.concordance.manifest.RoutingTable;
import dev.concordance.manifest.Spending;
import dev.concordance.manifest.Withheld;
import dev.concordance.operator.corpus.SeenRun.RunCounts;
import dev.concordance.operator.elastic.StoredGeneration;
import dev.concordance.operator.freshness.Breach;
import dev.concordance.operator.kube.Defaults;
import io.fabric8.kubernetes.api.model.Condition;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Puts a Corpus's status together. What Elasticsearch does not tell at the moment stays as it was. */
final class CorpusStatuses {
    private static final int MOST_GENERATIONS = 20;

    private CorpusStatuses() {}

    static CorpusStatus of(
            @Nullable Long generation, CorpusObservation seen, CorpusPlan plan, List<Condition> conditions) {
        var before = seen.previous();
        var live = plan.generations().flatMap(Generations::live);
        var known = plan.generations().isPresent();
        return new CorpusStatus(
                generation,
                known
                        ? live.map(found -> serving(found, seen)).orElse(null)
                        : before.map(CorpusStatus::serving).orElse(null),
                known
                        ? candidate(plan.generations().get(), seen)
                        : before.map(CorpusStatus::candidate).orElse(null),
                known
                        ? change(seen, plan).plan()
                        : before.map(CorpusStatus::plan).orElse(null),
                known
                        ? change(seen, plan).done()
                        : before.map(CorpusStatus::lastChange).orElse(null),
                known
                        ? generations(plan.generations().get(), seen)
                        : before.map(CorpusStatus::generations).orElse(null),
                freshness(seen, plan),
                lastRun(seen),
                known
                        ? live.flatMap(StoredGeneration::state)
                                .map(CorpusStatuses::quarantine)
                                .orElse(null)
                        : before.map(CorpusStatus::quarantine).orElse(null),
                (known ? plan.generations().get().withheld() : withheldBefore(seen))
                        .map(CorpusStatuses::withheld)
                        .orElse(null),
                cost(seen),
                known
                        ? live.flatMap(StoredGeneration::state)
                                .map(CorpusStatuses::hidden)
                                .orElse(null)
                        : before.map(CorpusStatus::hidden).orElse(null),
                conditions);
    }

    private static ChangeStatus change(CorpusObservation seen, CorpusPlan plan) {
        return new ChangeStatus(seen, plan.change(), plan.generations().orElseThrow());
    }

    /** What serves, and what can be gone back to; null: nothing has served yet. */
    private static @Nullable List<CorpusStatus.Generation> generations(
            Generations generations, CorpusObservation seen) {
        var declared = seen.declaration().valid();
        if (generations.live().isEmpty() || declared.isEmpty()) {
            return null;
        }
        var told = Stream.concat(
                        generations.live().map(live -> generation(live, "Serving", Optional.empty())).stream(),
                        Kept.of(generations, declared.get().release(), seen.now()).stream()
                                .map(kept -> generation(
                                        kept.generation(),
                                        kept.stays() ? "Kept" : "Leaving",
                                        kept.freshUntil().filter(until -> kept.isFresh(seen.now())))))
                .limit(MOST_GENERATIONS)
                .toList();
        return told;
    }

    private static CorpusStatus.Generation generation(
            StoredGeneration stored, String role, Optional<Instant> keptFreshUntil) {
        return new CorpusStatus.Generation(
                stored.number(),
                role,
                stored.digest().orElse(null),
                stored.servedSince().map(CorpusStatuses::text).orElse(null),
                stored.live()
                        ? null
                        : stored.state().map(state -> text(state.freshAsOf())).orElse(null),
                keptFreshUntil.map(CorpusStatuses::text).orElse(null),
                stored.live()
                        ? null
                        : stored.state().map(GenerationState::documents).orElse(null));
    }

    /** What was withheld when Elasticsearch was last asked. */
    static Optional<Withheld> withheldBefore(CorpusObservation seen) {
        return seen.previous()
                .map(CorpusStatus::withheldDeletions)
                .map(told -> new Withheld(
                        Defaults.or(told.token(), ""),
                        Defaults.or(told.documents(), 0L),
                        Defaults.or(told.of(), 0L),
                        Defaults.or(told.sample(), List.<String>of()),
                        null));
    }

    private static CorpusStatus.WithheldDeletions withheld(Withheld withheld) {
        return new CorpusStatus.WithheldDeletions(
                withheld.token(), withheld.documents(), withheld.of(), withheld.sample());
    }

    private static CorpusStatus.@Nullable Cost cost(CorpusObservation seen) {
        if (seen.answered().isEmpty() || seen.desired().isEmpty()) {
            return seen.previous().map(CorpusStatus::cost).orElse(null);
        }
        return seen.answered()
                .flatMap(CorpusObservation.Backend.Answered::spending)
                .map(spending -> cost(spending, seen))
                .orElse(null);
    }

    private static CorpusStatus.Cost cost(Spending spending, CorpusObservation seen) {
        var own = spending.of(
                seen.declaration().valid().map(CorpusDeclaration::name).orElse(""));
        var price = seen.desired()
                .map(GenerationManifest::model)
                .map(model ->
                        model instanceof RemoteModel remote ? remote.access().price() : null);
        return new CorpusStatus.Cost(
                spending.month(),
                own.requests(),
                own.tokens(),
                own.currency() == null ? null : own.money(),
                own.currency(),
                spending.total().currency() == null ? null : spending.total().money(),
                price.map(RemoteAccess.Price::monthlyBudget).orElse(null));
    }

    private static CorpusStatus.Serving serving(StoredGeneration live, CorpusObservation seen) {
        var state = live.state();
        return new CorpusStatus.Serving(
                live.number(),
                seen.alias() + "-g" + live.number(),
                live.digest().orElse(null),
                state.map(GenerationState::documents).orElse(null),
                state.map(GenerationState::chunks).orElse(null),
                state.map(GenerationState::quarantined).orElse(null),
                state.map(GenerationState::pendingEmbeddings)
                        .filter(pending -> pending > 0)
                        .orElse(null),
                state.map(GenerationState::annRecall)
                        .map(measured -> recall(measured, seen))
                        .orElse(null));
    }

    private static CorpusStatus.Recall recall(AnnRecall measured, CorpusObservation seen) {
        var declared = seen.declaration()
                .valid()
                .map(found -> found.search().retrieval().semantic())
                .orElse(RoutingTable.Semantic.DEFAULT);
        var best = measured.best(declared);
        return new CorpusStatus.Recall(
                best.map(found -> decimal(found.recall(), 3)).orElse(null),
                best.map(found -> decimal(found.millis(), 1)).orElse(null),
                best.map(found -> found.depth().explored()).orElse(null),
                best.map(found -> found.depth().oversample()).orElse(null),
                text(measured.at()));
    }

    private static CorpusStatus.@Nullable Candidate candidate(Generations generations, CorpusObservation seen) {
        if (generations.candidate().isEmpty()) {
            return null;
        }
        var candidate = generations.candidate().get();
        var run = seen.runs().stream()
                .filter(found -> found.isUnfinished() && found.fills(candidate.number()))
                .findFirst();
        var counts = run.flatMap(SeenRun::counts);
        return new CorpusStatus.Candidate(
                candidate.number(),
                candidate.digest().orElse(null),
                run.map(SeenRun::name).orElse(null),
                counts.map(RunCounts::documents).orElse(null),
                counts.map(RunCounts::chunks).orElse(null));
    }

    private static CorpusStatus.@Nullable Freshness freshness(CorpusObservation seen, CorpusPlan plan) {
        var before = seen.previous().map(CorpusStatus::freshness);
        var declared = seen.declaration().valid();
        if (declared.isEmpty()) {
            return before.orElse(null);
        }
        var budget = FreshnessHistory.budget(seen, declared.get().timing().level(), plan.generations());
        var nextRun = plan.generations().isPresent()
                ? plan.nextRun().map(CorpusStatuses::text)
                : before.map(CorpusStatus.Freshness::nextRun);
        var freshAsOf = budget.freshAsOf();
        var breaches = budget.past().all();
        return freshAsOf.isEmpty() && nextRun.isEmpty() && breaches.isEmpty()
                ? null
                : new CorpusStatus.Freshness(
                        freshAsOf.map(CorpusStatuses::text).orElse(null),
                        nextRun.orElse(null),
                        freshAsOf
                                .map(served -> decimal(budget.remaining(seen.now()), 2))
                                .orElse(null),
                        breaches.isEmpty()
                                ? null
                                : breaches.stream().map(CorpusStatuses::breach).toList(),
                        ChangeLatencies.of(seen, declared.get().timing().level(), plan.generations())
                                .orElse(null),
                        new TracerCondition(seen).status());
    }

    private static CorpusStatus.Breach breach(Breach breach) {
        return new CorpusStatus.Breach(
                text(breach.from()), text(breach.until()), breach.stale().toSeconds());
    }

    /** Rounded down: what is told is there. */
    private static String decimal(double value, int places) {
        return BigDecimal.valueOf(value).setScale(places, RoundingMode.FLOOR).toPlainString();
    }

    private static CorpusStatus.@Nullable LastRun lastRun(CorpusObservation seen) {
        var last =
                seen.runs().stream().filter(run -> run.sequence() > 0).max(Comparator.comparingLong(SeenRun::sequence));
        return last.map(run -> new CorpusStatus.LastRun(
                        run.name(), run.sequence(), run.phase().name()))
                .orElse(seen.previous().map(CorpusStatus::lastRun).orElse(null));
    }

    private static @Nullable List<CorpusStatus.QuarantinedDocument> quarantine(GenerationState state) {
        return state.quarantineSample().isEmpty()
                ? null
                : state.quarantineSample().stream()
                        .map(document -> new CorpusStatus.QuarantinedDocument(
                                document.source(),
                                document.documentId(),
                                document.reason().name(),
                                document.message()))
                        .toList();
    }

    private static CorpusStatus.@Nullable HiddenDocuments hidden(GenerationState state) {
        var hidden = state.hidden();
        return hidden == null || hidden.documents() == 0
                ? null
                : new CorpusStatus.HiddenDocuments(
                        hidden.documents(),
                        hidden.sample().stream()
                                .map(document -> new CorpusStatus.HiddenDocument(
                                        document.source(), document.documentId(), document.message()))
                                .toList());
    }

    private static String text(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
