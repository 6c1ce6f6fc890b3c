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
 * none for more than a quarter of the time, and one that answers cheaply often in any case. One that fails is asked ever more seldom,
 * and a bucket that tells of its changes by itself as seldom as the staleness allows.
 */
final class Agenda {
    private static final int TIMES_WITHIN_STALENESS = 5;
    private static final int TIMES_IF_IT_TELLS = 2;
    private static final int TIMES_TOLD = 60;
    private static final Duration AT_ONCE = Duration.ofMillis(200);
    private static final Duration ONE_SECOND = Duration.ofSeconds(1);
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);
    private static final int REST = 3;
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LAST_RETRY = Duration.ofMinutes(1);

    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Map<String, Integer> failures = new HashMap<>();
    private final DoubleSupplier random;
    private final Duration telling;

    /** Which sources tell of their changes at the moment. */
    private Set<String> heard = Set.of();

    /**
     * How long a source is left alone.
     *
     * @param usual where nothing is known of it
     * @param seldom while it tells of its changes by itself
     * @param told twice as long as at least, when it has told of one
     * @param afterFailure at least, when it could not be read
     */
    private record Pauses(Duration usual, Duration seldom, Duration told, Duration afterFailure) {
        static Pauses of(Duration wanted, Duration shortest) {
            var usual = later(wanted, shortest);
            return new Pauses(usual, usual, usual, shortest);
        }
    }

    /**
     * When a source is asked.
     *
     * @param soonest should it tell of a change
     * @param usual should it tell of nothing
     * @param due as it stands
     */
    private record Entry(Pauses pauses, Instant soonest, Instant usual, Instant due) {
        Entry dueAt(Instant moment) {
            return new Entry(pauses, soonest, usual, moment);
        }

        Entry soonerAt(Instant moment) {
            return moment.isBefore(due) ? dueAt(moment) : this;
        }
    }

    /**
     * All are due at once.
     *
     * @param random from 0 to 1, so that those who fail together don't come again together
     */
    Agenda(List<SourceManifest> sources, Duration maxStaleness, Instant now, DoubleSupplier random) {
        this.random = random;
        var enough = sooner(TEN_SECONDS, maxStaleness.dividedBy(TIMES_TOLD));
        telling = sooner(later(ONE_SECOND, enough), maxStaleness.dividedBy(TIMES_WITHIN_STALENESS));
        for (var source : sources) {
            entries.put(source.name(), new Entry(pauses(source.location(), maxStaleness), now, now, now));
        }
    }

    private static Pauses pauses(Location location, Duration maxStaleness) {
        var wanted = maxStaleness.dividedBy(TIMES_WITHIN_STALENESS);
        return switch (location) {
            case SourceManifest.Web web -> Pauses.of(wanted, TEN_SECONDS);
            case SourceManifest.Git git -> Pauses.of(wanted, ONE_SECOND);
            case SourceManifest.S3 objects -> objects(objects, Pauses.of(wanted, ONE_SECOND), maxStaleness);
            case SourceManifest.Jdbc rows -> Pauses.of(wanted, ONE_SECOND);
            case SourceManifest.Kafka records -> Pauses.of(sooner(wanted, TEN_SECONDS), AT_ONCE);
            case SourceManifest.Volume files -> Pauses.of(sooner(wanted, TEN_SECONDS), AT_ONCE);
            case SourceManifest.ConfigMap files -> Pauses.of(sooner(wanted, TEN_SECONDS), AT_ONCE);
            case SourceManifest.Push documents -> Pauses.of(sooner(wanted, ONE_SECOND), AT_ONCE);
        };
    }

    /** Events can be lost, and only a listing tells how fresh answers are: so a bucket is asked often enough all the same. */
    private static Pauses objects(SourceManifest.S3 bucket, Pauses silent, Duration maxStaleness) {
        return bucket.queue() == null
                ? silent
                : new Pauses(
                        silent.usual(), maxStaleness.dividedBy(TIMES_IF_IT_TELLS), ONE_SECOND, silent.afterFailure());
    }

    /**
     * How often it is told how fresh answers are: each second, with each time that a source is asked where less staleness counts, and
     * more seldom where an idle inbox that is looked at each second would have it written down for nothing.
     */
    Duration telling() {
        return telling;
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
        entries.computeIfPresent(
                source, (name, entry) -> entry.soonerAt(entry.soonest().isAfter(now) ? entry.soonest() : now));
    }

    /** All are asked at once. */
    void hurryAll(Instant now) {
        entries.replaceAll((source, entry) -> entry.dueAt(now));
    }

    /** These sources, and no others, tell of their changes from now on. */
    void hear(Set<String> sources) {
        if (!heard.equals(sources)) {
            heard = Set.copyOf(sources);
            entries.replaceAll((source, entry) -> heard.contains(source) ? entry : entry.soonerAt(entry.usual()));
        }
    }

    /** The source had answered then, which took so long. What is done about it is no part of its rest. */
    void answered(String source, Duration took, Instant then) {
        failures.remove(source);
        entries.computeIfPresent(source, (name, entry) -> {
            var pauses = entry.pauses();
            var rest = took.multipliedBy(REST);
            var rested = rested(pauses, later(pauses.told(), rest), later(pauses.usual(), rest), then);
            // What is listed takes this listing and the next one to grow old.
            var seldom = then.plus(pauses.seldom()).minus(took.multipliedBy(2));
            return heard.contains(source) && seldom.isAfter(rested.due()) ? rested.dueAt(seldom) : rested;
        });
    }

    /** The source could not be read. */
    void failed(String source, Instant now) {
        var delay = retry(failures.merge(source, 1, Integer::sum), random);
        entries.computeIfPresent(source, (name, entry) -> {
            var rest = later(entry.pauses().afterFailure(), delay);
            return rested(entry.pauses(), rest, rest, now);
        });
    }

    /** @param told twice as long as it rests at least, should it tell of a change */
    private static Entry rested(Pauses pauses, Duration told, Duration usual, Instant now) {
        return new Entry(pauses, now.plus(told.dividedBy(2)), now.plus(usual), now.plus(usual));
    }

    /** How long to wait after so many failures: twice as long each time, and up to a third more or less. */
    static Duration retry(int failures, DoubleSupplier random) {
        var delay = FIRST_RETRY;
        for (var failure = 1; failure < failures && delay.compareTo(LAST_RETRY) < 0; failure++) {
            delay = delay.multipliedBy(2);
        }
        var most = sooner(delay, LAST_RETRY);
        return Duration.ofMillis(Math.round(most.toMillis() * (2 + 2 * random.getAsDouble()) / 3));
    }

    private static Duration sooner(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static Duration later(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
