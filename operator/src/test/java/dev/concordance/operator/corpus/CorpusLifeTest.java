package dev.concordance.operator.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.manifest.BundledModel;
import dev.concordance.operator.corpus.CorpusObservation.Obstacle;
import dev.concordance.operator.elastic.StoredGeneration;
import dev.concordance.operator.kube.Conditions;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A corpus from its first generation to its last, as the planner and the conditions have it. */
final class CorpusLifeTest {
    private static final Duration ALMOST_STALE = Duration.ofMinutes(14).plusSeconds(30);

    private final CorpusWorld world = new CorpusWorld();

    @Test
    void tellsThatASourceCannotBeReadWhileItIsTriedAgain() {
        world.settle(1);
        world.finishRuns(3);
        world.settle(1);
        world.sources = "sources-2";
        world.settle(1);
        world.strugglingRuns("SourceUnreachable");
        world.reconcile(1);
        assertThat(world.truth(CorpusConditions.SOURCES_READABLE)).isEqualTo("False");
        assertThat(world.reason(CorpusConditions.SOURCES_READABLE)).isEqualTo("SourceUnreachable");
        assertThat(world.truth(Conditions.STALLED)).isEqualTo("False");
        assertThat(world.runs).hasSize(2);
        world.listingRuns();
        world.reconcile(1);
        assertThat(world.reason(CorpusConditions.SOURCES_READABLE))
                .as("nobody knows better yet")
                .isEqualTo("SourceUnreachable");
        world.finishRuns(3);
        world.settle(1);
        assertThat(world.truth(CorpusConditions.SOURCES_READABLE)).isEqualTo("True");
    }

    @Test
    void buildsAndServesAFirstGeneration() {
        world.settle(1);
        assertThat(world.done).containsExactly("CreateGeneration", "StartRun");
        assertThat(world.reason(Conditions.READY)).isEqualTo("BuildingFirst");
        assertThat(world.live()).isZero();
        world.finishRuns(412);
        world.settle(1);
        assertThat(world.live()).isEqualTo(1);
        assertThat(world.reason(Conditions.READY)).isEqualTo("Serving");
        assertThat(world.message(Conditions.READY))
                .isEqualTo("generation 1 serves 412 documents in 1236 chunks, fresh as of 2026-05-04T12:00:00Z");
    }

    @Test
    void restsWhileNothingChanges() {
        serving();
        var before = world.status;
        var done = world.done.size();
        world.pass(Duration.ofMinutes(10));
        world.settle(1);
        assertThat(world.done).hasSize(done);
        assertThat(world.status).isEqualTo(before);
    }

    @Test
    void syncsBeforeAnswersAreTooOld() {
        serving();
        world.pass(ALMOST_STALE);
        world.settle(1);
        assertThat(world.done).endsWith("StartRun");
        assertThat(world.reason(Conditions.READY)).isEqualTo("Serving");
        world.finishRuns(413);
        world.settle(1);
        assertThat(world.message(Conditions.READY)).contains("413 documents");
        assertThat(world.done.stream().filter("StartRun"::equals)).hasSize(2);
    }

    @Test
    void saysThatAnswersAreTooOldAndWhy() {
        serving();
        world.pass(ALMOST_STALE);
        world.settle(1);
        world.failRuns("SourceUnreachable", false);
        world.pass(Duration.ofMinutes(1));
        world.settle(1);
        assertThat(world.reason(Conditions.READY)).isEqualTo("Stale");
        assertThat(world.reason(CorpusConditions.FRESH)).isEqualTo("Stale");
        assertThat(world.reason(CorpusConditions.SOURCES_READABLE)).isEqualTo("SourceUnreachable");
        assertThat(world.message(Conditions.READY)).contains("a sentence about SourceUnreachable");
        assertThat(world.live()).isEqualTo(1);
    }

    @Test
    void buildsAnotherGenerationBesideTheLiveOneAndRemovesTheFormerLater() {
        serving();
        world.chunkTokens = 128;
        world.settle(1);
        assertThat(world.live()).isEqualTo(1);
        assertThat(world.reason(Conditions.READY)).isEqualTo("Rebuilding");
        assertThat(world.truth(Conditions.READY)).isEqualTo("False");
        world.finishRuns(412);
        world.settle(1);
        assertThat(world.live()).isEqualTo(2);
        assertThat(world.stored()).extracting(StoredGeneration::number).containsExactly(1, 2);
        world.pass(Duration.ofSeconds(31));
        world.settle(1);
        assertThat(world.stored()).extracting(StoredGeneration::number).containsExactly(2);
    }

    @Test
    void keepsTheLiveGenerationFreshWhileAnotherIsBeingBuilt() {
        serving();
        world.chunkTokens = 128;
        world.settle(1);
        world.pass(ALMOST_STALE);
        world.settle(1);
        assertThat(world.runs.values().stream().filter(SeenRun::isUnfinished))
                .extracting(run -> run.mode().orElseThrow().name())
                .containsExactlyInAnyOrder("Build", "Incremental");
    }

    @Test
    void promotesACopyThatIsAsFreshAsWhatItReplacesWhileNoSourceCanBeRead() throws Exception {
        serving();
        world.pass(ALMOST_STALE);
        world.settle(1);
        world.failRuns("SourceUnreachable", false);
        world.pass(Duration.ofHours(1));
        world.settle(1);
        assertThat(world.reason(Conditions.READY)).isEqualTo("Stale");
        world.chunkTokens = 128;
        world.settle(1);
        world.copyLive();
        world.settle(1);
        assertThat(world.live()).isEqualTo(2);
        assertThat(world.reason(CorpusConditions.FRESH)).isEqualTo("Stale");
    }

    @Test
    void dropsACandidateThatNobodyWantsAnyMore() {
        serving();
        world.chunkTokens = 128;
        world.settle(1);
        world.chunkTokens = 64;
        world.settle(1);
        assertThat(world.done).contains("StopRun");
        assertThat(world.live()).isEqualTo(1);
        assertThat(world.stored())
                .as("what was computed for it can be copied")
                .extracting(StoredGeneration::number)
                .containsExactly(1, 2, 3);
        world.finishRuns(412);
        world.settle(1);
        assertThat(world.stored()).extracting(StoredGeneration::number).containsExactly(1, 3);
    }

    @Test
    void dropsAtOnceACandidateWhoseVectorsAreOfNoUse() {
        serving();
        world.model = BundledModel.ALL_MINILM_L6_V2_Q.manifest();
        world.settle(1);
        world.model = BundledModel.BGE_SMALL_EN_V1_5_Q.manifest();
        world.chunkTokens = 64;
        world.settle(1);
        assertThat(world.stored()).extracting(StoredGeneration::number).containsExactly(1, 3);
    }

    @Test
    void goesBackToTheLiveGenerationWhenAChangeIsTakenBack() {
        serving();
        world.chunkTokens = 128;
        world.settle(1);
        world.chunkTokens = 256;
        world.settle(1);
        assertThat(world.stored()).extracting(StoredGeneration::number).containsExactly(1);
        assertThat(world.reason(Conditions.READY)).isEqualTo("Serving");
    }

    @Test
    void appliesChangedSourcesToTheLiveGenerationAtOnce() {
        serving();
        world.sources = "sources-2";
        world.settle(1);
        assertThat(world.done).endsWith("StartRun");
        assertThat(world.stored()).hasSize(1);
        assertThat(world.reason(Conditions.READY)).isEqualTo("ApplyingSources");
        world.finishRuns(500);
        world.settle(1);
        assertThat(world.reason(Conditions.READY)).isEqualTo("Serving");
    }

    @Test
    void setsReplicasInPlace() {
        serving();
        world.replicas = 2;
        world.settle(1);
        assertThat(world.stored())
                .singleElement()
                .satisfies(one -> assertThat(one.replicas()).isEqualTo(2));
        assertThat(world.done).endsWith("SetReplicas");
    }

    @Test
    void buildsAnewWhenAnIndexWasDeletedByHand() {
        serving();
        world.elasticsearch.damage(CorpusWorld.NAMES, 1);
        world.settle(1);
        assertThat(world.reason(Conditions.READY)).isEqualTo("IndexLost");
        assertThat(world.stored()).extracting(StoredGeneration::number).containsExactly(1, 2);
        world.finishRuns(412);
        world.settle(1);
        assertThat(world.live()).isEqualTo(2);
        world.settle(1);
        assertThat(world.stored()).extracting(StoredGeneration::number).containsExactly(2);
    }

    @Test
    void goesOnWithAGenerationWhoseCreationWasInterrupted() {
        world.elasticsearch.createGeneration(CorpusWorld.NAMES, world.desired().numbered(1), 0);
        world.elasticsearch.damage(CorpusWorld.NAMES, 1);
        world.settle(1);
        world.finishRuns(412);
        world.settle(1);
        assertThat(world.live()).isEqualTo(1);
        assertThat(world.stored()).extracting(StoredGeneration::number).containsExactly(1);
    }

    @Test
    void dropsWhatIsLeftOfAnInterruptedCreationThatNobodyWantsAnyMore() {
        world.elasticsearch.createGeneration(CorpusWorld.NAMES, world.desired().numbered(1), 0);
        world.elasticsearch.damage(CorpusWorld.NAMES, 1);
        world.chunkTokens = 64;
        world.settle(1);
        world.finishRuns(412);
        world.settle(1);
        assertThat(world.stored()).extracting(StoredGeneration::number).containsExactly(2);
    }

    @Test
    void neverFillsAGenerationAnewThatARunHasBeenWritingTo() {
        world.settle(1);
        world.elasticsearch.damage(CorpusWorld.NAMES, 1);
        world.settle(1);
        world.finishRuns(412);
        world.settle(1);
        assertThat(world.live()).isEqualTo(2);
    }

    @Test
    void triesAgainInGrowingIntervalsAfterFailures() {
        world.settle(1);
        var starts = 1;
        for (var wait : new int[] {15, 60, 240, 240, 240}) {
            world.failRuns("SourceUnreachable", false);
            world.settle(1);
            world.pass(CorpusWorld.retry(wait).minusSeconds(1));
            world.settle(1);
            assertThat(starts()).isEqualTo(starts);
            world.pass(Duration.ofSeconds(1));
            world.settle(1);
            assertThat(starts()).isEqualTo(++starts);
        }
    }

    @Test
    void stallsWhileARunWaitsForSomebodyToLetItStart() {
        world.settle(1);
        world.holdUpRuns("ErasuresMissing");
        world.settle(1);
        assertThat(world.reason(Conditions.STALLED)).isEqualTo("ErasuresMissing");
        assertThat(world.message(Conditions.READY)).endsWith("is queued: a sentence about ErasuresMissing");
        assertThat(starts()).as("it is not started again").isEqualTo(1);
        world.finishRuns(3);
        world.settle(1);
        assertThat(world.truth(Conditions.STALLED)).isEqualTo("False");
    }

    @Test
    void stallsOnWhatAPersonHasToChangeAndGoesOnWhenItIsChanged() {
        world.settle(1);
        world.failRuns("SourceUnauthorized", true);
        world.settle(1);
        assertThat(world.truth(Conditions.STALLED)).isEqualTo("True");
        assertThat(world.reason(Conditions.STALLED)).isEqualTo("SourceUnauthorized");
        assertThat(world.truth(Conditions.RECONCILING)).isEqualTo("False");
        assertThat(starts()).isEqualTo(1);
        world.secrets = "rotated";
        world.settle(1);
        assertThat(starts()).isEqualTo(2);
        assertThat(world.truth(Conditions.STALLED)).isEqualTo("False");
    }

    @Test
    void doesNothingWhilePaused() {
        serving();
        world.paused = true;
        world.chunkTokens = 64;
        world.pass(Duration.ofHours(1));
        world.settle(1);
        assertThat(world.stored()).hasSize(1);
        assertThat(world.reason(Conditions.RECONCILING)).isEqualTo("Paused");
        world.paused = false;
        world.settle(1);
        assertThat(world.stored()).hasSize(2);
    }

    @Test
    void keepsWhatServesWhenSomethingThatIsReferredToGoes() {
        serving();
        world.missing = Optional.of(new Obstacle("ReferenceMissing", "ChunkingPolicy docs/headings does not exist"));
        world.pass(Duration.ofHours(1));
        world.settle(1);
        assertThat(world.live()).isEqualTo(1);
        assertThat(world.reason(Conditions.READY)).isEqualTo("ReferenceMissing");
        assertThat(world.truth(CorpusConditions.REFERENCES_RESOLVED)).isEqualTo("False");
        assertThat(world.status.orElseThrow().serving()).isNotNull();
        world.missing = Optional.empty();
        world.settle(1);
        assertThat(world.truth(CorpusConditions.REFERENCES_RESOLVED)).isEqualTo("True");
    }

    @Test
    void tellsWhatItKnewLastWhileElasticsearchIsSilent() {
        serving();
        var serving = world.status.orElseThrow().serving();
        world.silent = Optional.of(new Obstacle("ElasticsearchUnreachable", "no answer"));
        world.settle(1);
        assertThat(world.truth(Conditions.READY)).isEqualTo("Unknown");
        assertThat(world.truth(CorpusConditions.ELASTICSEARCH_READY)).isEqualTo("False");
        assertThat(world.status.orElseThrow().serving()).isEqualTo(serving);
        world.pass(Duration.ofHours(1));
        world.settle(1);
        assertThat(world.reason(CorpusConditions.FRESH)).isEqualTo("Stale");
    }

    @Test
    void startsNothingWhileDisksAreFull() {
        serving();
        world.closed = Optional.of(new Obstacle("DiskWatermark", "disks are full"));
        world.chunkTokens = 64;
        world.pass(Duration.ofHours(1));
        world.settle(1);
        assertThat(world.stored()).hasSize(1);
        assertThat(world.reason(CorpusConditions.ELASTICSEARCH_READY)).isEqualTo("DiskWatermark");
        assertThat(world.message(Conditions.READY)).contains("no run is started, since disks are full");
        world.closed = Optional.empty();
        world.settle(1);
        assertThat(world.stored()).hasSize(2);
    }

    @Test
    void saysWhatIsWrongWithADeclarationAndTouchesNothing() {
        serving();
        world.invalid = "spec.sources is empty; declare at least one source";
        world.settle(1);
        assertThat(world.reason(Conditions.STALLED)).isEqualTo("InvalidSpec");
        assertThat(world.truth(Conditions.READY)).isEqualTo("False");
        assertThat(world.live()).isEqualTo(1);
    }

    @Test
    void keepsThreeRunsOfEachOutcome() {
        serving();
        for (var sync = 0; sync < 5; sync++) {
            world.pass(ALMOST_STALE);
            world.settle(1);
            world.finishRuns(412);
            world.settle(1);
        }
        assertThat(world.runs).hasSize(3).containsKey("handbook-6");
        assertThat(world.status.orElseThrow().lastRun())
                .satisfies(last -> assertThat(last.sequence()).isEqualTo(6));
    }

    @Test
    void neverUsesANumberTwiceEvenWhenAllRunsAreGone() {
        serving();
        world.runs.clear();
        world.pass(ALMOST_STALE);
        world.settle(1);
        assertThat(world.runs).containsOnlyKeys("handbook-2");
    }

    private long starts() {
        return world.done.stream().filter("StartRun"::equals).count();
    }

    private void serving() {
        world.settle(1);
        world.finishRuns(412);
        world.settle(1);
        assertThat(world.live()).isEqualTo(1);
    }
}
