package dev.concordance.operator.elastic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.manifest.IndexNames;
import dev.concordance.operator.elastic.SnapshotListing.HeldSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What is known of snapshots where they have policies, and where nobody may look at them. */
final class SnapshotsTest {
    private static final IndexNames NAMES = new IndexNames("cc", "docs", "handbook");
    private static final Instant MAY = Instant.parse("2026-05-04T01:30:00Z");
    private static final String SNAPSHOTS = """
            {"snapshots": [
              {"snapshot": "nightly-2026.05.04-x", "start_time_in_millis": %1$d, "indices": ["cc-docs.handbook-g3"],
               "metadata": {"policy": "nightly"}},
              {"snapshot": "by-hand", "start_time_in_millis": %1$d, "indices": ["cc-docs._embeddings-abc", "x"]},
              {"snapshot": "pushed", "start_time_in_millis": %1$d, "indices": ["cc-docs.handbook._inbox"]},
              {"snapshot": "others", "start_time_in_millis": %1$d, "indices": ["cc-docs.handbook-guide-g1"]}]}
            """.formatted(MAY.toEpochMilli());

    @Test
    void tellsWhenThePolicyOfASnapshotDeletesIt() {
        var listing = listing(Map.of(
                "/_snapshot",
                new StandIn.Answer(200, "{\"backups\": {\"type\": \"fs\"}}"),
                "/_snapshot/backups/*?ignore_unavailable=true",
                new StandIn.Answer(200, SNAPSHOTS),
                "/_slm/policy",
                new StandIn.Answer(200, "{\"nightly\": {\"policy\": {\"retention\": {\"expire_after\": \"30d\"}}}}")));
        assertThat(listing.unknown()).isEmpty();
        assertThat(listing.snapshots())
                .containsExactly(
                        new HeldSnapshot("backups", "by-hand", MAY, Optional.empty()),
                        new HeldSnapshot(
                                "backups", "nightly-2026.05.04-x", MAY, Optional.of(MAY.plus(Duration.ofDays(30)))),
                        new HeldSnapshot("backups", "pushed", MAY, Optional.empty()));
    }

    /** A node tells the time of a clock that it reads five times a second, so two snapshots may begin in the same moment. */
    @Test
    void tellsTheOldestFirstAndThoseOfOneMomentByName() {
        var times = Map.of("late", MAY.plusSeconds(1), "b", MAY, "a", MAY, "first", MAY.minusSeconds(1));
        var snapshots = times.entrySet().stream()
                .map(snapshot ->
                        """
                        {"snapshot": "%s", "start_time_in_millis": %d, "indices": ["cc-docs.handbook-g3"]}""".formatted(snapshot.getKey(), snapshot.getValue().toEpochMilli()))
                .collect(Collectors.joining(",", "{\"snapshots\": [", "]}"));
        var answers = Map.of(
                "/_snapshot",
                new StandIn.Answer(200, "{\"backups\": {\"type\": \"fs\"}}"),
                "/_snapshot/backups/*?ignore_unavailable=true",
                new StandIn.Answer(200, snapshots));
        assertThat(names(answers, Instant.MAX)).containsExactly("first", "a", "b", "late");
        assertThat(names(answers, MAY)).containsExactly("first");
        assertThat(names(answers, MAY.plusMillis(1))).containsExactly("first", "a", "b");
    }

    private static List<String> names(Map<String, StandIn.Answer> answers, Instant before) {
        return listing(answers, before).snapshots().stream()
                .map(HeldSnapshot::name)
                .toList();
    }

    @Test
    void saysSoWhereItMayNotLook() {
        var denied = new StandIn.Answer(
                403, "{\"error\": {\"type\": \"security_exception\", \"reason\": \"action is unauthorized\"}}");
        assertThat(listing(Map.of("/_snapshot", denied)).unknown()).isPresent();
    }

    @Test
    void tellsOfARepositoryThatCanNotBeRead() {
        var listing = listing(Map.of(
                "/_snapshot",
                new StandIn.Answer(200, "{\"gone\": {\"type\": \"fs\"}}"),
                "/_snapshot/gone/*?ignore_unavailable=true",
                new StandIn.Answer(
                        400, "{\"error\": {\"type\": \"repository_exception\", \"reason\": \"[gone] is missing\"}}")));
        assertThat(listing.snapshots()).isEmpty();
        assertThat(listing.unknown().orElseThrow()).contains("repository gone can't be read", "[gone] is missing");
    }

    private static SnapshotListing listing(Map<String, StandIn.Answer> answers) {
        return listing(answers, Instant.MAX);
    }

    private static SnapshotListing listing(Map<String, StandIn.Answer> answers, Instant before) {
        var missing = new StandIn.Answer(404, "{}");
        try (var server = StandIn.http(call -> answers.getOrDefault(call.substring(call.indexOf(' ') + 1), missing));
                var backend = new ElasticsearchBackend(
                        new ConnectionSettings(List.of(server.url("127.0.0.1")), null, null, Duration.ofSeconds(5)))) {
            return backend.snapshots(NAMES, before);
        }
    }
}
