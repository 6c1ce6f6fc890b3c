package dev.concordance.localcluster.node.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PodPlannerTest {
    private static final Instant NOW = Instant.parse("2026-01-01T01:00:00Z");
    private static final Container MAIN =
            new ContainerBuilder().withName("main").withImage("i").build();
    private static final Run RUNNING = new Run(3, NOW.minusSeconds(60), null);
    private static final Health SICK =
            Health.FRESH.with(Health.Kind.LIVENESS, new ProbeState(ProbeState.Verdict.FAILING, 3, false, NOW));

    /** A situation of a container, what is done, and what the pod's status then says. */
    record Case(String policy, boolean deleted, ContainerSeen seen, List<Step> steps, String phase, String state) {}

    static List<Case> cases() {
        var start = List.<Step>of(new Step.Start("main", 0));
        var again = List.<Step>of(new Step.Start("main", 4));
        var end = List.<Step>of(new Step.End("main", 30));
        var delete = List.<Step>of(new Step.Delete());
        var none = List.<Step>of();
        return List.of(
                new Case("Always", false, seen(null), start, "Pending", "ContainerCreating"),
                new Case("Always", false, seen(RUNNING), none, "Running", "running"),
                new Case("Always", false, seen(exited(0)), again, "Running", "CrashLoopBackOff"),
                new Case("Always", false, waiting(exited(1)), none, "Running", "CrashLoopBackOff"),
                new Case("OnFailure", false, seen(exited(1)), again, "Running", "CrashLoopBackOff"),
                new Case("OnFailure", false, seen(exited(0)), none, "Succeeded", "exit 0"),
                new Case("Never", false, seen(exited(0)), none, "Succeeded", "exit 0"),
                new Case("Never", false, seen(exited(3)), none, "Failed", "exit 3"),
                new Case("Always", false, unhealthy(false), end, "Running", "running"),
                new Case("Always", false, unhealthy(true), none, "Running", "running"),
                new Case("Always", false, refused(NOW.plusSeconds(1)), none, "Pending", "ErrImagePull"),
                new Case("Always", false, refused(NOW), start, "Pending", "ErrImagePull"),
                new Case("Always", true, seen(null), delete, "Pending", "ContainerCreating"),
                new Case("Always", true, seen(RUNNING), List.of(new Step.End("main", 7)), "Running", "running"),
                new Case("Always", true, unhealthy(true), none, "Running", "running"),
                new Case("Always", true, seen(exited(143)), delete, "Failed", "exit 143"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void plansAndTells(Case c) {
        var pod = pod(c.policy(), c.deleted(), null);

        assertThat(PodPlanner.plan(pod, List.of(c.seen()), NOW)).isEqualTo(c.steps());
        var status = PodStatuses.of(pod, List.of(c.seen()), null, "10.77.0.1", NOW);
        assertThat(status.getPhase()).isEqualTo(c.phase());
        assertThat(state(status)).isEqualTo(c.state());
    }

    @Test
    void neverStartsWhatHasEndedForGood() {
        var pod = pod("Never", false, new PodStatusBuilder().withPhase("Failed").build());

        assertThat(PodPlanner.plan(pod, List.of(seen(null)), NOW)).isEmpty();
    }

    @Test
    void tellsSinceWhenAConditionHoldsAndKeepsWhatOthersSay() {
        var before = new PodStatusBuilder()
                .addNewCondition()
                .withType("PodScheduled")
                .withStatus("True")
                .endCondition()
                .build();
        var pod = pod("Always", false, before);
        var first = PodStatuses.of(pod, List.of(seen(null)), before, "10.77.0.1", NOW);

        var second = PodStatuses.of(pod, List.of(seen(RUNNING)), first, "10.77.0.1", NOW.plusSeconds(9));

        assertThat(second.getConditions())
                .extracting(c -> c.getType() + " " + c.getStatus() + " " + c.getLastTransitionTime())
                .containsExactly(
                        "PodScheduled True null",
                        "PodReadyToStartContainers True 2026-01-01T01:00:00Z",
                        "Initialized True 2026-01-01T01:00:00Z",
                        "ContainersReady True 2026-01-01T01:00:09Z",
                        "Ready True 2026-01-01T01:00:09Z");
        assertThat(second.getStartTime()).isEqualTo("2026-01-01T01:00:00Z");
    }

    @Test
    void isReadyOnlyAfterItsProbes() {
        var probed = new ContainerBuilder(MAIN)
                .withNewStartupProbe()
                .endStartupProbe()
                .withNewReadinessProbe()
                .endReadinessProbe()
                .build();
        var started = Health.FRESH.with(Health.Kind.STARTUP, ProbeState.passing());
        var ready = started.with(Health.Kind.READINESS, ProbeState.passing());

        assertThat(List.of(Health.FRESH, started, ready))
                .extracting(health -> health.isReady(probed))
                .containsExactly(false, false, true);
        assertThat(List.of(Health.FRESH, started))
                .extracting(health -> health.isStarted(probed))
                .containsExactly(false, true);
    }

    private static String state(PodStatus status) {
        var state = status.getContainerStatuses().getFirst().getState();
        if (state.getWaiting() != null) {
            return state.getWaiting().getReason();
        }
        return state.getRunning() != null
                ? "running"
                : "exit " + state.getTerminated().getExitCode();
    }

    private static Run exited(int code) {
        return new Run(3, NOW.minusSeconds(60), new Run.Exit(code, NOW.minusSeconds(1), ""));
    }

    private static ContainerSeen seen(@Nullable Run run) {
        return new ContainerSeen(MAIN, run, null, false, Health.FRESH, BackOff.NONE, null);
    }

    private static ContainerSeen waiting(Run run) {
        return new ContainerSeen(MAIN, run, null, false, Health.FRESH, new BackOff(2, NOW.plusSeconds(1)), null);
    }

    private static ContainerSeen unhealthy(boolean ending) {
        return new ContainerSeen(MAIN, RUNNING, null, ending, SICK, BackOff.NONE, null);
    }

    private static ContainerSeen refused(Instant retryAt) {
        return new ContainerSeen(
                MAIN, null, null, false, Health.FRESH, BackOff.NONE, new Refusal("ErrImagePull", "no image", retryAt));
    }

    private static Pod pod(String policy, boolean deleted, @Nullable PodStatus status) {
        return new PodBuilder()
                .withNewMetadata()
                .withName("p")
                .withNamespace("n")
                .withUid("u")
                .withDeletionTimestamp(deleted ? "2026-01-01T00:59:59Z" : null)
                .withDeletionGracePeriodSeconds(deleted ? 7L : null)
                .endMetadata()
                .withNewSpec()
                .withRestartPolicy(policy)
                .withContainers(MAIN)
                .endSpec()
                .withStatus(status)
                .build();
    }
}
