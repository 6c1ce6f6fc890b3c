package dev.concordance.operator.corpus;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Watches by the counts of searches which generations nobody reads. What was counted is remembered here alone, so an operator that has
 * just started waits once more.
 */
final class ReadCounts {
    /** A search that began before the alias moved ends well within this time, and whoever reads an index all the time shows. */
    static final Duration QUIET = Duration.ofSeconds(30);

    private final Map<String, Map<Integer, Count>> counts = new ConcurrentHashMap<>();

    private record Count(long searches, Instant since) {}

    /** The generations that were not searched for {@link #QUIET}, as far as is known. */
    Set<Integer> quiet(String corpus, Map<Integer, Long> searches, Instant now) {
        var before = counts.getOrDefault(corpus, Map.of());
        var after = new HashMap<Integer, Count>();
        searches.forEach((number, total) -> {
            var known = before.get(number);
            after.put(number, known != null && known.searches() == total ? known : new Count(total, now));
        });
        counts.put(corpus, after);
        return after.entrySet().stream()
                .filter(one -> !one.getValue().since().plus(QUIET).isAfter(now))
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    void forget(String corpus) {
        counts.remove(corpus);
    }
}
