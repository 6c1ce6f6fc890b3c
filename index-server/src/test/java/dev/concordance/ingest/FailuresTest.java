package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.concordance.manifest.FailureReason;
import dev.concordance.source.Entry;
import dev.concordance.spool.Spools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailuresTest {
    @Test
    void tellsAWorkspaceThatCannotBeWrittenFromABug(@TempDir Path folder) throws Exception {
        var file = Files.writeString(folder.resolve("file"), "no folder");
        var failure = Failures.of(catchThrowable(() -> {
            try (var spools = Spools.in(file);
                    var rows = spools.onDisk(Work.CODEC)) {
                rows.add(new Work("docs", new Entry.File("a.md", "1", OptionalLong.of(1), null), null, "key", false));
            }
        }));
        assertThat(failure.reason()).isEqualTo(FailureReason.WorkspaceUnusable);
        assertThat(failure.retryable()).isTrue();
        assertThat(failure.message()).contains("more room");
    }

    @Test
    void saysWhatToDoWhereThereIsNoMemory() {
        var failure = Failures.of(new OutOfMemoryError("Java heap space"));
        assertThat(failure.message()).contains("ran out of memory").contains("ingestion.resources");
    }
}
