package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.index.DocumentChange;
import dev.concordance.index.ManifestRecord;
import dev.concordance.index.ManifestRecord.State;
import dev.concordance.manifest.QuarantineReason;
import dev.concordance.source.Entry;
import dev.concordance.spool.Spools;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which changes count where it is told how long changes took. */
class ChangeTimesTest {
    private static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");

    @TempDir
    private Path folder;

    private Spools spools;

    @BeforeEach
    void open() {
        spools = Spools.in(folder);
    }

    @AfterEach
    void close() {
        spools.close();
    }

    private static ManifestRecord record(String id, String changeKey, long version) {
        return new ManifestRecord(
                "files", id, changeKey, "c", "m", version, 1, 9, null, 0, State.Indexed, null, null, null, null);
    }

    private static DocumentChange change(@Nullable ManifestRecord before, ManifestRecord after) {
        return new DocumentChange(after.key(), before, after, List.of(), null);
    }

    private static Work work(String source, String id, @Nullable Instant changedAt) {
        return new Work(source, new Entry.File(id, "2", OptionalLong.of(1), changedAt), null, "2/s", false);
    }

    /** The times that are found, where all of these were to be read and these were written. */
    private List<Instant> found(List<Work> listed, DocumentChange... written) {
        var works = spools.spool(Work.CODEC);
        listed.forEach(works::add);
        var found = new ArrayList<Instant>();
        try (var times = new ChangeTimes(works.end(), spools)) {
            List.of(written).forEach(times::add);
            try (var all = times.end().open()) {
                all.forEachRemaining(found::add);
            }
        }
        return found;
    }

    private List<Instant> found(@Nullable ManifestRecord before, ManifestRecord after) {
        return found(List.of(work("files", "a", NOON)), change(before, after));
    }

    @Test
    void countsWhatWasAddedAndWhatWasChanged() {
        var listed = List.of(
                work("earlier", "b", NOON.minusSeconds(9)),
                work("files", "a", NOON),
                work("files", "b", NOON.plusSeconds(1)),
                work("files", "c", NOON.plusSeconds(2)),
                work("later", "a", NOON.plusSeconds(9)));
        assertThat(found(
                        listed,
                        change(record("a", "1/s", 6), record("a", "2/s", 7)),
                        change(null, record("c", "2/s", 7))))
                .as("b could not be read")
                .containsExactly(NOON, NOON.plusSeconds(2));
    }

    @Test
    void countsWhatCouldNotBeIndexedAsItWasBefore() {
        var broken = record("a", "1/s", 6).quarantined(QuarantineReason.BrokenJson, "broken");
        assertThat(found(broken, record("a", "2/s", 7))).containsExactly(NOON);
    }

    @Test
    void countsNothingThatIsWrittenForAnotherReasonThanAChangeOfItsSource() {
        assertThat(found(record("a", "2/s", 6), record("a", "2/s", 7)))
                .as("begun by a run that died, damaged, or without vectors until now")
                .isEmpty();
        assertThat(found(record("a", "2/old", 6), record("a", "2/s", 7)))
                .as("the source is declared otherwise")
                .isEmpty();
        var tooLarge = record("a", "2/s", 6).exceeding("10/5", QuarantineReason.TooLarge, "too large");
        assertThat(found(tooLarge, record("a", "2/s", 7)))
                .as("a limit was raised")
                .isEmpty();
        assertThat(found(record("a", "2/s", 6).erased("uid"), record("a", "2/s", 7)))
                .as("its Erasure has gone")
                .isEmpty();
    }

    @Test
    void countsNothingThatSearchesFindNoOtherwiseThanBefore() {
        assertThat(found(record("a", "1/s", 6), record("a", "2/s", 6)))
                .as("a file that was touched")
                .isEmpty();
        var broken = record("a", "2/s", 7).quarantined(QuarantineReason.BrokenJson, "broken");
        assertThat(found(record("a", "1/s", 6), broken)).isEmpty();
        assertThat(found(List.of(work("files", "a", NOON)), DocumentChange.removal(record("a", "1/s", 6))))
                .isEmpty();
    }

    @Test
    void countsNothingOfWhichItsSourceDoesNotSayWhen() {
        assertThat(found(List.of(work("files", "a", null)), change(null, record("a", "2/s", 7))))
                .isEmpty();
    }
}
