package dev.concordance.operator.corpus;

import dev.concordance.api.v1alpha1.CorpusSpec;
import dev.concordance.operator.freshness.CronSchedule;
import dev.concordance.operator.freshness.DailyWindow;
import dev.concordance.operator.freshness.RunTiming;
import dev.concordance.operator.freshness.ServiceLevel;
import dev.concordance.operator.kube.Defaults;
import dev.concordance.operator.kube.InvalidSpec;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Parses what a Corpus declares of the age of answers and of the times of its runs. */
final class TimingParser {
    private static final String MAX_STALENESS = "15m";
    private static final String OBJECTIVE = "99.5";
    private static final String WINDOW = "7d";
    private static final String TIME_ZONE = "UTC";
    private static final String ENABLED = "Enabled";
    private static final String DISABLED = "Disabled";
    private static final String AUTO = "Auto";
    private static final String JOBS = "Jobs";
    private static final String CONTINUOUS = "Continuous";

    /** The least that Jobs can keep, whose pods have to start. */
    private static final Duration JOBS_KEEP = Duration.ofMinutes(1);

    private static final BigDecimal ALL = BigDecimal.valueOf(100);

    private static final CorpusSpec.Freshness NOTHING_DECLARED = new CorpusSpec.Freshness(null, null, null, null, null);

    private TimingParser() {}

    /**
     * Throws {@link InvalidSpec}.
     *
     * @param access how old access lists may get; empty: nothing is declared of that
     */
    static RunTiming parse(
            CorpusSpec.@Nullable Freshness declared, Optional<Duration> access, CorpusSpec.Ingestion ingestion) {
        var freshness = Defaults.or(declared, NOTHING_DECLARED);
        var level = new ServiceLevel(
                Defaults.duration(freshness.maxStaleness(), MAX_STALENESS, "spec.freshness.maxStaleness"),
                objective(Defaults.or(freshness.objective(), OBJECTIVE)),
                Defaults.duration(freshness.window(), WINDOW, "spec.freshness.window"));
        return new RunTiming(
                level,
                Optional.ofNullable(freshness.schedule()).map(TimingParser::schedule),
                Optional.ofNullable(ingestion.window()).map(TimingParser::window),
                Defaults.or(ingestion.suspend(), false),
                isContinuous(Defaults.or(ingestion.mode(), AUTO), level, access, freshness.schedule() != null));
    }

    /** Whether generations have a tracer; throws {@link InvalidSpec}. */
    static boolean isTraced(CorpusSpec.@Nullable Freshness declared) {
        var tracer = Defaults.or(Defaults.or(declared, NOTHING_DECLARED).tracer(), ENABLED);
        return switch (tracer) {
            case ENABLED -> true;
            case DISABLED -> false;
            default ->
                throw new InvalidSpec(
                        "spec.freshness.tracer: \"" + tracer + "\" is not known; write Enabled or Disabled");
        };
    }

    private static boolean isContinuous(String mode, ServiceLevel level, Optional<Duration> access, boolean pinned) {
        var accessIsShort = access.filter(TimingParser::isTooShortForJobs).isPresent();
        var isContinuous = isContinuous(mode, accessIsShort || isTooShortForJobs(level.maxStaleness()), pinned);
        if (accessIsShort && !isContinuous) {
            // Answers that are older than is wished are still answers; for access lists that are too old there are
            // none.
            throw new InvalidSpec(
                    "spec.access: Jobs keep a syncInterval and a maxStaleness of 1m or more; write longer ones, or leave"
                            + " spec.ingestion.mode and spec.freshness.schedule out");
        }
        return isContinuous;
    }

    private static boolean isTooShortForJobs(Duration age) {
        return age.compareTo(JOBS_KEEP) < 0;
    }

    private static boolean isContinuous(String mode, boolean isShort, boolean pinned) {
        return switch (mode) {
            case JOBS -> false;
            case CONTINUOUS -> {
                if (pinned) {
                    throw new InvalidSpec(
                            "spec.ingestion.mode: sources that are followed aren't read at set times; take"
                                    + " spec.freshness.schedule out, or write Jobs");
                }
                yield true;
            }
            case AUTO -> !pinned && isShort;
            default ->
                throw new InvalidSpec(
                        "spec.ingestion.mode: \"" + mode + "\" is not known; write Auto, Jobs or Continuous");
        };
    }

    private static BigDecimal objective(String text) {
        try {
            var objective = new BigDecimal(text);
            if (objective.signum() > 0 && objective.compareTo(ALL) < 0) {
                return objective;
            }
        } catch (NumberFormatException notANumber) {
            // falls through to the one message for all that is no percentage
        }
        throw new InvalidSpec(
                "spec.freshness.objective: \"" + text + "\" is not a percentage below 100; write one such as \"99.5\"");
    }

    private static CronSchedule schedule(CorpusSpec.Schedule schedule) {
        var cron = Defaults.required(schedule.cron(), "spec.freshness.schedule.cron");
        var zone = zone(schedule.timeZone(), "spec.freshness.schedule.timeZone");
        try {
            return new CronSchedule(cron, zone);
        } catch (IllegalArgumentException wrong) {
            throw new InvalidSpec("spec.freshness.schedule.cron: \"" + cron + "\" names no moments ("
                    + wrong.getMessage() + "); write five fields such as 0 3 * * *");
        }
    }

    private static DailyWindow window(CorpusSpec.Window window) {
        var from = time(window.from(), "spec.ingestion.window.from");
        var until = time(window.until(), "spec.ingestion.window.until");
        if (from.equals(until)) {
            throw new InvalidSpec("spec.ingestion.window: from and until are equal; write two times, or leave it out");
        }
        return new DailyWindow(from, until, zone(window.timeZone(), "spec.ingestion.window.timeZone"));
    }

    private static LocalTime time(@Nullable String text, String field) {
        try {
            return LocalTime.parse(Defaults.required(text, field));
        } catch (DateTimeException wrong) {
            throw new InvalidSpec(field + ": \"" + text + "\" is not a time of day; write one such as \"22:00\"");
        }
    }

    private static ZoneId zone(@Nullable String name, String field) {
        var text = Defaults.or(name, TIME_ZONE);
        try {
            return ZoneId.of(text);
        } catch (DateTimeException unknown) {
            throw new InvalidSpec(field + ": \"" + text
                    + "\" is not in the IANA database; write a name such as UTC or Europe/Berlin");
        }
    }
}
