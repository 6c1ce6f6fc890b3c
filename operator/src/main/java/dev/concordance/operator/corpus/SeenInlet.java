package dev.concordance.operator.corpus;

import dev.concordance.operator.corpus.CorpusObservation.Obstacle;
import java.util.Optional;

/**
 * What was seen of a corpus's inlet.
 *
 * @param state empty: it was not looked at yet
 * @param missing the first token without a value
 */
record SeenInlet(Optional<InletState> state, Optional<Obstacle> missing) {
    /** Nothing. */
    static final SeenInlet NONE = new SeenInlet(Optional.empty(), Optional.empty());
}
