package dev.concordance.operator.freshness;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * The moments that a cron expression of five fields names in a time zone. A day on which a change to summer time leaves
 * the time of day out is passed over; a time of day that comes twice counts once.
 */
public record CronSchedule(String expression, ZoneId zone) {
    private static final CronParser PARSER = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));

    public CronSchedule {
        var next = ExecutionTime.forCron(PARSER.parse(expression)).nextExecution(Instant.EPOCH.atZone(ZoneOffset.UTC));
        if (next.isEmpty()) {
            throw new IllegalArgumentException("no day is like that");
        }
    }

    /** The first moment after another one. */
    public Instant after(Instant moment) {
        return ExecutionTime.forCron(PARSER.parse(expression))
                .nextExecution(moment.atZone(zone))
                .orElseThrow()
                .toInstant();
    }

    /** The same for one of many that are pinned to the same moments. */
    public Instant after(Instant moment, Spread spread) {
        var pinned = after(moment);
        return pinned.plus(spread.lateness(Duration.between(pinned, after(pinned))));
    }
}
