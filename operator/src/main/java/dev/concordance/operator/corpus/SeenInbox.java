package dev.concordance.operator.corpus;

import dev.concordance.manifest.PushPosition;
import dev.concordance.manifest.Reached;
import java.util.List;

/**
 * What was pushed to a corpus.
 *
 * @param newest where it ends
 * @param reached up to where it is searchable in generations
 */
record SeenInbox(PushPosition newest, List<Reached> reached) {
    SeenInbox {
        reached = List.copyOf(reached);
    }

    /** Whether a generation lacks something of a source. */
    boolean isAhead(int generation, String source) {
        return reached.stream()
                .filter(one -> one.generation() == generation)
                .flatMap(one -> PushPosition.parse(one.positions().get(source)).stream())
                .noneMatch(read -> read.covers(newest));
    }
}
