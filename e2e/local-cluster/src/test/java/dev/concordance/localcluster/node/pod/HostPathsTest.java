package dev.concordance.localcluster.node.pod;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostPathsTest {
    @TempDir
    private Path image;

    private HostPaths paths;

    @BeforeEach
    void unpack() throws IOException {
        Files.createDirectories(image.resolve("app/libs"));
        paths = new HostPaths(
                Map.of("/workspace", Path.of("/h/w"), "/etc/run", Path.of("/h/r"), "/etc/run/inner", Path.of("/h/i")),
                image);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/workspace                       | /h/w",
                "/workspace/a b                   | /h/w/a b",
                "/workspaces                      | /workspaces",
                "--mount=docs=/workspace/docs     | --mount=docs=/h/w/docs",
                "docs=/etc/run/inner/x            | docs=/h/i/x",
                "/etc/run/other:/workspace        | /h/r/other:/h/w",
                "a/workspace                      | a/workspace",
                "http://host/workspace            | http://host/workspace",
                "https:///workspace               | https:///workspace",
                "file:///workspace/x              | file:///h/w/x",
                "{\"path\": \"/workspace/x\"}     | {\"path\": \"/h/w/x\"}",
                "/workspace/../etc                | /h/w/../etc",
                "/                                | /",
                "$1\\                             | $1\\",
            })
    void putsTheFolderInThePlaceOfItsMount(String text, String rewritten) {
        assertThat(paths.rewrite(text)).isEqualTo(rewritten);
    }

    @Test
    void putsTheImageInThePlaceOfItsPaths() {
        assertThat(paths.rewrite("/app/libs/*:/app/none:/app"))
                .isEqualTo(image + "/app/libs/*:/app/none:" + image + "/app");
        assertThat(paths.rewrite("/../etc/passwd")).isEqualTo("/../etc/passwd");
    }
}
