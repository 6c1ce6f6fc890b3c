package dev.concordance.operator.kube;

import java.util.Optional;
import java.util.function.Function;

/** The outcome of parsing a declaration: its strict form, or why it has none. */
public sealed interface Parsed<T> {
    /** The strict form. */
    record Valid<T>(T value) implements Parsed<T> {}

    /** Why there is none, as a sentence that names the field and the remedy. */
    record Invalid<T>(String sentence) implements Parsed<T> {}

    /** Applies a parse function that throws {@link InvalidSpec}. */
    static <S, T> Parsed<T> of(S spec, Function<S, T> parse) {
        try {
            return new Valid<>(parse.apply(spec));
        } catch (InvalidSpec invalid) {
            return new Invalid<>(invalid.sentence());
        }
    }

    /** The strict form, if there is one. */
    default Optional<T> valid() {
        return switch (this) {
            case Valid<T>(var value) -> Optional.of(value);
            case Invalid<T> invalid -> Optional.empty();
        };
    }
}
