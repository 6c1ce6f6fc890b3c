package dev.concordance.operator.platform;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Remembers since when informers are without their watch. One that stays so while others have theirs has ended in silence
 * (kubernetes-client issues 4781 and 7435), and only a new process helps. While none has its watch, it is the API server
 * that is away, and a new process would not help.
 */
final class DeadInformers {
    private final Map<String, Instant> since = new HashMap<>();

    /** An informer, and whether it is at work. */
    record Seen(String name, boolean watching) {}

    /** The names of those that have been without a watch for longer than {@code patience}. */
    synchronized List<String> among(List<Seen> informers, Instant now, Duration patience) {
        if (informers.stream().noneMatch(Seen::watching)) {
            since.clear();
            return List.of();
        }
        informers.stream().filter(Seen::watching).map(Seen::name).forEach(since::remove);
        return informers.stream()
                .filter(informer -> !informer.watching())
                .map(Seen::name)
                .filter(name -> {
                    var began = since.computeIfAbsent(name, added -> now);
                    return began.plus(patience).isBefore(now);
                })
                .toList();
    }
}
