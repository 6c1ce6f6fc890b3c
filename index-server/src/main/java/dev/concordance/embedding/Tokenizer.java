package dev.concordance.embedding;

/** Cuts text into a model's tokens, special tokens not among them. Immutable. */
public interface Tokenizer {
    /** The tokens of a text, in order. */
    Tokens tokenize(CharSequence text);

    /** How many tokens a text has. */
    default int count(CharSequence text) {
        return tokenize(text).size();
    }
}
