package dev.concordance.operator.freshness;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The breaches that are over, in the order of time; so few that a status can hold them. */
public record Breaches(List<Breach> all) {
    /** More are joined, those first that have the least time between them; how long answers were stale stays exact. */
    public static final int MOST = 50;

    /** Answers were never too old. */
    public static final Breaches NONE = new Breaches(List.of());

    public Breaches {
        all = List.copyOf(all);
    }

    /**
     * What has happened up to the moment at which answers became those of another listing.
     *
     * @param before the moment before the listing that was searchable
     * @param searchable when the next one was
     */
    public Breaches followed(Instant before, Instant searchable, ServiceLevel level) {
        var deadline = before.plus(level.maxStaleness());
        if (!deadline.isBefore(searchable)) {
            return this;
        }
        return with(List.of(Breach.of(deadline, searchable)));
    }

    /** With those of others, in the order of time, that began after all of these were over. */
    public Breaches with(List<Breach> others) {
        var extended = new ArrayList<>(all);
        for (var other : others) {
            if (extended.isEmpty() || !other.from().isBefore(extended.getLast().until())) {
                extended.add(other);
            }
        }
        while (extended.size() > MOST) {
            joinNearest(extended);
        }
        return new Breaches(extended);
    }

    /** Without those that ended before a moment. */
    public Breaches since(Instant moment) {
        return new Breaches(
                all.stream().filter(breach -> breach.until().isAfter(moment)).toList());
    }

    /** How long answers were stale after a moment, as far as that is over. */
    Duration staleAfter(Instant moment) {
        return all.stream().map(breach -> breach.after(moment)).reduce(Duration.ZERO, Duration::plus);
    }

    private static void joinNearest(List<Breach> breaches) {
        var nearest = 0;
        for (var i = 1; i < breaches.size() - 1; i++) {
            if (gap(breaches, i).compareTo(gap(breaches, nearest)) < 0) {
                nearest = i;
            }
        }
        breaches.set(nearest, breaches.get(nearest).joined(breaches.remove(nearest + 1)));
    }

    private static Duration gap(List<Breach> breaches, int index) {
        return breaches.get(index).until(breaches.get(index + 1));
    }
}
