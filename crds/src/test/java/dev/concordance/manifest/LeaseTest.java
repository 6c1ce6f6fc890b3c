package dev.concordance.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LeaseTest {
    private static final Instant NOW = Instant.EPOCH;

    @Test
    void keepsTheFirstEpochOfWhichSomethingMayBeHalfDone() {
        var first = Lease.NOBODYS.takenBy("a", 1, NOW);
        var second = first.takenBy("b", 1, NOW);
        assertThat(second.epoch()).isEqualTo(2);
        assertThat(second.unfinished()).isEqualTo(Map.of(1, 1L));
        assertThat(second.finished(1).unfinished()).isEmpty();
    }

    @Test
    void isHeldByAllWorkersOfARunTogetherAndLeavesNothingWhenAllHaveEnded() {
        var both = Lease.NOBODYS.takenBy("a", 0, 1, NOW).takenBy("a", 1, 1, NOW);
        assertThat(both.epochOf(1, 0)).isEqualTo(1);
        assertThat(both.epochOf(1, 1)).isEqualTo(2);
        var one = both.finished(1, 0);
        assertThat(one.epochOf(1, 0)).isNull();
        assertThat(one.unfinished()).containsKey(1);
        assertThat(one.finished(1, 1).unfinished()).isEmpty();
        var late = one.finished(1, 1).takenBy("a", 2, 1, NOW);
        assertThat(late.unfinished()).isEqualTo(Map.of(1, 3L));
        assertThat(late.finished(1, 2).unfinished()).isEmpty();
    }

    @Test
    void remembersThatAWorkerBeganAgain() {
        var again = Lease.NOBODYS.takenBy("a", 0, 1, NOW).takenBy("a", 0, 1, NOW);
        assertThat(again.epochOf(1, 0)).isEqualTo(2);
        assertThat(again.finished(1, 0).unfinished()).isEqualTo(Map.of(1, 1L));
    }

    @Test
    void remembersWhatWasHalfDoneBeforeTheWorkersBegan() {
        var killed = Lease.NOBODYS.takenBy("before", 1, NOW);
        assertThat(killed.takenBy("a", 0, 1, NOW).finished(1, 0).unfinished()).isEqualTo(Map.of(1, 1L));
        assertThat(killed.takenBy("a", 0, 2, NOW).finished(2, 0).unfinished()).isEqualTo(Map.of(1, 1L));
    }

    @Test
    void isTakenFromAllWorkersByWhoeverComesNext() {
        var workers = Lease.NOBODYS.takenBy("a", 0, 1, NOW).takenBy("a", 1, 1, NOW);
        assertThat(workers.takenBy("a", 1, NOW).epochOf(1, 0)).isNull();
        assertThat(workers.takenBy("b", 0, 1, NOW).epochOf(1, 1)).isNull();
    }

    @Test
    void isReadAsOlderProgramsWroteIt() throws Exception {
        var old = """
                {"epoch": 3, "holder": "r", "unfinished": {"1": 2}, "since": "2026-05-04T10:12:00Z"}
                """;
        var lease = ManifestJson.mapper().readValue(old, Lease.class);
        assertThat(lease.holders()).isEmpty();
        assertThat(lease.takenBy("b", 1, NOW).epoch())
                .as("an epoch never goes back")
                .isEqualTo(4);
        assertThat(lease.unfinished()).isEqualTo(Map.of(1, 2L));
        var divided = lease.takenBy("a", 0, 1, NOW);
        assertThat(ManifestJson.mapper().readValue(ManifestJson.mapper().writeValueAsString(divided), Lease.class))
                .isEqualTo(divided);
    }

    @Test
    void isHeldByAWriterForEachGeneration() {
        var both = Lease.NOBODYS.takenBy("live", 1, NOW).takenBy("build", 2, NOW);
        assertThat(both.epochOf(1, null)).isEqualTo(1);
        assertThat(both.epochOf(2, null)).isEqualTo(2);
        var renewed = both.renewed(1, true);
        assertThat(renewed.epochOf(1, null)).as("one counter for both").isEqualTo(3);
        assertThat(renewed.epochOf(2, null)).isEqualTo(2);
        assertThat(renewed.unfinished()).isEqualTo(Map.of(1, 3L, 2, 2L));
        assertThat(renewed.finished(2).unfinished()).isEqualTo(Map.of(1, 3L));
    }

    @Test
    void isTakenFromAllWritersByOneThatErasesAndFromThatOneByAnyOther() {
        var erasing =
                Lease.NOBODYS.takenBy("live", 1, NOW).takenBy("a", 0, 2, NOW).takenBy("erasing", NOW);
        assertThat(erasing.epochOf(1, null)).isNull();
        assertThat(erasing.epochOf(2, 0)).isNull();
        assertThat(erasing.epochOf(Lease.ALL, null)).isEqualTo(3);
        assertThat(erasing.unfinished()).as("what they left half done").isEqualTo(Map.of(1, 1L, 2, 2L));
        var next = erasing.takenBy("live", 1, NOW);
        assertThat(next.epochOf(Lease.ALL, null)).isNull();
        assertThat(next.epochOf(1, null)).isEqualTo(4);
    }

    @Test
    void givesNoEpochTwiceThatOutrunsAVersion() {
        var two = Lease.NOBODYS.takenBy("live", 1, NOW).takenBy("build", 2, NOW);
        var ahead = two.outrunning(1, 2);
        assertThat(ahead.epochOf(1, null)).isEqualTo(3);
        assertThat(ahead.epoch()).isEqualTo(3);
        assertThat(two.outrunning(1, 9).epochOf(1, null)).isEqualTo(9);
        assertThat(two.outrunning(1, 1)).isEqualTo(two);
    }
}
