package dev.concordance.operator.elastic;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.manifest.IndexNames;
import dev.concordance.operator.elastic.SnapshotListing.HeldSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Looks through the snapshot repositories of a cluster, and at the retention of the policies that make snapshots (SLM). */
final class Snapshots {
    private static final Pattern TIME = Pattern.compile("([0-9]{1,9})(d|h|m|s|ms)");

    private final RestCalls rest;
    private final IndexNames names;
    private final Pattern generations;
    private final List<HeldSnapshot> found = new ArrayList<>();
    private Optional<String> unknown = Optional.empty();

    Snapshots(RestCalls rest, IndexNames names) {
        this.rest = rest;
        this.names = names;
        this.generations = Pattern.compile(Pattern.quote(names.alias()) + "-g[1-9][0-9]{0,8}(-manifest)?");
    }

    /** Those that hold something of the corpus, the oldest first. */
    SnapshotListing before(Instant moment) {
        var repositories = new ArrayList<String>();
        try {
            rest.get("/_snapshot").fieldNames().forEachRemaining(repositories::add);
        } catch (BackendException refused) {
            return new SnapshotListing(List.of(), Optional.of(refused.getMessage()));
        }
        if (repositories.isEmpty()) {
            return SnapshotListing.NONE;
        }
        var retentions = retentions();
        repositories.forEach(repository -> look(repository, moment, retentions));
        found.sort(Comparator.comparing(HeldSnapshot::startedAt).thenComparing(HeldSnapshot::name));
        return new SnapshotListing(found, unknown);
    }

    private void look(String repository, Instant moment, Map<String, Duration> retentions) {
        try {
            for (var snapshot : rest.get("/_snapshot/" + repository + "/*?ignore_unavailable=true")
                    .path("snapshots")) {
                var startedAt = Instant.ofEpochMilli(
                        snapshot.path("start_time_in_millis").asLong());
                if (startedAt.isBefore(moment) && holds(snapshot)) {
                    var policy = snapshot.path("metadata").path("policy").asText();
                    found.add(new HeldSnapshot(
                            repository,
                            snapshot.path("snapshot").asText(),
                            startedAt,
                            Optional.ofNullable(retentions.get(policy)).map(startedAt::plus)));
                }
            }
        } catch (BackendException refused) {
            unknown = Optional.of("repository " + repository + " can't be read: " + refused.getMessage());
        }
    }

    /** Shared vectors are of the namespace, so a snapshot of them may hold some of the corpus. */
    private boolean holds(JsonNode snapshot) {
        for (var index : snapshot.path("indices")) {
            var name = index.asText();
            if (generations.matcher(name).matches()
                    || name.equals(names.ledger())
                    || name.equals(names.inbox())
                    || name.startsWith(names.embeddings(""))) {
                return true;
            }
        }
        return false;
    }

    /** How long snapshots of a policy are kept; nothing where nobody may know. */
    private Map<String, Duration> retentions() {
        var retentions = new HashMap<String, Duration>();
        try {
            rest.get("/_slm/policy")
                    .properties()
                    .forEach(policy -> duration(policy.getValue()
                                    .path("policy")
                                    .path("retention")
                                    .path("expire_after")
                                    .asText())
                            .ifPresent(kept -> retentions.put(policy.getKey(), kept)));
        } catch (BackendException unsupported) {
            return Map.of();
        }
        return retentions;
    }

    private static Optional<Duration> duration(String text) {
        var match = TIME.matcher(text);
        if (!match.matches()) {
            return Optional.empty();
        }
        var amount = Long.parseLong(match.group(1));
        return Optional.of(
                switch (match.group(2)) {
                    case "d" -> Duration.ofDays(amount);
                    case "h" -> Duration.ofHours(amount);
                    case "m" -> Duration.ofMinutes(amount);
                    case "s" -> Duration.ofSeconds(amount);
                    default -> Duration.ofMillis(amount);
                });
    }
}
