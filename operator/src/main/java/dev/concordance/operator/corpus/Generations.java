package dev.concordance.operator.corpus;

import dev.concordance.operator.elastic.StoredGeneration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

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

    /** Indexes with a generation's name that are not ours have no role; only their number is left out. */
    static Generations of(List<StoredGeneration> stored, Optional<String> desired) {
        var live = stored.stream().filter(StoredGeneration::live).findFirst();
        var settled = live.filter(generation -> isDesired(generation, desired)).isPresent();
        var candidate = settled
                ? Optional.<StoredGeneration>empty()
                : stored.stream()
                        .filter(generation -> !generation.live() && isDesired(generation, desired))
                        .max(Comparator.comparingInt(StoredGeneration::number));
        var former = new ArrayList<StoredGeneration>();
        var abandoned = new ArrayList<StoredGeneration>();
        for (var generation : stored) {
            var hasRole =
                    generation.live() || candidate.filter(generation::equals).isPresent();
            if (hasRole || generation.manifest().isEmpty() || desired.isEmpty()) {
                continue;
            }
            var wasLive = generation.intact()
                    && live.filter(now -> now.number() > generation.number()).isPresent();
            (wasLive ? former : abandoned).add(generation);
        }
        var highest = stored.stream().mapToInt(StoredGeneration::number).max().orElse(0);
        return new Generations(live, candidate, List.copyOf(former), List.copyOf(abandoned), settled, highest + 1);
    }

    private static boolean isDesired(StoredGeneration generation, Optional<String> desired) {
        return generation.intact() && desired.isPresent() && generation.digest().equals(desired);
    }
}
