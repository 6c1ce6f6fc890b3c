package dev.concordance.localcluster.node.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.localcluster.node.image.Image;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LaunchTest {
    private static final Path SCRATCH = Path.of("/h/tmp");

    @TempDir
    private Path root;

    private Image image;

    @BeforeEach
    void unpack() throws IOException {
        Files.createDirectories(root.resolve("app/classes"));
        Files.writeString(root.resolve("app/jib-classpath-file"), "/app/classes:/app/none\n");
        Files.writeString(root.resolve("app/jib-main-class-file"), "dev.Main");
        Files.writeString(root.resolve("app/jvm.options"), "# little\n-Xmx1g\n\n-Xms8m  # at first\n");
        image = new Image(
                "sha256:0",
                root,
                List.of("java", "@/app/jvm.options", "-cp", "@/app/jib-classpath-file", "@/app/jib-main-class-file"),
                List.of("help"),
                Map.of("MODE", "image", "MODELS", "/app/classes"));
    }

    @Test
    void runsTheEntryPointOnTheJdkOfTheHostWithTheFilesOfTheImageInPlace() {
        var launch = launch(new ContainerBuilder().build());

        assertThat(launch.command().getFirst()).endsWith("/bin/java");
        assertThat(launch.command().subList(1, launch.command().size()))
                .containsExactly(
                        "-Djava.io.tmpdir=/h/tmp",
                        "-Xmx1g",
                        "-Xms8m",
                        "-cp",
                        root + "/app/classes:/app/none",
                        "dev.Main",
                        "help");
        assertThat(launch.environment()).containsEntry("MODELS", root + "/app/classes");
    }

    @Test
    void takesArgumentsAndEnvironmentOfThePodBeforeThoseOfTheImage() {
        var launch = launch(new ContainerBuilder()
                .withArgs("serve", "$(NAME)", "$$(NAME)", "$(OTHER)")
                .build());

        assertThat(launch.command())
                .endsWith("serve", "pod", "$(NAME)", "$(OTHER)")
                .doesNotContain("help");
        assertThat(launch.environment()).containsEntry("MODE", "pod").containsEntry("HOME", "given");
    }

    @Test
    void tellsJavaTheLimitsThatItWouldSeeInAContainer() {
        var limits = new ResourceRequirementsBuilder()
                .addToLimits("memory", new Quantity("1536Mi"))
                .addToLimits("cpu", new Quantity("1500m"))
                .build();

        assertThat(launch(new ContainerBuilder().withResources(limits).build()).command())
                .contains("-XX:MaxRAM=1610612736", "-XX:ActiveProcessorCount=2");
    }

    @Test
    void runsNothingButJava() {
        var shell = new ContainerBuilder().withCommand("sh", "-c", "true").build();

        assertThatThrownBy(() -> launch(shell)).hasMessageContaining("starts with java");
    }

    private Launch launch(Container container) {
        return Launch.of(
                container,
                image,
                Map.of("MODE", "pod", "NAME", "pod", "HOME", "declared"),
                Map.of("HOME", "given"),
                new HostPaths(Map.of(), root),
                SCRATCH);
    }
}
