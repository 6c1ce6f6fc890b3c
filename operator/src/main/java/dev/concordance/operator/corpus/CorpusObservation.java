package dev.concordance.operator.corpus;

import dev.concordance.api.v1alpha1.CorpusStatus;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.Spending;
import dev.concordance.operator.elastic.Measurements;
import dev.concordance.operator.elastic.StoredGeneration;
import dev.concordance.operator.freshness.Spread;
import dev.concordance.operator.kube.Parsed;
import dev.concordance.operator.tracer.Trace;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What was seen of a corpus, clock included.
 *
 * @param alias names the corpus within all corpora
 * @param missing the first thing that is referred to and can't be used
 * @param desired what the live generation should be, numbered 0; empty while something is missing
 * @param sourcesDigest of the declared sources; empty while something is missing
 * @param inputs digest of everything that a run started now would be given
 * @param inlet where documents are pushed to; nothing of what it lacks keeps runs from being started
 * @param previous the status that was written last
 * @param approved token of withheld deletions that the user lets go
 * @param approvedPlan digest of the plan of a change that the user approves
 * @param retained how many succeeded and how many failed runs are kept
 */
record CorpusObservation(
        String alias,
        Parsed<CorpusDeclaration> declaration,
        boolean paused,
        Optional<Obstacle> missing,
        Optional<GenerationManifest> desired,
        Optional<String> sourcesDigest,
        String inputs,
        Backend backend,
        List<SeenRun> runs,
        SeenInlet inlet,
        Optional<CorpusStatus> previous,
        Optional<String> approved,
        Optional<String> approvedPlan,
        int retained,
        Instant now) {
    CorpusObservation {
        runs = List.copyOf(runs);
    }

    /** Where the corpus stands among the others. */
    Spread spread() {
        return Spread.of(alias);
    }

    /** Whether the operator has just started and can't tell yet what it could tell before. */
    boolean isTooEarly() {
        return previous.isPresent()
                && backend instanceof Backend.Silent(var obstacle)
                && obstacle.reason().equals(CorpusReason.ClusterNotReady.name());
    }

    /** What stands in the way, as a condition tells it. */
    record Obstacle(String reason, String message) {}

    /** What Elasticsearch has said. */
    sealed interface Backend {
        /** It was not asked, or has not answered. */
        record Silent(Obstacle obstacle) implements Backend {}

        /**
         * What it holds.
         *
         * @param closed why it takes no new documents at the moment
         * @param spending on the declared model this month
         * @param pushed empty: there is no inbox, or nothing is pushed
         * @param trace how searches find the tracer; empty: there is none, or none is declared
         * @param measured what a change can be planned by; empty: there is none to be planned
         * @param quiet numbers of generations that nobody has read for a while
         */
        record Answered(
                List<StoredGeneration> generations,
                Optional<Obstacle> closed,
                Optional<Spending> spending,
                Optional<SeenInbox> pushed,
                Optional<Trace> trace,
                Optional<Measurements> measured,
                Set<Integer> quiet)
                implements Backend {
            public Answered {
                generations = List.copyOf(generations);
                quiet = Set.copyOf(quiet);
            }
        }
    }

    /** The numbers of the generations that have runs. */
    Set<Integer> started() {
        return runs.stream().flatMap(run -> run.generation().stream()).collect(Collectors.toSet());
    }

    Optional<Backend.Answered> answered() {
        return backend instanceof Backend.Answered answer ? Optional.of(answer) : Optional.empty();
    }
}
