package dev.concordance.operator.corpus;

import dev.concordance.manifest.GenerationState;
import dev.concordance.manifest.Withheld;
import dev.concordance.operator.elastic.StoredGeneration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The roles of a corpus's generations.
 *
 * @param live what the alias points to
 * @param candidate what has the desired content, or is to get it, and is not live
 * @param former what was live before; searches that began then may still read it
 * @param abandoned what was never live and is not wanted any more, and remains of deleted generations
 * @param settled whether what is live is what is desired
 * @param next the number of a generation that is created now
 */
record Generations(
        Optional<StoredGeneration> live,
        Optional<StoredGeneration> candidate,
        List<StoredGeneration> former,
        List<StoredGeneration> abandoned,
        boolean settled,
        int next) {

    /**
     * Indexes with a generation's name that are not ours have no role; only their number is left out. What is left of a
     * creation that was interrupted has none either: it is created again, under its number.
     *
     * @param started which generations have runs
     */
    static Generations of(List<StoredGeneration> stored, Optional<String> desired, Set<Integer> started) {
        var live = stored.stream().filter(StoredGeneration::live).findFirst();
        var settled = live.filter(generation -> isDesired(generation, desired)).isPresent();
        var candidate = settled ? Optional.<StoredGeneration>empty() : candidate(stored, desired);
        var begun = settled || candidate.isPresent()
                ? Optional.<StoredGeneration>empty()
                : begun(stored, desired).filter(generation -> !started.contains(generation.number()));
        var former = new ArrayList<StoredGeneration>();
        var abandoned = new ArrayList<StoredGeneration>();
        for (var generation : stored) {
            var hasRole =
                    Stream.of(live, candidate, begun).flatMap(Optional::stream).anyMatch(generation::equals);
            if (hasRole || generation.manifest().isEmpty() || desired.isEmpty()) {
                continue;
            }
            var wasLive = generation.intact()
                    && live.filter(now -> now.number() > generation.number()).isPresent();
            (wasLive ? former : abandoned).add(generation);
        }
        var next = begun.map(StoredGeneration::number).orElse(highest(stored) + 1);
        return new Generations(live, candidate, List.copyOf(former), List.copyOf(abandoned), settled, next);
    }

    /** What would be deleted; of a candidate, what searches would miss if it were promoted. */
    Optional<Withheld> withheld() {
        return candidate.flatMap(Generations::withheld).or(() -> live.flatMap(Generations::withheld));
    }

    static Optional<Withheld> withheld(StoredGeneration generation) {
        return generation.state().map(GenerationState::withheld);
    }

    private static Optional<StoredGeneration> candidate(List<StoredGeneration> stored, Optional<String> desired) {
        return stored.stream()
                .filter(generation -> !generation.live() && isDesired(generation, desired))
                .max(Comparator.comparingInt(StoredGeneration::number));
    }

    private static boolean isDesired(StoredGeneration generation, Optional<String> desired) {
        return generation.intact() && desired.isPresent() && generation.digest().equals(desired);
    }

    /** The last generation, if it is as one that has been created in part and never filled. */
    private static Optional<StoredGeneration> begun(List<StoredGeneration> stored, Optional<String> desired) {
        return stored.stream()
                .filter(generation -> generation.number() == highest(stored) && !generation.intact())
                .filter(generation -> !generation.live() && generation.state().isEmpty())
                .filter(generation -> desired.isPresent() && generation.digest().equals(desired))
                .findFirst();
    }

    private static int highest(List<StoredGeneration> stored) {
        return stored.stream().mapToInt(StoredGeneration::number).max().orElse(0);
    }
}
