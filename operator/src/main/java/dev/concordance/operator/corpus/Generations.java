package dev.concordance.operator.corpus;

import dev.concordance.manifest.GenerationState;
import dev.concordance.manifest.Withheld;
import dev.concordance.operator.elastic.StoredGeneration;
import java.time.Instant;
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
 * @param former what was live before, the last one first; searches that began then may still read it
 * @param abandoned what was never live and is not wanted any more, and remains of deleted generations
 * @param settled whether what is live is what is wanted: what is declared, or what is gone back to
 * @param next the number of a generation that is created now
 */
record Generations(
        Optional<StoredGeneration> live,
        Optional<StoredGeneration> candidate,
        List<StoredGeneration> former,
        List<StoredGeneration> abandoned,
        boolean settled,
        int next) {

    private static final Comparator<StoredGeneration> SERVED_LAST = Comparator.comparing(
                    (StoredGeneration generation) -> generation.servedSince().orElse(Instant.EPOCH))
            .thenComparing(StoredGeneration::number)
            .reversed();

    /**
     * What is wanted.
     *
     * @param digest of the declared settings; empty: they aren't known
     * @param rollbackTo the number of the generation that is gone back to, whatever is declared
     */
    record Wanted(Optional<String> digest, Optional<Integer> rollbackTo) {
        private boolean isMet(StoredGeneration generation) {
            return generation.intact()
                    && (rollbackTo.isPresent()
                            ? rollbackTo.get() == generation.number()
                            : digest.isPresent() && generation.digest().equals(digest));
        }

        /** Whether a generation is what will be wanted when nothing is gone back to any more. */
        private boolean isAhead(StoredGeneration generation) {
            return rollbackTo.isPresent()
                    && generation.intact()
                    && generation.digest().equals(digest);
        }
    }

    /**
     * Indexes with a generation's name that are not ours have no role; only their number is left out. One that is being built waits without a
     * role while another one is gone back to. What is left of a
     * creation that was interrupted has none either: it is created again, under its number.
     *
     * @param started which generations have runs
     */
    static Generations of(List<StoredGeneration> stored, Wanted wanted, Set<Integer> started) {
        var live = live(stored);
        var settled = live.filter(wanted::isMet).isPresent();
        var candidate = settled ? Optional.<StoredGeneration>empty() : candidate(stored, live, wanted);
        var begun = settled || candidate.isPresent()
                ? Optional.<StoredGeneration>empty()
                : begun(stored, wanted).filter(generation -> !started.contains(generation.number()));
        var former = new ArrayList<StoredGeneration>();
        var abandoned = new ArrayList<StoredGeneration>();
        for (var generation : stored) {
            var hasRole =
                    Stream.of(live, candidate, begun).flatMap(Optional::stream).anyMatch(generation::equals);
            if (hasRole || generation.manifest().isEmpty() || wanted.digest().isEmpty()) {
                continue;
            }
            if (wasLive(generation, live)) {
                former.add(generation);
            } else if (!wanted.isAhead(generation)) {
                abandoned.add(generation);
            }
        }
        former.sort(SERVED_LAST);
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

    /** Whether a generation can answer searches: a run has filled it. */
    static boolean isUsable(StoredGeneration generation) {
        return generation.intact() && generation.state().isPresent();
    }

    /** The generation that the operator has pointed the alias to last, if somebody else has pointed it elsewhere, or taken it away. */
    static Optional<StoredGeneration> moved(List<StoredGeneration> stored) {
        var live = stored.stream().filter(StoredGeneration::live).toList();
        return stored.stream()
                .filter(generation -> generation.servedSince().isPresent())
                .min(SERVED_LAST)
                .filter(generation -> live.size() != 1 || !live.getFirst().equals(generation));
    }

    /** Where the alias points to several, somebody has added one by hand. */
    private static Optional<StoredGeneration> live(List<StoredGeneration> stored) {
        return stored.stream().filter(StoredGeneration::live).min(SERVED_LAST);
    }

    /** Or is to be taken for one that was: somebody has restored it from a snapshot. */
    private static boolean wasLive(StoredGeneration generation, Optional<StoredGeneration> live) {
        return generation.intact()
                && (generation.servedSince().isPresent()
                        || isUsable(generation)
                                && live.filter(now -> now.number() > generation.number())
                                        .isPresent());
    }

    private static Optional<StoredGeneration> candidate(
            List<StoredGeneration> stored, Optional<StoredGeneration> live, Wanted wanted) {
        return stored.stream()
                .filter(generation -> live.filter(generation::equals).isEmpty() && wanted.isMet(generation))
                .max(Comparator.comparingInt(StoredGeneration::number));
    }

    /** The last generation, if it is as one that has been created in part and never filled. */
    private static Optional<StoredGeneration> begun(List<StoredGeneration> stored, Wanted wanted) {
        return stored.stream()
                .filter(generation -> generation.number() == highest(stored) && !generation.intact())
                .filter(generation -> !generation.live() && generation.state().isEmpty())
                .filter(generation ->
                        wanted.digest().isPresent() && generation.digest().equals(wanted.digest()))
                .findFirst();
    }

    private static int highest(List<StoredGeneration> stored) {
        return stored.stream().mapToInt(StoredGeneration::number).max().orElse(0);
    }
}
