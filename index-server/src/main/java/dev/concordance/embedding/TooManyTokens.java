package dev.concordance.embedding;

/** A text with more tokens than are kept of one, which no index of it could want. */
public final class TooManyTokens extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooManyTokens(int most) {
        super("it has more than %d tokens: divide or exclude it".formatted(most));
    }
}
