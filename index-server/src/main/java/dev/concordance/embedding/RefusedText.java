package dev.concordance.embedding;

/** A text of which the model gives no vector, while it does of others. Its message does not quote the text. */
public final class RefusedText extends RuntimeException {
    private static final long serialVersionUID = 1;

    public RefusedText(String message) {
        super(message);
    }
}
