package dev.concordance.operator.corpus;

import dev.concordance.api.v1alpha1.CorpusStatus;
import dev.concordance.manifest.GenerationState;
import dev.concordance.operator.elastic.StoredGeneration;
import dev.concordance.operator.freshness.Breach;
import dev.concordance.operator.freshness.Breaches;
import dev.concordance.operator.freshness.ErrorBudget;
import dev.concordance.operator.freshness.ServiceLevel;
import dev.concordance.operator.kube.Defaults;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How fresh answers have been: the breaches that the status tells, and the one that has ended since it was written. The
 * status is where this is kept; a run tells when its result was searchable, so nothing is lost while no operator works.
 */
final class FreshnessHistory {
    private FreshnessHistory() {}

    /** The budget as of now. */
    static ErrorBudget budget(CorpusObservation seen, ServiceLevel level, Optional<Generations> generations) {
        var told = seen.previous().map(CorpusStatus::freshness);
        var before = told.map(CorpusStatus.Freshness::freshAsOf).map(Instant::parse);
        var past = told.map(FreshnessHistory::breaches).orElse(Breaches.NONE);
        var live = generations.flatMap(Generations::live);
        var state = live.flatMap(StoredGeneration::state);
        var freshAsOf = generations.isPresent()
                ? state.map(found -> found.freshAsOf().truncatedTo(ChronoUnit.SECONDS))
                : before;
        if (state.isPresent() && before.isPresent() && !before.equals(freshAsOf)) {
            past = isToldByTheLedger(seen, live.get())
                    ? past.with(late(state.get()))
                    : past.followed(before.get(), searchable(seen, live.get(), state.get()), level);
        }
        return new ErrorBudget(level, past.since(seen.now().minus(level.window())), freshAsOf);
    }

    /** The breaches of a status. */
    static Breaches breaches(CorpusStatus.Freshness told) {
        return new Breaches(Defaults.or(told.breaches(), List.<CorpusStatus.Breach>of()).stream()
                .flatMap(breach -> breach(breach).stream())
                .toList());
    }

    private static Optional<Breach> breach(CorpusStatus.Breach told) {
        var from = told.from();
        var until = told.until();
        var stale = told.staleSeconds();
        return from == null || until == null || stale == null
                ? Optional.empty()
                : Optional.of(new Breach(Instant.parse(from), Instant.parse(until), Duration.ofSeconds(stale)));
    }

    /** Of a corpus that is followed the status tells how fresh answers were now and then only, and the ledger of all breaches. */
    private static boolean isToldByTheLedger(CorpusObservation seen, StoredGeneration live) {
        return isServed(seen, live)
                && seen.declaration()
                        .valid()
                        .filter(declared -> declared.timing().continuous())
                        .isPresent();
    }

    private static boolean isServed(CorpusObservation seen, StoredGeneration live) {
        return seen.previous()
                .map(CorpusStatus::serving)
                .map(CorpusStatus.Serving::generation)
                .filter(served -> served == live.number())
                .isPresent();
    }

    private static List<Breach> late(GenerationState state) {
        var followed = Objects.requireNonNullElse(state.followed(), GenerationState.Followed.NOTHING);
        return followed.late().stream()
                .map(late -> Breach.of(
                        late.from().truncatedTo(ChronoUnit.SECONDS),
                        late.until().truncatedTo(ChronoUnit.SECONDS)))
                .filter(breach -> !breach.stale().isZero())
                .toList();
    }

    /** A generation that was filled earlier answers only since it is live, which is known since now. */
    private static Instant searchable(CorpusObservation seen, StoredGeneration live, GenerationState state) {
        return Optional.ofNullable(state.searchableAt())
                .filter(at -> isServed(seen, live) && !at.isAfter(seen.now()))
                .orElse(seen.now())
                .truncatedTo(ChronoUnit.SECONDS);
    }
}
