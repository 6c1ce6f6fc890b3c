package dev.concordance.localcluster.node.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.localcluster.node.pod.AtomicFolder.Content;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFolderTest {
    @TempDir
    private Path folder;

    @Test
    void changesAllFilesAtOnceAndLeavesNoneBehind() throws IOException {
        var volume = new AtomicFolder(folder);
        volume.write(Map.of("a", content("1"), "b", content("1"), "deep/c", content("1")));
        var seenAtOnce = folder.resolve("..data").toRealPath();

        volume.write(Map.of("a", content("2"), "deep/d", content("2")));

        assertThat(folder.resolve("a")).hasContent("2");
        assertThat(folder.resolve("b")).doesNotExist();
        assertThat(folder.resolve("deep/c")).doesNotExist();
        assertThat(folder.resolve("deep/d")).hasContent("2");
        assertThat(seenAtOnce).doesNotExist();
        assertThat(Files.readSymbolicLink(folder.resolve("a"))).isEqualTo(Path.of("..data/a"));
    }

    @Test
    void givesFilesTheirMode() throws IOException {
        new AtomicFolder(folder).write(Map.of("key", new Content(new byte[0], 0400)));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("key"))))
                .isEqualTo("r--------");
    }

    @Test
    void writesNothingOutside() {
        assertThatThrownBy(() -> new AtomicFolder(folder).write(Map.of("../../x", content("1"))))
                .hasMessageContaining("leaves its volume");
    }

    private static Content content(String text) {
        return new Content(text.getBytes(StandardCharsets.UTF_8), 0644);
    }
}
