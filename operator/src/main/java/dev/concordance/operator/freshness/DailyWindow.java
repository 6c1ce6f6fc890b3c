package dev.concordance.operator.freshness;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;

/**
 * A part of each day, in a time zone: from one time of day until just before another, over midnight where that one is
 * earlier.
 */
public record DailyWindow(LocalTime from, LocalTime until, ZoneId zone) {
    /** The moment itself if the window is open then, or else the next one at which it opens. */
    public Instant open(Instant moment) {
        var local = moment.atZone(zone);
        if (contains(local.toLocalTime())) {
            return moment;
        }
        var today = local.toLocalDate().atTime(from).atZone(zone);
        return (today.isBefore(local)
                        ? local.toLocalDate().plusDays(1).atTime(from).atZone(zone)
                        : today)
                .toInstant();
    }

    /** The window of one of many for which it would begin at the same moment: for each it begins a little later. */
    public DailyWindow spread(Spread spread) {
        var length = Duration.between(from, until);
        return new DailyWindow(
                from.plus(spread.lateness(length.isNegative() ? length.plusDays(1) : length)), until, zone);
    }

    private boolean contains(LocalTime time) {
        return from.isBefore(until)
                ? !time.isBefore(from) && time.isBefore(until)
                : !time.isBefore(from) || time.isBefore(until);
    }
}
