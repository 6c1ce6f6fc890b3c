package dev.concordance.operator.erasure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.api.v1alpha1.Api;
import dev.concordance.api.v1alpha1.ErasureSpec;
import dev.concordance.api.v1alpha1.ErasureStatus;
import dev.concordance.api.v1alpha1.LocalReference;
import dev.concordance.operator.elastic.FormerVectors;
import dev.concordance.operator.elastic.SnapshotListing;
import dev.concordance.operator.elastic.SnapshotListing.HeldSnapshot;
import dev.concordance.operator.erasure.ErasureObservation.Obstacle;
import dev.concordance.operator.erasure.ErasurePlan.Phase;
import dev.concordance.operator.kube.Conditions;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** From what is declared to the proof, whatever happens on the way. */
final class ErasurePlannerTest {
    private final ErasureWorld world = new ErasureWorld();

    @Test
    void erasesAndTellsTheProof() {
        var plan = world.reconcile();
        assertThat(plan.steps()).containsExactly(new ErasureStep.StartRun("request-7-0d1c0f5e-1", 1));
        assertThat(world.status().phase()).isEqualTo("Erasing");
        assertThat(world.status().effectiveSince()).isNull();
        assertThat(ready()).isEqualTo("False Erasing: run request-7-0d1c0f5e-1: it is being started");

        world.erased(1);
        assertThat(world.reconcile().steps()).isEmpty();

        assertThat(ready())
                .isEqualTo("True Verified: 1 documents were erased, and nothing that is covered is found in 2 indexes");
        assertThat(told(ErasureConditions.COMPLETE)).startsWith("True NothingPending");
        assertThat(world.status().documentKeys()).containsExactly(ErasureWorld.KEY);
        assertThat(world.status().effectiveSince()).isEqualTo("2026-05-04T12:00:00Z");
        assertThat(world.receipt().signature()).isNull();
    }

    @Test
    void doesAndWritesNothingWhenNothingHasChanged() {
        world.erase();
        var before = world.status();
        world.now = world.now.plus(Duration.ofHours(5));
        assertThat(world.reconcile().steps()).isEmpty();
        assertThat(world.status()).isEqualTo(before);
        assertThat(world.status().conditions()).isEqualTo(before.conditions());
    }

    @Test
    void startsOneRunHoweverOftenTheOperatorDiesBeforeItTells() {
        world.dieBeforeTelling();
        world.dieBeforeTelling();
        world.reconcile();
        assertThat(world.runs).hasSize(1);
        world.erased(1);
        world.dieBeforeTelling();
        world.reconcile();
        assertThat(world.runs).hasSize(1);
        assertThat(ready()).startsWith("True Verified");
    }

    @Test
    void verifiesAnewWhatWasBuiltOrRestoredSince() {
        world.erase();
        world.create(2);
        assertThat(world.reconcile().steps()).as("it is being filled").isEmpty();
        world.build(2);
        assertThat(world.reconcile().steps()).containsExactly(new ErasureStep.StartRun("request-7-0d1c0f5e-2", 2));
        assertThat(world.status().effectiveSince()).isNotNull();
        world.erased(1);
        world.reconcile();
        assertThat(ready()).startsWith("True Verified");

        world.elasticsearch.restore(ErasureWorld.NAMES.generation(1));
        assertThat(world.reconcile().phase()).isEqualTo(Phase.Erasing);
        world.erased(1);
        world.reconcile();
        assertThat(ready()).startsWith("True Verified");
        world.elasticsearch.deleteGeneration(ErasureWorld.NAMES, 2);
        assertThat(world.reconcile().steps())
                .as("less to look at is nothing new")
                .isEmpty();
    }

    @Test
    void erasesNothingOfTooManyBeforeSomebodyApprovesIt() {
        world.reconcile();
        world.refused(250);
        world.reconcile();
        assertThat(ready())
                .isEqualTo(
                        "False TooManyDocuments: 250 documents match, more than the 100 that may be erased, so none was."
                                + " Narrow it down in another Erasure, or approve it by the annotation"
                                + " concordance.dev/approve-erasure=250 (at most 1000)");
        assertThat(told(Conditions.STALLED)).startsWith("True TooManyDocuments");
        assertThat(Erasures.held(Stream.of(world.erasure)).isEmpty()).isTrue();
        assertThat(Erasures.deciding(Stream.of(world.erasure))).isEmpty();

        world.erasure.getMetadata().setAnnotations(Map.of(Api.APPROVE_ERASURE, "250"));
        assertThat(world.reconcile().steps()).hasSize(1);
        assertThat(Erasures.order(world.erasure).orElseThrow().mostDocuments()).isEqualTo(250);
        world.erased(250);
        world.reconcile();
        assertThat(ready()).startsWith("True Verified: 250 documents");
    }

    @Test
    void approvesNothingByAnAnnotationThatIsNoNumber() {
        for (var value : List.of("yes", "-1", "0", "1e3", "1001", "99999999999")) {
            world.erasure.getMetadata().setAnnotations(Map.of(Api.APPROVE_ERASURE, value));
            assertThat(Erasures.order(world.erasure).orElseThrow().mostDocuments())
                    .isEqualTo(100);
        }
    }

    @Test
    void isInEffectFromWhenItIsKnownNotToBeTooMuch() {
        world.reconcile();
        assertThat(Erasures.deciding(Stream.of(world.erasure))).contains("request-7");
        assertThat(Erasures.held(Stream.of(world.erasure)).isEmpty()).isTrue();
        world.erased(1);
        world.reconcile();
        var held = Erasures.held(Stream.of(world.erasure));
        assertThat(held.of("another", "site", "people/roe.md")).isEqualTo(ErasureWorld.UID);
        assertThat(held.coversKey(ErasureWorld.KEY)).isTrue();
        assertThat(Erasures.deciding(Stream.of(world.erasure))).isEmpty();
    }

    @Test
    void isInEffectAtOnceWhereThereIsNothingYet() {
        world.elasticsearch.deleteGeneration(ErasureWorld.NAMES, 1);
        assertThat(world.reconcile().steps()).isEmpty();
        assertThat(ready())
                .isEqualTo("True Verified: 0 documents were erased, and nothing that is covered is found in 0 indexes");
        assertThat(Erasures.held(Stream.of(world.erasure)).isEmpty()).isFalse();
        world.build(1);
        assertThat(world.reconcile().steps()).hasSize(1);
    }

    @Test
    void triesAgainWithGrowingPauses() {
        world.reconcile();
        var waits = new java.util.ArrayList<Duration>();
        for (var attempt = 0; attempt < 3; attempt++) {
            world.failed("ElasticsearchUnreachable", false);
            var plan = world.reconcile();
            assertThat(plan.steps()).isEmpty();
            var due = plan.wakeAt().orElseThrow();
            waits.add(Duration.between(world.now, due));
            world.now = due;
            assertThat(world.reconcile().steps()).hasSize(1);
        }
        assertThat(waits).containsExactly(Duration.ofSeconds(15), Duration.ofMinutes(1), Duration.ofMinutes(4));
        assertThat(ready()).startsWith("False Erasing: run request-7-0d1c0f5e-4");
    }

    @Test
    void keepsThreeEndedRuns() {
        world.reconcile();
        for (var attempt = 0; attempt < 5; attempt++) {
            world.failed("ElasticsearchUnreachable", false);
            world.now = world.now.plus(Duration.ofHours(1));
            world.reconcile();
        }
        assertThat(world.runs.values().stream().filter(run -> !run.unfinished()))
                .hasSize(3);
        assertThat(world.status().lastRun()).isEqualTo(new ErasureStatus.Run("request-7-0d1c0f5e-6", 6));
    }

    @Test
    void tellsWhichSnapshotsStillHoldIt() {
        var begun = Instant.parse("2026-05-03T01:30:00Z");
        world.put(new SnapshotListing(
                List.of(new HeldSnapshot("backups", "nightly-1", begun, Optional.of(begun.plus(Duration.ofDays(30))))),
                Optional.of("repository old can't be read: it is missing")));
        var vectors = ErasureWorld.NAMES.embeddings("abc");
        world.elasticsearch.put(List.of(new FormerVectors(vectors, Optional.of(3))));
        world.erase();
        assertThat(world.status().pending())
                .extracting(ErasureStatus.Pending::kind)
                .containsExactly("UnknownSnapshots", "FormerVectors", "Snapshot");
        assertThat(told(ErasureConditions.COMPLETE))
                .isEqualTo("False StillHeld: some of it may still be held by snapshots, " + vectors
                        + " until 2026-09-01T00:00:00Z, backups/nightly-1 until 2026-06-02T01:30:00Z;"
                        + " status.pending lists what holds it");
        var first = world.receipt();
        assertThat(first.statement()).contains("\"name\":\"backups/nightly-1\"");

        world.put(SnapshotListing.NONE);
        world.now = Instant.parse("2026-09-01T00:00:01Z");
        world.reconcile();
        assertThat(told(ErasureConditions.COMPLETE))
                .as("vectors are pending for as long as they are there")
                .startsWith("False StillHeld")
                .contains(vectors)
                .doesNotContain("until 2026");

        world.elasticsearch.put(List.of());
        world.reconcile();
        assertThat(told(ErasureConditions.COMPLETE)).startsWith("True NothingPending");
        assertThat(world.receipt().statement()).contains("\"issuedAt\":\"2026-09-01T00:00:01Z\"", "\"pending\":[]");
    }

    @Test
    void tellsHowManySnapshotsItHasNoRoomFor() {
        var begun = Instant.parse("2026-05-03T00:00:00Z");
        var hourly = IntStream.range(0, 60)
                .mapToObj(hour -> begun.plus(Duration.ofHours(hour)))
                .map(at -> new HeldSnapshot("backups", "at-" + at, at, Optional.of(at.plus(Duration.ofDays(30)))))
                .toList();
        world.put(new SnapshotListing(hourly, Optional.of("repository old can't be read: it is missing")));
        world.elasticsearch.put(List.of(new FormerVectors("vectors", Optional.empty())));
        world.erase();

        var pending = Objects.requireNonNull(world.status().pending());
        assertThat(pending).hasSize(ErasureStatus.MAX_PENDING);
        assertThat(pending)
                .extracting(ErasureStatus.Pending::name)
                .startsWith("snapshots", "vectors", "backups/at-" + begun)
                .endsWith("backups/at-" + begun.plus(Duration.ofHours(46)), "13 more");
        assertThat(pending.getLast().since())
                .isEqualTo(begun.plus(Duration.ofHours(47)).toString());
        assertThat(pending.getLast().expires())
                .isEqualTo(begun.plus(Duration.ofHours(59))
                        .plus(Duration.ofDays(30))
                        .toString());
        assertThat(world.receipt().statement()).contains("\"name\":\"13 more\"", "\"name\":\"vectors\"");
        assertThat(told(ErasureConditions.COMPLETE)).contains("backups/at-2026-05-03T00:00:00Z until", " and others;");
    }

    @Test
    void keepsWhatItKnowsWhileElasticsearchIsSilent() {
        world.erase();
        var receipt = world.receipt();
        world.silent = Optional.of(new Obstacle("ElasticsearchUnreachable", "no answer"));
        world.reconcile();
        assertThat(ready()).isEqualTo("False ElasticsearchUnreachable: no answer");
        assertThat(world.receipt()).isEqualTo(receipt);
        assertThat(Erasures.held(Stream.of(world.erasure)).coversKey(ErasureWorld.KEY))
                .isTrue();
    }

    @Test
    void forgetsNoKeyThoughTheLedgerHasLostItsReport() {
        world.erase();
        world.elasticsearch.forgetErased(ErasureWorld.NAMES, ErasureWorld.UID);
        assertThat(world.reconcile().steps()).hasSize(1);
        world.erased(0);
        world.reconcile();
        assertThat(ready()).startsWith("True Verified");
        assertThat(world.status().documentKeys()).containsExactly(ErasureWorld.KEY);
    }

    @Test
    void isNotReadyWithoutTheSignatureThatIsDeclared() {
        world.key = new SigningKey.Unusable("Secret docs/receipts does not exist; create it");
        world.erase();
        assertThat(ready())
                .isEqualTo("False SigningKeyMissing: what is covered is erased, but the receipt can't be signed:"
                        + " Secret docs/receipts does not exist; create it");
        assertThat(told(Conditions.STALLED)).startsWith("True");
    }

    @Test
    void doesNothingWhileItIsPaused() {
        world.paused = true;
        assertThat(world.reconcile().steps()).isEmpty();
        assertThat(ready()).startsWith("False Paused");
        assertThat(told(Conditions.RECONCILING)).startsWith("False");
    }

    @Test
    void coversNothingByASelectorWithoutFields() {
        world.erasure.setSpec(new ErasureSpec(
                new LocalReference("handbook"),
                null,
                null,
                List.of(new ErasureSpec.MetadataSelector(Map.of())),
                null,
                null));
        assertThat(world.reconcile().steps()).isEmpty();
        assertThat(ready()).startsWith("False InvalidSpec");
        assertThat(Erasures.held(Stream.of(world.erasure)).isEmpty()).isTrue();
    }

    private String ready() {
        return told(Conditions.READY);
    }

    private String told(String type) {
        Condition condition = world.condition(type);
        return condition.getStatus() + " " + condition.getReason() + ": " + condition.getMessage();
    }
}
