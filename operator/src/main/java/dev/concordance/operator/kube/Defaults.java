package dev.concordance.operator.kube;

import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the scalar notations of the API, and fills in what is not declared. */
public final class Defaults {
    private static final Pattern DURATION = Pattern.compile("([1-9][0-9]{0,8})(ms|s|m|h|d)");

    private Defaults() {}

    /** The value, or the default where there is none. */
    public static <T> T or(@Nullable T value, T otherwise) {
        return value == null ? otherwise : value;
    }

    /** A required value. */
    public static <T> T required(@Nullable T value, String field) {
        if (value == null) {
            throw new InvalidSpec(field + " is missing; set it");
        }
        return value;
    }

    /** The constant of this name, whatever its case. */
    public static <E extends Enum<E>> E constant(Class<E> type, String name, String field) {
        for (var constant : type.getEnumConstants()) {
            if (constant.name().equalsIgnoreCase(name)) {
                return constant;
            }
        }
        throw new InvalidSpec(
                field + ": \"" + name + "\" is not known; write one of " + List.of(type.getEnumConstants()));
    }

    /** A duration such as {@code 90s}, {@code 15m} or {@code 7d}. */
    public static Duration duration(@Nullable String value, String otherwise, String field) {
        var text = or(value, otherwise);
        var match = DURATION.matcher(text);
        if (!match.matches()) {
            throw new InvalidSpec(
                    field + ": \"" + text + "\" is not a duration; write a number and a unit, such as 90s, 15m or 7d");
        }
        var amount = Long.parseLong(match.group(1));
        return switch (match.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    /** A size in bytes such as {@code 10Mi}. */
    public static long bytes(@Nullable String value, String otherwise, String field) {
        var text = or(value, otherwise);
        try {
            var bytes = Quantity.getAmountInBytes(Quantity.parse(text));
            if (bytes.signum() > 0 && bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0) {
                return bytes.longValue();
            }
        } catch (IllegalArgumentException notAQuantity) {
            // falls through to the one message for all that is no size
        }
        throw new InvalidSpec(
                field + ": \"" + text + "\" is not a size; write a number and a unit, such as 512Ki or 10Mi");
    }

    /** A decimal number written as a string. */
    public static double decimal(@Nullable String value, double otherwise, String field) {
        if (value == null) {
            return otherwise;
        }
        try {
            return Double.parseDouble(value);
        } catch (NumberFormatException notANumber) {
            throw new InvalidSpec(field + ": \"" + value + "\" is not a number; write one such as \"0.5\"");
        }
    }
}
