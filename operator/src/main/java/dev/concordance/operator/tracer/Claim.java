package dev.concordance.operator.tracer;

import dev.concordance.manifest.GenerationState;
import dev.concordance.manifest.IndexNames;
import dev.concordance.operator.elastic.StoredGeneration;
import dev.concordance.operator.elastic.TracerSight;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What the ledger says that searches through an alias find.
 *
 * @param index that the alias leads to
 * @param shards of the index
 * @param dimensions of its vectors
 * @param tracedAt what the tracer says
 */
public record Claim(String alias, int generation, String index, int shards, int dimensions, Instant tracedAt) {
    /** What it says of the generation that searches read; empty: nothing. */
    static Optional<Claim> of(IndexNames names, List<StoredGeneration> generations) {
        var live = generations.stream().filter(StoredGeneration::live).findFirst();
        var tracedAt = live.flatMap(StoredGeneration::state).map(GenerationState::tracedAt);
        return live.flatMap(StoredGeneration::manifest)
                .flatMap(manifest -> tracedAt.map(at -> new Claim(
                        names.alias(),
                        live.get().number(),
                        names.generation(live.get().number()),
                        manifest.shards(),
                        manifest.model().dimensions(),
                        at)));
    }

    /** Whether a search finds it: in this index and nowhere else, and not what a worker wrote before. */
    boolean holds(TracerSight.Leg leg) {
        return leg.failure() == null
                && leg.shards() == shards
                && !leg.hits().isEmpty()
                && leg.hits().stream()
                        .allMatch(hit ->
                                hit.index().equals(index) && !hit.tracedAt().isBefore(tracedAt));
    }

    /** What is found in its place, for a sentence. */
    String contrast(TracerSight sight) {
        var words = contrast(sight.byWords());
        var vector = contrast(sight.byVector());
        return words.equals(vector) ? words : words + " by its word, and " + vector + " by its vector";
    }

    private String contrast(TracerSight.Leg leg) {
        if (leg.failure() != null) {
            return "no answer (" + leg.failure() + ")";
        }
        if (leg.shards() != shards) {
            return "an alias that leads to %d shards, while the generation has %d".formatted(leg.shards(), shards);
        }
        return leg.hits().isEmpty()
                ? "nothing"
                : leg.hits().stream()
                        .map(hit -> "what was true at " + hit.tracedAt() + ", in " + hit.index())
                        .collect(Collectors.joining(" and "));
    }
}
