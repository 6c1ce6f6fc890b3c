package dev.concordance.localcluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DaemonTest {
    @Test
    void isFoundByItsPidFileAndEnds(@TempDir Path folder) {
        new Daemon("sleeper", folder).start(List.of("sleep", "60"), Map.of());
        var found = new Daemon("sleeper", folder);
        assertThat(found.isRunning()).isTrue();

        found.stop(Duration.ofSeconds(5));

        assertThat(found.isRunning()).isFalse();
    }

    @Test
    void isFoundAlthoughTheClockWasSet(@TempDir Path folder) throws IOException {
        var self = ProcessHandle.current();
        var started = self.info().startInstant().orElseThrow().minusSeconds(3);
        Files.writeString(folder.resolve("self.pid"), self.pid() + " " + started.toEpochMilli() + "\n");

        assertThat(new Daemon("self", folder).isRunning()).isTrue();
    }

    @Test
    void neverTakesAnotherProcessOfTheSamePidForItsOwn(@TempDir Path folder) throws IOException {
        var self = ProcessHandle.current();
        Files.writeString(folder.resolve("sleeper.pid"), self.pid() + " 1\n");
        var stale = new Daemon("sleeper", folder);

        assertThat(stale.isRunning()).isFalse();
        stale.stop(Duration.ofSeconds(1));

        assertThat(self.isAlive()).isTrue();
        assertThat(folder.resolve("sleeper.pid")).doesNotExist();
    }
}
