package dev.concordance.operator.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.api.v1alpha1.IngestionRun;
import dev.concordance.manifest.Tombstone;
import dev.concordance.manifest.Tombstones;
import dev.concordance.operator.corpus.RunPhase;
import dev.concordance.operator.run.RunObservation.JobState;
import dev.concordance.operator.workload.WorkerImage;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SeenWorkloadsTest {
    private static final WorkerImage IMAGE = new WorkerImage("image:1", "Never", List.of("registry"));

    private static Deployment follower() {
        var run = new IngestionRun();
        run.setMetadata(
                new ObjectMetaBuilder().withName("handbook-3").withUid("uid").build());
        return RunPlannerTest.launched(1).deployment(run);
    }

    @Test
    void knowsAFollowerThatIsWhatItWouldBe() {
        assertThat(SeenWorkloads.of(follower(), IMAGE, Tombstones.NONE).state()).isEqualTo(JobState.ACTIVE);
    }

    @Test
    void tellsAFollowerOfAnotherImage() {
        var newer = new WorkerImage("image:2", "Never", List.of());
        assertThat(SeenWorkloads.of(follower(), newer, Tombstones.NONE).state()).isEqualTo(JobState.OUTDATED);
    }

    @Test
    void tellsAFollowerThatKnowsOtherErasuresThanThereAre() {
        var erased = Tombstones.of(List.of(new Tombstone("uid", List.of("a"), List.of(), List.of(), List.of())));
        assertThat(SeenWorkloads.of(follower(), IMAGE, erased).state()).isEqualTo(JobState.OUTDATED);
    }

    @Test
    void tellsAJobOfAnotherImageOnlyWhereAPodCantGetIt() {
        var newer = new WorkerImage("image:2", "Never", List.of());
        assertThat(state(newer, "ErrImageNeverPull")).isEqualTo(JobState.OUTDATED);
        assertThat(state(newer, "ImagePullBackOff")).isEqualTo(JobState.OUTDATED);
        assertThat(state(newer, "ContainerCreating")).isEqualTo(JobState.ACTIVE);
        assertThat(state(IMAGE, "ErrImageNeverPull"))
                .as("there is no other one")
                .isEqualTo(JobState.ACTIVE);
    }

    @Test
    void saysThatAPodWaitsAsCorporaReadIt() {
        assertThat(RunReason.PodWaits.name()).isEqualTo(RunPhase.POD_WAITS);
    }

    private static JobState state(WorkerImage image, String reason) {
        var run = new IngestionRun();
        run.setMetadata(
                new ObjectMetaBuilder().withName("handbook-3").withUid("uid").build());
        var status = new ContainerStatusBuilder()
                .withNewState()
                .withNewWaiting()
                .withReason(reason)
                .endWaiting()
                .endState()
                .build();
        var pod = new PodBuilder()
                .withNewStatus()
                .withPhase("Pending")
                .withContainerStatuses(status)
                .endStatus()
                .build();
        return SeenWorkloads.of(RunPlannerTest.launched(1).job(run), image, Stream.of(pod))
                .state();
    }
}
