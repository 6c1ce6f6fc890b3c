package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.manifest.BucketQueue;
import dev.concordance.manifest.SourceManifest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
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

    /** How long a source is left alone that had answered at once. */
    private static Duration rest(SourceManifest.Location location, Duration maxStaleness) {
        var agenda = new Agenda(List.of(source("one", location)), maxStaleness, NOON, () -> 0.5);
        agenda.answered("one", Duration.ZERO, NOON);
        return Duration.between(NOON, agenda.next());
    }

    @Test
    void asksEachKindFiveTimesWithinTheStalenessAsOftenAsIsPoliteAndAtLeastAsIsCheap() {
        var hour = Duration.ofHours(1);
        var minute = Duration.ofMinutes(1);
        var second = Duration.ofSeconds(1);
        Map<String, SourceManifest.Location> kinds = Map.of(
                "web",
                new SourceManifest.Web(List.of("https://a/"), List.of(), List.of(), 5, 100, 10, null, null, null, true),
                "git",
                new SourceManifest.Git("https://git.example.com/a.git", "main", null, null),
                "s3",
                bucket(null),
                "jdbc",
                new SourceManifest.Jdbc(
                        SourceManifest.Jdbc.Engine.MariaDB,
                        "h",
                        1,
                        "d",
                        "SELECT 1",
                        new SourceManifest.Jdbc.Columns("id", "body", null, null, null, null, List.of()),
                        SourceManifest.Jdbc.Format.text,
                        false,
                        "s",
                        null,
                        SourceManifest.RateLimit.NONE),
                "kafka",
                new SourceManifest.Kafka(List.of("k:1"), "t", null, null, SourceManifest.Jdbc.Format.text, false, null),
                "push",
                new SourceManifest.Push(),
                "volume",
                new SourceManifest.Volume("data", ""),
                "configMap",
                new SourceManifest.ConfigMap("map", "1"));
        assertThat(rests(kinds, hour))
                .containsExactlyInAnyOrder(
                        "web PT12M",
                        "git PT12M",
                        "s3 PT12M",
                        "jdbc PT12M",
                        "kafka PT10S",
                        "push PT1S",
                        "volume PT10S",
                        "configMap PT10S");
        assertThat(rests(kinds, minute))
                .containsExactlyInAnyOrder(
                        "web PT12S",
                        "git PT12S",
                        "s3 PT12S",
                        "jdbc PT12S",
                        "kafka PT10S",
                        "push PT1S",
                        "volume PT10S",
                        "configMap PT10S");
        assertThat(rests(kinds, second))
                .containsExactlyInAnyOrder(
                        "web PT10S",
                        "git PT1S",
                        "s3 PT1S",
                        "jdbc PT1S",
                        "kafka PT0.2S",
                        "push PT0.2S",
                        "volume PT0.2S",
                        "configMap PT0.2S");
    }

    private static List<String> rests(Map<String, SourceManifest.Location> kinds, Duration maxStaleness) {
        return kinds.entrySet().stream()
                .map(kind -> kind.getKey() + " " + rest(kind.getValue(), maxStaleness))
                .toList();
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
        assertThat(agenda(Duration.ofHours(1)).telling())
                .as("an inbox is looked at each second, and nobody needs to know that")
                .isEqualTo(Duration.ofSeconds(10));
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
    void asksOneThatFailsSoonHoweverLongAnAnswerMayBeOld() {
        var agenda = agenda(Duration.ofDays(1));
        agenda.answered("files", Duration.ofHours(1), NOON);
        agenda.failed("repository", NOON);
        assertThat(agenda.next()).isEqualTo(NOON.plusSeconds(1));
        agenda.answered("repository", Duration.ZERO, NOON);
        assertThat(agenda.next()).isEqualTo(NOON.plus(Duration.ofHours(3)));
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
        assertThat(agenda.next()).isEqualTo(NOON.plusSeconds(120));
        agenda.hear(Set.of("bucket"));
        assertThat(agenda.next()).isEqualTo(NOON.plusSeconds(120));
        agenda.answered("bucket", Duration.ofSeconds(1), NOON);
        assertThat(agenda.next()).isEqualTo(NOON.plusSeconds(298));
        agenda.hear(Set.of());
        assertThat(agenda.next()).isEqualTo(NOON.plusSeconds(120));
    }

    @Test
    void triesABucketAgainThatTellsOfItsChangesAndCantBeListed() {
        var agenda = notified(Duration.ofMinutes(10));
        agenda.hear(Set.of("bucket"));
        agenda.failed("bucket", NOON);
        assertThat(agenda.next()).isEqualTo(NOON.plusSeconds(1));
        for (var failure = 0; failure < 8; failure++) {
            agenda.failed("bucket", NOON);
        }
        agenda.hurry("bucket", NOON.plusSeconds(1));
        assertThat(agenda.next()).isEqualTo(NOON.plusSeconds(30));
    }

    private static Agenda notified(Duration maxStaleness) {
        var queue = new BucketQueue("https://sqs.eu-central-1.amazonaws.com/123456789012/events", "eu-central-1");
        return new Agenda(List.of(source("bucket", bucket(queue))), maxStaleness, NOON, () -> 0.5);
    }

    private static SourceManifest.S3 bucket(@Nullable BucketQueue queue) {
        return new SourceManifest.S3(
                "handbook", "", null, "eu-central-1", false, null, false, null, SourceManifest.RateLimit.NONE, queue);
    }
}
