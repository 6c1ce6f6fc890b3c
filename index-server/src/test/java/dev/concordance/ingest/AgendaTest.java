package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.manifest.SourceManifest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AgendaTest {
    private static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");

    private static SourceManifest source(String name, SourceManifest.Location location) {
        return new SourceManifest(name, location, List.of(), List.of(), null, null);
    }

    private static Agenda agenda(Duration maxStaleness) {
        return new Agenda(
                List.of(
                        source("files", new SourceManifest.Volume("data", "")),
                        source(
                                "repository",
                                new SourceManifest.Git("https://git.example.com/a.git", "main", null, null))),
                maxStaleness,
                NOON,
                () -> 0.5);
    }

    @Test
    void asksAllAtOnceAndThenFiveTimesWithinTheStalenessThatIsAllowed() {
        var agenda = agenda(Duration.ofSeconds(20));
        assertThat(agenda.due(NOON)).containsExactlyInAnyOrder("files", "repository");
        agenda.answered("files", Duration.ofMillis(30), NOON);
        agenda.answered("repository", Duration.ofMillis(30), NOON);
        assertThat(agenda.due(NOON.plusMillis(3_999))).isEmpty();
        assertThat(agenda.next()).isEqualTo(NOON.plusSeconds(4));
        assertThat(agenda.due(NOON.plusSeconds(4))).containsExactlyInAnyOrder("files", "repository");
    }

    @Test
    void asksNobodyElsesServerMoreThanOnceASecond() {
        var agenda = agenda(Duration.ofSeconds(2));
        agenda.answered("files", Duration.ZERO, NOON);
        agenda.answered("repository", Duration.ZERO, NOON);
        assertThat(agenda.due(NOON.plusMillis(400))).containsExactly("files");
        assertThat(agenda.due(NOON.plusMillis(999))).containsExactly("files");
        assertThat(agenda.due(NOON.plusMillis(1_000))).contains("repository");
    }

    @Test
    void restsThreeTimesAsLongAsASourceTookToAnswer() {
        var agenda = agenda(Duration.ofSeconds(5));
        agenda.answered("files", Duration.ofSeconds(40), NOON);
        agenda.answered("repository", Duration.ofMillis(10), NOON);
        assertThat(agenda.due(NOON.plusSeconds(119))).containsExactly("repository");
        assertThat(agenda.due(NOON.plusSeconds(120))).contains("files");
    }

    @Test
    void asksOneThatFailsEverMoreSeldomUntilItAnswers() {
        var agenda = agenda(Duration.ofSeconds(2));
        agenda.answered("repository", Duration.ofHours(1), NOON);
        var delays = IntStream.range(0, 9)
                .mapToObj(failure -> {
                    agenda.failed("files", NOON);
                    return Duration.between(NOON, agenda.next()).toSeconds();
                })
                .toList();
        assertThat(delays).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L);
        agenda.answered("files", Duration.ZERO, NOON);
        agenda.failed("files", NOON);
        assertThat(agenda.next()).isEqualTo(NOON.plusSeconds(1));
    }

    @Test
    void spreadsThoseWhoFailTogether() {
        assertThat(Agenda.retry(1, () -> 0)).isEqualTo(Duration.ofMillis(667));
        assertThat(Agenda.retry(1, () -> 1)).isEqualTo(Duration.ofMillis(1_333));
    }

    @Test
    void asksAtOnceWhatSomethingHasHappenedTo() {
        var agenda = agenda(Duration.ofSeconds(50));
        agenda.answered("files", Duration.ZERO, NOON);
        agenda.answered("repository", Duration.ZERO, NOON);
        agenda.hurry("files", NOON.plusSeconds(6));
        assertThat(agenda.due(NOON.plusSeconds(6))).containsExactly("files");
    }

    @Test
    void letsChangesComeTogetherForHalfOfTheTime() {
        var agenda = agenda(Duration.ofSeconds(10));
        agenda.answered("files", Duration.ZERO, NOON);
        agenda.answered("repository", Duration.ZERO, NOON);
        agenda.hurry("files", NOON.plusMillis(10));
        assertThat(agenda.next()).isEqualTo(NOON.plusSeconds(1));
        agenda.hurry("files", NOON.plusMillis(1_900));
        assertThat(agenda.next()).isEqualTo(NOON.plusSeconds(1));
    }
}
