package dev.concordance.operator.corpus;

import dev.concordance.operator.freshness.Forecast;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is to be done about a corpus.
 *
 * @param generations the roles that the decision rests on; empty where Elasticsearch has not answered
 * @param change of what serves that is declared; empty: there is none
 * @param nextRun when the live generation is synced next; empty while that is on its way, or not decided
 * @param forecast of the age of answers; empty where nothing is served, and where no run is started
 * @param wakeAt when to look again, if nothing happens before
 */
record CorpusPlan(
        List<CorpusStep> steps,
        Optional<Generations> generations,
        Optional<ChangeAdmission> change,
        Optional<Instant> nextRun,
        Optional<Forecast> forecast,
        Optional<Instant> wakeAt) {
    CorpusPlan {
        steps = List.copyOf(steps);
    }

    /** Nothing is to be done. */
    static CorpusPlan idle(Optional<Generations> generations) {
        return new CorpusPlan(
                List.of(), generations, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }
}
