package dev.concordance.ingest;

import dev.concordance.manifest.SourceManifest;
import dev.concordance.manifest.SourceManifest.Location;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;

/**
 * When each source is asked again: several times within the staleness that is allowed, though none more often than it is polite to,
 * and none for more than a quarter of the time. One that fails is asked ever more seldom.
 */
final class Agenda {
    private static final int TIMES_WITHIN_STALENESS = 5;
    private static final Duration SHORTEST = Duration.ofMillis(200);
    private static final Duration ON_A_NETWORK = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final int REST = 3;
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LAST_RETRY = Duration.ofMinutes(1);

    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Map<String, Integer> failures = new HashMap<>();
    private final DoubleSupplier random;

    /** @param asked when it was asked last */
    private record Entry(Duration interval, Instant asked, Instant due) {}

    /**
     * All are due at once.
     *
     * @param random from 0 to 1, so that those who fail together don't come again together
     */
    Agenda(List<SourceManifest> sources, Duration maxStaleness, Instant now, DoubleSupplier random) {
        this.random = random;
        for (var source : sources) {
            entries.put(source.name(), new Entry(interval(source.location(), maxStaleness), Instant.MIN, now));
        }
    }

    private static Duration interval(Location location, Duration maxStaleness) {
        var wanted = maxStaleness.dividedBy(TIMES_WITHIN_STALENESS);
        var polite = switch (location) {
            case SourceManifest.Web web -> LONGEST;
            case SourceManifest.Git git -> ON_A_NETWORK;
            case SourceManifest.S3 objects -> ON_A_NETWORK;
            case SourceManifest.Jdbc rows -> ON_A_NETWORK;
            case SourceManifest.Kafka records -> SHORTEST;
            case SourceManifest.Push documents -> SHORTEST;
            case SourceManifest.Volume files -> SHORTEST;
            case SourceManifest.ConfigMap files -> SHORTEST;
        };
        return later(polite, wanted.compareTo(LONGEST) < 0 ? wanted : LONGEST);
    }

    /** Which sources are asked now. */
    Set<String> due(Instant now) {
        return entries.entrySet().stream()
                .filter(entry -> !entry.getValue().due().isAfter(now))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /** When the next one is. */
    Instant next() {
        return entries.values().stream()
                .map(Entry::due)
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    /** Something has happened to the source: it is asked as soon as it has had half of its rest, so that changes come together. */
    void hurry(String source, Instant now) {
        entries.computeIfPresent(source, (name, entry) -> {
            var rested = entry.asked().equals(Instant.MIN)
                    ? now
                    : entry.asked().plus(entry.interval().dividedBy(2));
            var soon = rested.isAfter(now) ? rested : now;
            return soon.isBefore(entry.due()) ? new Entry(entry.interval(), entry.asked(), soon) : entry;
        });
    }

    /** All are asked at once. */
    void hurryAll(Instant now) {
        entries.replaceAll((source, entry) -> new Entry(entry.interval(), entry.asked(), now));
    }

    /** The source has answered, which took so long. */
    void answered(String source, Duration took, Instant now) {
        failures.remove(source);
        entries.computeIfPresent(
                source,
                (name, entry) ->
                        new Entry(entry.interval(), now, now.plus(later(entry.interval(), took.multipliedBy(REST)))));
    }

    /** The source could not be read. */
    void failed(String source, Instant now) {
        var delay = retry(failures.merge(source, 1, Integer::sum), random);
        entries.computeIfPresent(
                source, (name, entry) -> new Entry(entry.interval(), now, now.plus(later(entry.interval(), delay))));
    }

    /** How long to wait after so many failures: twice as long each time, and up to a third more or less. */
    static Duration retry(int failures, DoubleSupplier random) {
        var delay = FIRST_RETRY;
        for (var failure = 1; failure < failures && delay.compareTo(LAST_RETRY) < 0; failure++) {
            delay = delay.multipliedBy(2);
        }
        var most = delay.compareTo(LAST_RETRY) < 0 ? delay : LAST_RETRY;
        return Duration.ofMillis(Math.round(most.toMillis() * (2 + 2 * random.getAsDouble()) / 3));
    }

    private static Duration later(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
