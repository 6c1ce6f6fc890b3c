package dev.concordance.operator.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.api.v1alpha1.IngestionRun;
import dev.concordance.manifest.Tombstone;
import dev.concordance.manifest.Tombstones;
import dev.concordance.operator.run.RunObservation.JobState;
import dev.concordance.operator.workload.WorkerImage;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.List;
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
}
