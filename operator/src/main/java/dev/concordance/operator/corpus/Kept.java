package dev.concordance.operator.corpus;

import dev.concordance.operator.elastic.StoredGeneration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A generation that has served before.
 *
 * @param replacedAt when another one took its place, as far as was noted
 * @param freshUntil until when it is kept as fresh as the live one; empty: it isn't known when it was replaced
 * @param stays whether it can be gone back to; the others leave as soon as nobody reads them
 */
record Kept(StoredGeneration generation, Optional<Instant> replacedAt, Optional<Instant> freshUntil, boolean stays) {
    /** Those of a corpus, the one that served last first. */
    static List<Kept> of(Generations generations, DeclaredRelease release, Instant now) {
        var all = new ArrayList<Kept>();
        var replacedAt = generations.live().flatMap(StoredGeneration::servedSince);
        for (var former : generations.former()) {
            var freshUntil = replacedAt.map(moment -> moment.plus(release.soak()));
            var usable = former.state().isPresent();
            var isFresh = freshUntil.filter(now::isBefore).isPresent();
            var isRetained = all.stream().filter(Kept::stays).count() < release.retained();
            var stays = usable && (isFresh || isRetained || release.rollbackTo().isPresent());
            all.add(new Kept(former, replacedAt, freshUntil, stays));
            replacedAt = former.servedSince().or(() -> Optional.of(Instant.EPOCH));
        }
        return List.copyOf(all);
    }

    /** Whether it is synced beside the live one. */
    boolean isFresh(Instant now) {
        return stays && freshUntil.filter(now::isBefore).isPresent();
    }
}
