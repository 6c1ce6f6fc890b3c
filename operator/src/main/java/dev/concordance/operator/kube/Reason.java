package dev.concordance.operator.kube;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Why a condition is as it is: implemented by one closed enum a kind, whose constants carry their sentence. */
public interface Reason {
    /** The reason as it stands in the condition. */
    String name();

    /** The sentence, with the remedy where a person has to act; a format string of {@link String#format}. */
    String template();

    /** Whether it only says that work goes on, so that nobody has to look at it. */
    default boolean isRoutine() {
        return false;
    }

    /** The names of those of a kind's reasons that are {@link #isRoutine}. */
    static Set<String> routine(Reason... vocabulary) {
        return Arrays.stream(vocabulary)
                .filter(Reason::isRoutine)
                .map(Reason::name)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The sentence with its facts. */
    default String message(Object... facts) {
        return String.format(Locale.ROOT, template(), facts);
    }
}
