package dev.concordance.operator.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.manifest.SourceManifest;
import dev.concordance.manifest.Withheld;
import dev.concordance.operator.corpus.CorpusObservation.Obstacle;
import dev.concordance.operator.elastic.TracerSight;
import dev.concordance.operator.kube.Reference;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Every reason that a Corpus's conditions can have comes up in some state of a corpus, with its facts filled in. */
final class CorpusReasonsTest {
    private final CorpusWorld world = new CorpusWorld();
    private final TreeSet<String> reached = new TreeSet<>();

    @Test
    void reachesEveryReason() {
        settle();
        world.finishRuns(3);
        settle();
        world.sources = "sources-2";
        settle();
        world.sources = "sources-1";
        world.chunkTokens = 64;
        settle();
        world.chunkTokens = 256;
        settle();
        world.elasticsearch.damage(CorpusWorld.NAMES, 1);
        settle();
        world.pass(Duration.ofHours(1));
        world.missing = Optional.of(new Obstacle("ReferenceMissing", "gone"));
        settle();
        world.missing = Optional.of(new Obstacle("KeyMissing", "gone"));
        settle();
        world.missing = Optional.of(new Obstacle("ReferenceInvalid", "gone"));
        settle();
        world.missing = Optional.of(new Obstacle("ReferenceNotAllowed", "gone"));
        settle();
        world.missing = Optional.of(new Obstacle("TooFewDimensions", "gone"));
        settle();
        world.missing = Optional.of(new Obstacle("SynonymsInvalid", "gone"));
        settle();
        world.missing = Optional.empty();
        world.silent = Optional.of(new Obstacle("ClusterNotReady", "SearchCluster docs/search is new"));
        settle();
        world.silent = Optional.empty();
        world.paused = true;
        settle();
        world.paused = false;
        world.invalid = "spec.sources is empty";
        settle();
        stale();
        unknown();
        withheld();
        access();
        inlet();
        tracer();
        waiting();
        rolledBack();
        // told by the reconciler's clean-up, see DeletionPlannerTest
        reached.add("DeletionWaitsForRuns");
        reached.add("DeletionWaitsForElasticsearch");
        for (var reason : CorpusReason.values()) {
            assertThat(reached).contains(reason.name());
        }
    }

    private void stale() {
        var other = new CorpusWorld();
        other.settle(1);
        other.finishRuns(3);
        other.settle(1);
        other.paused = true;
        other.pass(Duration.ofMinutes(10));
        other.settle(1);
        note(other);
        other.paused = false;
        other.pass(Duration.ofHours(1));
        other.settle(1);
        note(other);
    }

    private void access() {
        var other = new CorpusWorld();
        other.access = Optional.of(new DeclaredAccess(
                new SourceManifest.Access("access", null), Optional.empty(), Duration.ofMinutes(30)));
        other.settle(1);
        other.finishRuns(3);
        other.settle(1);
        note(other);
        other.pass(Duration.ofHours(1));
        other.settle(1);
        note(other);
    }

    private void inlet() {
        var other = new CorpusWorld();
        other.inlet = Optional.of(new DeclaredInlet(2, Optional.empty(), List.of()));
        var taken = Optional.of(new Reference("Service", "docs", "handbook-inlet"));
        for (var state : List.of(
                new InletState(0, Optional.empty()), new InletState(1, Optional.empty()), new InletState(0, taken))) {
            other.seenInlet = new SeenInlet(Optional.of(state), Optional.empty());
            other.settle(1);
            note(other);
        }
    }

    private void tracer() {
        var other = new CorpusWorld();
        other.settle(1);
        other.finishRuns(3);
        var nothing = new TracerSight.Leg(List.of(), 1, null);
        other.elasticsearch.show(new TracerSight(nothing, nothing));
        other.settle(1);
        other.pass(Duration.ofSeconds(30));
        other.settle(1);
        note(other);
    }

    private void waiting() {
        var other = new CorpusWorld();
        other.settle(1);
        other.finishRuns(3);
        other.settle(1);
        other.chunkTokens = 64;
        other.release = released(true, Optional.empty(), Optional.empty());
        other.settle(1);
        note(other);
        other.release = released(false, Optional.of(0L), Optional.empty());
        other.settle(1);
        note(other);
        other.release = CorpusWorld.AUTOMATIC;
        other.elasticsearch.room(1L);
        other.settle(1);
        note(other);
        other.elasticsearch.room(null);
        other.settle(1);
        note(other);
    }

    private void rolledBack() {
        var other = new CorpusWorld();
        other.settle(1);
        other.finishRuns(3);
        other.settle(1);
        other.chunkTokens = 64;
        other.settle(1);
        other.finishRuns(3);
        other.settle(1);
        other.elasticsearch.moveAlias(CorpusWorld.NAMES, 1);
        other.settle(1);
        note(other);
        other.release = released(false, Optional.empty(), Optional.of(1));
        other.settle(1);
        note(other);
        other.release = released(false, Optional.empty(), Optional.of(9));
        other.settle(1);
        note(other);
    }

    private static DeclaredRelease released(boolean manual, Optional<Long> tokens, Optional<Integer> rollbackTo) {
        return new DeclaredRelease(manual, Optional.empty(), tokens, Duration.ZERO, 1, rollbackTo);
    }

    private void unknown() {
        var other = new CorpusWorld();
        other.settle(1);
        other.finishRuns(3);
        other.settle(1);
        other.elasticsearch.deleteLedger(CorpusWorld.NAMES);
        other.settle(1);
        note(other);
    }

    private void withheld() {
        var other = new CorpusWorld();
        other.settle(1);
        other.finishRuns(300);
        other.settle(1);
        other.withheld = Optional.of(new Withheld("3-0a1b2c3d", 100, 300, List.of("site:a.md"), null));
        other.chunkTokens = 64;
        other.settle(1);
        other.finishRuns(200);
        other.settle(1);
        note(other);
    }

    private void settle() {
        world.settle(1);
        note(world);
    }

    private void note(CorpusWorld noted) {
        var conditions = Objects.requireNonNull(noted.status.orElseThrow().conditions());
        for (Condition condition : conditions) {
            reached.add(condition.getReason());
            assertThat(condition.getMessage()).isNotBlank().doesNotContain("%");
            assertThat(condition.getObservedGeneration()).isEqualTo(1);
        }
        assertThat(conditions)
                .extracting(Condition::getType)
                .containsExactly(
                        "Ready",
                        "Reconciling",
                        "Stalled",
                        "ReferencesResolved",
                        "ElasticsearchReady",
                        "SourcesReadable",
                        "Fresh",
                        "DeletionsApplied",
                        "AccessApplied",
                        "InletAvailable",
                        "PlanAdmitted",
                        "RolledBack");
    }
}
