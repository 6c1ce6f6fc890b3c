package dev.concordance.operator.kube;

import java.util.Locale;

/** Why a condition is as it is: implemented by one closed enum a kind, whose constants carry their sentence. */
public interface Reason {
    /** The reason as it stands in the condition. */
    String name();

    /** The sentence, with the remedy where a person has to act; a format string of {@link String#format}. */
    String template();

    /** The sentence with its facts. */
    default String message(Object... facts) {
        return String.format(Locale.ROOT, template(), facts);
    }
}
