package dev.concordance.ingest;

import dev.concordance.index.IndexException;
import dev.concordance.index.RecallMeasurement;
import dev.concordance.manifest.AnnRecall;
import dev.concordance.manifest.GenerationState;
import dev.concordance.manifest.RunSpecification;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Measures how much searches of a generation find: when it is new, when it has become another size, and else once a day. */
record RecallCheck(RunSpecification specification, RecallMeasurement measurement) {
    private static final System.Logger LOG = System.getLogger(RecallCheck.class.getName());
    private static final Duration SELDOM = Duration.ofDays(1);
    private static final int OTHER_SIZE = 2;

    /** What is measured now, if it is due. That it can't be measured is no reason for a run to fail. */
    Optional<AnnRecall> measure(GenerationState state, Instant now) {
        if (!isDue(state.annRecall(), state.chunks(), now)) {
            return Optional.empty();
        }
        try {
            return measurement.measure(specification.manifest().vectors(), state.chunks(), now);
        } catch (IndexException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "recall not measured generation={0,number,#} reason={1}",
                    state.generation(),
                    e.getMessage());
            return Optional.empty();
        }
    }

    static boolean isDue(@Nullable AnnRecall last, long chunks, Instant now) {
        return last == null
                || !last.at().plus(SELDOM).isAfter(now)
                || chunks > OTHER_SIZE * last.chunks()
                || last.chunks() > OTHER_SIZE * chunks;
    }
}
