package dev.concordance.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When an object has to be written. */
final class AppliedTest {
    @Test
    void isNotWrittenTwice() {
        assertThat(Applied.isCurrent(map("a"), map("a"))).isTrue();
        assertThat(Applied.isCurrent(map("a"), null)).isFalse();
    }

    @Test
    void isWrittenWhenTheDesiredStateChanges() {
        assertThat(Applied.isCurrent(map("b"), map("a"))).isFalse();
    }

    @Test
    void isWrittenWhenSomebodyHasChangedIt() {
        var changed =
                new ConfigMapBuilder(map("a")).withData(Map.of("key", "mine")).build();
        assertThat(Applied.isCurrent(map("a"), changed)).isFalse();
        var emptied = new ConfigMapBuilder(map("a")).withData(Map.of()).build();
        assertThat(Applied.isCurrent(map("a"), emptied)).isFalse();
    }

    @Test
    void isWrittenWhenADesiredFieldWasTakenAway() {
        var without = Applied.sealed(new DeploymentBuilder(deployment("1", null)).build());
        assertThat(Applied.isCurrent(without, Applied.sealed(deployment("1", "gpu"))))
                .isFalse();
    }

    @Test
    void doesNotMindWhatTheApiServerFillsIn() {
        var stored = new DeploymentBuilder(Applied.sealed(deployment("1000m", null)))
                .editMetadata()
                .withUid("1")
                .withResourceVersion("7")
                .endMetadata()
                .editSpec()
                .withRevisionHistoryLimit(10)
                .editTemplate()
                .editSpec()
                .withDnsPolicy("ClusterFirst")
                .editFirstContainer()
                .withTerminationMessagePath("/dev/termination-log")
                .withTerminationMessagePolicy("File")
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
        assertThat(Applied.isCurrent(Applied.sealed(deployment("1000m", null)), stored))
                .isTrue();
        var canonical = new DeploymentBuilder(stored)
                .editSpec()
                .editTemplate()
                .editSpec()
                .editFirstContainer()
                .editResources()
                .addToRequests("cpu", new Quantity("1"))
                .endResources()
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
        assertThat(Applied.isCurrent(Applied.sealed(deployment("1000m", null)), canonical))
                .isTrue();
    }

    private static ConfigMap map(String value) {
        return Applied.sealed(new ConfigMapBuilder()
                .withNewMetadata()
                .withName("routing")
                .withNamespace("docs")
                .endMetadata()
                .withData(Map.of("key", value))
                .build());
    }

    private static Deployment deployment(String cpu, @Nullable String nodes) {
        return new DeploymentBuilder()
                .withNewMetadata()
                .withName("search")
                .withNamespace("docs")
                .endMetadata()
                .withNewSpec()
                .withNewTemplate()
                .withNewSpec()
                .withNodeSelector(nodes == null ? null : Map.of("pool", nodes))
                .addNewContainer()
                .withName("serve")
                .withNewResources()
                .addToRequests("cpu", new Quantity(cpu))
                .endResources()
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }
}
