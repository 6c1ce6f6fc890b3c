package dev.concordance.localcluster.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;

/** Pods that come to an end. */
@ExtendWith(TestNode.Shared.class)
class JobsIT {
    private final TestNode node;
    private TestNamespace here;

    JobsIT(TestNode node) {
        this.node = node;
    }

    @BeforeEach
    void makeNamespace(TestInfo test) {
        here = node.namespace(test.getTestMethod().orElseThrow().getName().toLowerCase(Locale.ROOT));
    }

    @Test
    void endsAJobWithItsExitCodeAndTheEndOfItsLog() {
        here.apply("""
                apiVersion: batch/v1
                kind: Job
                metadata: {name: failing}
                spec:
                  backoffLimit: 0
                  template:
                    spec:
                      restartPolicy: Never
                      containers:
                        - name: main
                          image: test/pod-program:1
                          args: [fail, "3", "nothing to read"]
                          terminationMessagePolicy: FallbackToLogsOnError
                """);
        here.await(
                "the Job to fail",
                () -> node
                        .client()
                        .batch()
                        .v1()
                        .jobs()
                        .inNamespace(here.name())
                        .withName("failing")
                        .get()
                        .getStatus()
                        .getConditions()
                        .stream()
                        .anyMatch(c ->
                                c.getType().equals("Failed") && c.getStatus().equals("True")));
        assertThat(here.pod().getStatus().getPhase()).isEqualTo("Failed");
        var terminated = TestNamespace.status(here.pod()).getState().getTerminated();
        assertThat(terminated.getExitCode()).isEqualTo(3);
        assertThat(terminated.getMessage()).contains("nothing to read");
        assertThat(node.client().pods().resource(here.pod()).getLog()).contains("nothing to read");
        assertThat(node.client().pods().resource(here.pod()).tailingLines(0).getLog())
                .isEmpty();
    }
}
