package dev.concordance.operator.kube;

/**
 * A declaration that can't be carried out as it is written: becomes a condition and is not tried again until it changes.
 * Its message names the field and says what to write instead.
 */
public final class InvalidSpec extends RuntimeException {
    private static final long serialVersionUID = 1;

    public InvalidSpec(String message) {
        super(message, null, false, false);
    }

    /** The sentence for the condition. */
    public String sentence() {
        return String.valueOf(getMessage());
    }
}
