package dev.concordance.operator.freshness;

import java.time.Instant;
import java.util.Optional;

/**
 * When runs of a corpus may and have to start.
 *
 * @param level what the runs have to keep
 * @param schedule pins the runs that keep answers fresh; empty: they start when the level wants them
 * @param window in which alone the operator starts runs; empty: at any time
 * @param suspended whether the operator starts none
 * @param continuous whether one run follows the sources, instead of many that read them
 */
public record RunTiming(
        ServiceLevel level,
        Optional<CronSchedule> schedule,
        Optional<DailyWindow> window,
        boolean suspended,
        boolean continuous) {
    /** The first moment from this one on at which a run of one of many corpora may start. */
    public Instant open(Instant moment, Spread spread) {
        return window.map(daily -> daily.spread(spread).open(moment)).orElse(moment);
    }
}
