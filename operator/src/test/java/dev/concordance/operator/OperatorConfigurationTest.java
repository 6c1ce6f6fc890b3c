package dev.concordance.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.WithDefault;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What holds in an installation that sets nothing. */
final class OperatorConfigurationTest {
    private static final Map<String, String> DEFAULTS = Map.ofEntries(
            Map.entry("watchNamespaces", "JOSDK_ALL_NAMESPACES"),
            Map.entry("indexServer.image", "concordance/index-server:latest"),
            Map.entry("indexServer.pullPolicy", "IfNotPresent"),
            Map.entry("indexServer.pullSecrets", "none"),
            Map.entry("leaderElection.namespace", "default"),
            Map.entry("leaderElection.leaseName", "concordance-operator"),
            Map.entry("elasticsearch.requestTimeout", "10s"),
            Map.entry("elasticsearch.checkInterval", "30s"),
            Map.entry("ingestion.privateNetworkNamespaces", "none"),
            Map.entry("runs.progressInterval", "2s"),
            Map.entry("runs.retained", "3"),
            Map.entry("resync", "60s"),
            Map.entry("watchdogPatience", "2m"));

    @Test
    void hasADefaultForEverySettingAndNoOther() {
        var found = new TreeMap<String, String>();
        collect("", OperatorConfiguration.class, found);
        assertThat(found).containsExactlyInAnyOrderEntriesOf(DEFAULTS);
    }

    private static void collect(String prefix, Class<?> group, Map<String, String> found) {
        for (var setting : group.getDeclaredMethods()) {
            var declared = setting.getAnnotation(WithDefault.class);
            if (setting.getReturnType().equals(Optional.class)) {
                assertThat(declared).as(prefix + setting.getName()).isNull();
                found.put(prefix + setting.getName(), "none");
            } else if (declared == null) {
                assertThat(setting.getReturnType().isInterface())
                        .as(prefix + setting.getName())
                        .isTrue();
                collect(prefix + setting.getName() + ".", setting.getReturnType(), found);
            } else {
                found.put(prefix + setting.getName(), declared.value());
            }
        }
    }
}
