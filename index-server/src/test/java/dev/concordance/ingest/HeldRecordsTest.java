package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.index.DocumentChange;
import dev.concordance.index.ManifestRecord;
import dev.concordance.index.ManifestRecord.State;
import dev.concordance.index.RecordCodec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeldRecordsTest {
    @TempDir
    private Path workspace;

    private static ManifestRecord record(String id, int chunks) {
        return new ManifestRecord(
                "files",
                id,
                "key",
                "hash",
                "hash",
                1,
                chunks,
                9L * chunks,
                null,
                0,
                State.Indexed,
                null,
                null,
                null,
                null);
    }

    private HeldRecords held(List<ManifestRecord> records) {
        return new HeldRecords(workspace, spools -> {
            try (var spool = spools.spool(new RecordCodec())) {
                records.forEach(spool::add);
                return spool.end();
            }
        });
    }

    private static List<ManifestRecord> all(HeldRecords held) {
        var all = new ArrayList<ManifestRecord>();
        try (var records = held.records().open()) {
            records.forEachRemaining(all::add);
        }
        return all;
    }

    private static DocumentChange change(@Nullable ManifestRecord before, @Nullable ManifestRecord after) {
        return new DocumentChange("", before, after, List.of(), null);
    }

    @Test
    void takesTheLastOfWhatWasWrittenOfADocument() {
        try (var held = held(List.of(record("a", 1), record("c", 1)))) {
            held.record(change(record("a", 1), record("a", 2)));
            held.record(change(null, record("b", 5)));
            held.record(change(record("a", 2), record("a", 3)));
            held.record(change(record("c", 1), null));
            held.bringUpToDate();
            assertThat(all(held)).containsExactly(record("a", 3), record("b", 5));
            assertThat(held.tally().chunks()).isEqualTo(8);
            assertThat(held.tally().indexed()).isEqualTo(2);
        }
        assertThat(workspace).isEmptyDirectory();
    }

    @Test
    void equalsAMapAfterAnyChanges() {
        var random = new Random(5);
        var expected = new TreeMap<String, ManifestRecord>();
        try (var held = held(List.of())) {
            for (var round = 0; round < 50; round++) {
                for (var change = 0; change < 20; change++) {
                    var id = "d%02d".formatted(random.nextInt(40));
                    var before = expected.get(id);
                    if (before != null && random.nextInt(3) == 0) {
                        held.record(change(before, null));
                        expected.remove(id);
                    } else {
                        var after = record(id, random.nextInt(9));
                        held.record(change(before, after));
                        expected.put(id, after);
                    }
                }
                held.bringUpToDate();
                assertThat(all(held)).containsExactlyElementsOf(expected.values());
            }
        }
    }
}
