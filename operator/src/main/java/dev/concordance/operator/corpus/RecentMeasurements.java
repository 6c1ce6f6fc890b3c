package dev.concordance.operator.corpus;

import dev.concordance.operator.elastic.Measurements;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Measures what plans are made by once a minute: a corpus that is followed is looked at each second, however long a change waits. */
final class RecentMeasurements {
    private static final Duration GOOD_FOR = Duration.ofMinutes(1);

    private final Map<String, Known> known = new ConcurrentHashMap<>();

    private record Known(int live, Measurements measured, Instant at) {}

    /** What was measured lately with this generation live, or what is measured now. */
    Measurements of(String corpus, int live, Instant now, Supplier<Measurements> measure) {
        var last = known.get(corpus);
        if (last != null && last.live() == live && now.isBefore(last.at().plus(GOOD_FOR))) {
            return last.measured();
        }
        var measured = measure.get();
        known.put(corpus, new Known(live, measured, now));
        return measured;
    }

    void forget(String corpus) {
        known.remove(corpus);
    }
}
