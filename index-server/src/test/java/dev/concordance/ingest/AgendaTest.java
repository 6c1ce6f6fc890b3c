package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.manifest.BucketQueue;
import dev.concordance.manifest.SourceManifest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
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
    void tellsOfFreshnessEachSecondAndMoreOftenWhereLessCounts() {
        assertThat(agenda(Duration.ofMinutes(1)).telling()).isEqualTo(Duration.ofSeconds(1));
        assertThat(agenda(Duration.ofSeconds(2)).telling()).isEqualTo(Duration.ofMillis(400));
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

    @Test
    void asksABucketThatTellsOfItsChangesAsSeldomAsTheStalenessAllows() {
        var agenda = notified(Duration.ofMinutes(10));
        agenda.hear(Set.of("bucket"));
        agenda.answered("bucket", Duration.ofSeconds(20), NOON);
        assertThat(agenda.next())
                .as("so that it is listed again when what it told is half as old as it may be")
                .isEqualTo(NOON.plusSeconds(300 - 40));
        agenda.hurry("bucket", NOON.plusSeconds(100));
        assertThat(agenda.due(NOON.plusSeconds(100))).containsExactly("bucket");
    }

    @Test
    void asksABucketThatHasToldOfAChangeSoonWhateverAgeAnswersMayHave() {
        var agenda = notified(Duration.ofDays(1));
        agenda.hear(Set.of("bucket"));
        agenda.answered("bucket", Duration.ofMillis(20), NOON);
        agenda.hurry("bucket", NOON.plusMillis(10));
        assertThat(agenda.next()).isEqualTo(NOON.plusMillis(500));
    }

    @Test
    void letsABucketThatTakesLongRestHoweverManyEventsThereAre() {
        var agenda = notified(Duration.ofMinutes(1));
        agenda.hear(Set.of("bucket"));
        agenda.answered("bucket", Duration.ofSeconds(20), NOON);
        assertThat(agenda.next()).isEqualTo(NOON.plusSeconds(60));
        agenda.hurry("bucket", NOON.plusSeconds(1));
        assertThat(agenda.next()).isEqualTo(NOON.plusSeconds(30));
    }

    @Test
    void asksABucketAsAnyOtherWhileItCantBeHeard() {
        var agenda = notified(Duration.ofMinutes(10));
        agenda.answered("bucket", Duration.ofSeconds(1), NOON);
        assertThat(agenda.next()).isEqualTo(NOON.plusSeconds(10));
        agenda.hear(Set.of("bucket"));
        assertThat(agenda.next()).isEqualTo(NOON.plusSeconds(10));
        agenda.answered("bucket", Duration.ofSeconds(1), NOON);
        assertThat(agenda.next()).isEqualTo(NOON.plusSeconds(298));
        agenda.hear(Set.of());
        assertThat(agenda.next()).isEqualTo(NOON.plusSeconds(10));
    }

    @Test
    void triesABucketAgainThatTellsOfItsChangesAndCantBeListed() {
        var agenda = notified(Duration.ofMinutes(10));
        agenda.hear(Set.of("bucket"));
        agenda.failed("bucket", NOON);
        assertThat(agenda.next()).isEqualTo(NOON.plusSeconds(10));
        for (var failure = 0; failure < 8; failure++) {
            agenda.failed("bucket", NOON);
        }
        agenda.hurry("bucket", NOON.plusSeconds(1));
        assertThat(agenda.next()).isEqualTo(NOON.plusSeconds(30));
    }

    private static Agenda notified(Duration maxStaleness) {
        var queue = new BucketQueue("https://sqs.eu-central-1.amazonaws.com/123456789012/events", "eu-central-1");
        var bucket = new SourceManifest.S3(
                "handbook", "", null, "eu-central-1", false, null, false, null, SourceManifest.RateLimit.NONE, queue);
        return new Agenda(List.of(source("bucket", bucket)), maxStaleness, NOON, () -> 0.5);
    }
}
