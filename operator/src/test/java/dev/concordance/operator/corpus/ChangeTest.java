package dev.concordance.operator.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.api.v1alpha1.CorpusStatus;
import dev.concordance.api.v1alpha1.PlannedChange;
import dev.concordance.manifest.BundledModel;
import dev.concordance.manifest.Throughput;
import dev.concordance.operator.kube.Conditions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What becomes of a change that needs another generation, before anything is built. */
final class ChangeTest {
    private final CorpusWorld world = new CorpusWorld();

    @Test
    void tellsThePlanOfAChangeAndDoesIt() {
        serving();
        world.elasticsearch.put(CorpusWorld.NAMES, new Throughput(Map.of(world.model.digest(), 600.0), null));
        world.chunkTokens = 128;
        world.settle(1);
        var plan = plan();
        assertThat(plan.impact()).isEqualTo("RECHUNK");
        assertThat(plan.waitsFor()).isNull();
        assertThat(Objects.requireNonNull(plan.causes()))
                .containsExactly(
                        new PlannedChange.Cause("ChunkingPolicy spec.headings.maxTokens", "256", "128", "RECHUNK"));
        assertThat(Objects.requireNonNull(plan.work()).documents()).isEqualTo(412);
        assertThat(plan.work().duration()).isNotNull();
        assertThat(world.stored()).hasSize(2);
        assertThat(world.truth(ReleaseConditions.PLAN_ADMITTED)).isEqualTo("True");
    }

    @Test
    void waitsForApprovalOfThisVeryPlan() {
        manual();
        serving();
        world.chunkTokens = 128;
        world.settle(1);
        assertThat(world.stored()).hasSize(1);
        var digest = Objects.requireNonNull(plan().digest());
        assertThat(plan().waitsFor()).containsExactly("Approval");
        assertThat(world.reason(Conditions.READY)).isEqualTo("ChangeWaitsForApproval");
        assertThat(world.truth(Conditions.STALLED)).isEqualTo("True");
        assertThat(world.message(ReleaseConditions.PLAN_ADMITTED))
                .startsWith("RECHUNK for ChunkingPolicy spec.headings.maxTokens (256 -> 128): 412 documents, ")
                .endsWith("concordance.dev/approve-plan=" + digest);
        world.approvedPlan = Optional.of(digest);
        world.chunkTokens = 64;
        world.settle(1);
        assertThat(world.stored()).as("that was another plan").hasSize(1);
        assertThat(plan().digest()).isNotEqualTo(digest);
        world.chunkTokens = 128;
        world.settle(1);
        assertThat(world.stored()).hasSize(2);
        assertThat(plan().waitsFor()).isNull();
    }

    @Test
    void keepsSyncingWhatServesWhileAChangeWaits() {
        manual();
        serving();
        world.chunkTokens = 128;
        world.settle(1);
        world.pass(Duration.ofMinutes(14).plusSeconds(30));
        world.settle(1);
        assertThat(world.runs.values().stream().filter(SeenRun::isUnfinished)).hasSize(1);
    }

    @Test
    void letsAFirstGenerationWaitForNobody() {
        manual();
        serving();
        assertThat(world.live()).isEqualTo(1);
        assertThat(world.status.orElseThrow().plan()).isNull();
    }

    @Test
    void waitsWhereAPlanTakesMoreTokensThanTheBudgetAllows() {
        world.release =
                new DeclaredRelease(false, Optional.empty(), Optional.of(1_000L), Duration.ZERO, 0, Optional.empty());
        serving();
        world.model = BundledModel.ALL_MINILM_L6_V2_Q.manifest();
        world.settle(1);
        assertThat(world.reason(Conditions.READY)).isEqualTo("ChangeExceedsBudget");
        assertThat(plan().waitsFor()).containsExactly("Budget");
        world.approvedPlan = Optional.ofNullable(plan().digest());
        world.settle(1);
        assertThat(world.stored()).hasSize(2);
    }

    @Test
    void waitsWhereTheDisksWouldFillUp() {
        serving();
        world.elasticsearch.room(1_000_000L);
        world.chunkTokens = 128;
        world.settle(1);
        assertThat(world.reason(Conditions.READY)).isEqualTo("DiskTooSmall");
        assertThat(world.message(Conditions.READY)).contains("room for 1Mi");
        assertThat(world.stored()).hasSize(1);
        world.elasticsearch.room(1_000_000_000L);
        world.settle(1);
        assertThat(world.stored()).hasSize(2);
    }

    @Test
    void keepsThePlanAsItWasWhileItIsDoneAndTellsThenWhatItTook() {
        serving();
        world.chunkTokens = 128;
        world.settle(1);
        var planned = plan();
        world.elasticsearch.room(1L);
        world.settle(1);
        assertThat(plan()).isEqualTo(planned);
        world.pass(Duration.ofMinutes(3));
        world.finishRuns(500);
        world.settle(1);
        assertThat(world.live()).isEqualTo(2);
        assertThat(world.status.orElseThrow().plan()).isNull();
        var done = Objects.requireNonNull(world.status.orElseThrow().lastChange());
        assertThat(done.digest()).isEqualTo(planned.digest());
        assertThat(done.generation()).isEqualTo(2);
        assertThat(done.planned()).isEqualTo(planned.work());
        assertThat(Objects.requireNonNull(done.actual()).documents()).isEqualTo(500);
        assertThat(done.actual().duration()).isEqualTo("3m");
        world.pass(Duration.ofMinutes(1));
        world.settle(1);
        assertThat(world.status.orElseThrow().lastChange()).isEqualTo(done);
    }

    @Test
    void tellsOfNoChangeThatWasTakenBack() {
        serving();
        world.chunkTokens = 128;
        world.settle(1);
        world.chunkTokens = 256;
        world.settle(1);
        assertThat(world.status.orElseThrow().plan()).isNull();
        assertThat(world.status.orElseThrow().lastChange()).isNull();
    }

    @Test
    void rebuildsWhatIsLostWithoutAskingAnybody() {
        manual();
        serving();
        world.elasticsearch.damage(CorpusWorld.NAMES, 1);
        world.settle(1);
        assertThat(world.stored()).hasSize(2);
        assertThat(world.reason(Conditions.READY)).isEqualTo("IndexLost");
    }

    @Test
    void writesMoneySizesAndTimesForPeople() {
        assertThat(ChangeStatus.money(new java.math.BigDecimal("0.00011"))).isEqualTo("0.0002");
        assertThat(ChangeStatus.money(new java.math.BigDecimal("12"))).isEqualTo("12.00");
        assertThat(ChangeStatus.size(1)).isEqualTo("1Mi");
        assertThat(List.of(
                        ChangeStatus.text(Duration.ofMillis(1_200)),
                        ChangeStatus.text(Duration.ofSeconds(121)),
                        ChangeStatus.text(Duration.ofMinutes(181))))
                .containsExactly("2s", "3m", "4h");
    }

    private PlannedChange plan() {
        return Objects.requireNonNull(
                world.status.map(CorpusStatus::plan).orElseThrow(() -> new AssertionError("there is no plan")));
    }

    private void manual() {
        world.release =
                new DeclaredRelease(true, Optional.empty(), Optional.empty(), Duration.ZERO, 0, Optional.empty());
    }

    private void serving() {
        world.settle(1);
        world.finishRuns(412);
        world.settle(1);
    }
}
