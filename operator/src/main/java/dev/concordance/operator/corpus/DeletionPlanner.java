package dev.concordance.operator.corpus;

import dev.concordance.operator.corpus.CorpusObservation.Backend;
import dev.concordance.operator.corpus.CorpusObservation.Obstacle;
import dev.concordance.operator.elastic.StoredGeneration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Decides what is done when a Corpus goes: first its runs end, then what it owns in Elasticsearch is removed. */
final class DeletionPlanner {
    private DeletionPlanner() {}

    /**
     * What was seen of a corpus that is being deleted.
     *
     * @param retain whether the indexes stay
     * @param abandoned whether a person has said that Elasticsearch is gone for good
     * @param untouched whether the corpus has never got so far as to have an index
     */
    record Farewell(List<SeenRun> runs, Backend backend, boolean retain, boolean abandoned, boolean untouched) {}

    /**
     * What is to be done.
     *
     * @param waiting why it is not over yet; empty: after the steps nothing of the corpus is left
     */
    record Plan(List<CorpusStep> steps, Optional<Obstacle> waiting) {}

    static Plan plan(Farewell seen) {
        if (!seen.runs().isEmpty()) {
            return stopRuns(seen.runs());
        }
        if (seen.retain() || seen.abandoned()) {
            return new Plan(List.of(), Optional.empty());
        }
        return switch (seen.backend()) {
            case Backend.Silent(var obstacle) ->
                seen.untouched() && obstacle.reason().equals(CorpusReason.ReferenceMissing.name())
                        ? new Plan(List.of(), Optional.empty())
                        : new Plan(List.of(), Optional.of(unreachable(obstacle)));
            case Backend.Answered answered -> removeIndexes(answered);
        };
    }

    private static Plan stopRuns(List<SeenRun> runs) {
        List<CorpusStep> steps = new ArrayList<>();
        runs.stream().filter(run -> !run.going()).forEach(run -> steps.add(new CorpusStep.StopRun(run.name())));
        var waiting = new Obstacle(
                CorpusReason.DeletionWaitsForRuns.name(), CorpusReason.DeletionWaitsForRuns.message(runs.size()));
        return new Plan(steps, Optional.of(waiting));
    }

    private static Plan removeIndexes(Backend.Answered answered) {
        List<CorpusStep> steps = new ArrayList<>();
        answered.generations().stream()
                .filter(generation -> generation.manifest().isPresent())
                .map(StoredGeneration::number)
                .forEach(number -> steps.add(new CorpusStep.DeleteGeneration(number)));
        steps.add(new CorpusStep.DeleteLedger());
        return new Plan(steps, Optional.empty());
    }

    static Obstacle unreachable(Obstacle obstacle) {
        return new Obstacle(
                CorpusReason.DeletionWaitsForElasticsearch.name(),
                CorpusReason.DeletionWaitsForElasticsearch.message(obstacle.message()));
    }
}
