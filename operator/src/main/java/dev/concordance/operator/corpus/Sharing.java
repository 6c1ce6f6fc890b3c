package dev.concordance.operator.corpus;

import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.operator.elastic.StoredGeneration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How the runs of a corpus share what it may ask model, parser and sources for. Each generation that is kept in step has a run of its own
 * side by side with the others, and each of them gets an equal part. Where a limit is too small for that, they take turns.
 *
 * @param runs how many there are, if limits allow it
 */
public record Sharing(GenerationManifest desired, List<SourceManifest> sources, int runs) {
    public Sharing {
        sources = List.copyOf(sources);
    }

    static Sharing of(GenerationManifest desired, CorpusDeclaration declared, int runs) {
        return new Sharing(
                desired,
                declared.sources().stream().map(DeclaredSource::manifest).toList(),
                runs);
    }

    /** Whether so many runs of the corpus may be at work at a time. */
    boolean allows(int sideBySide) {
        return RunSpecification.mostSideBySide(desired, sources) >= sideBySide;
    }

    /** What each of them may ask model, parser and sources for. */
    List<Object> part() {
        var parts = Math.min(RunSpecification.mostSideBySide(desired, sources), runs);
        return List.of(
                desired.dividedBy(parts),
                sources.stream().map(source -> source.dividedBy(parts)).toList());
    }

    /** How many runs there are side by side now, if limits allow it. */
    public static int runs(
            List<StoredGeneration> stored, GenerationManifest desired, DeclaredRelease release, Instant now) {
        var wanted = new Generations.Wanted(Optional.of(desired.digest()), release.rollbackTo());
        var generations = Generations.of(stored, wanted, Set.of());
        return runs(generations, Kept.of(generations, release, now), now);
    }

    static int runs(Generations generations, List<Kept> kept, Instant now) {
        if (generations.live().isEmpty()) {
            return 1;
        }
        var fresh = kept.stream().filter(one -> one.isFresh(now)).count();
        return 1 + (generations.candidate().isPresent() ? 1 : 0) + (int) fresh;
    }
}
