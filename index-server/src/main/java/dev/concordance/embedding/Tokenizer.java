package dev.concordance.embedding;

/** Cuts text into a model's tokens. Safe for many threads. */
public interface Tokenizer {
    /** The tokens of a text, in order; none of those that the model wants around each text. */
    Tokens tokenize(CharSequence text);

    /** What the model wants around each text. */
    Frame frame();

    /**
     * Whether a space or the end of a line always ends a token, and what is beyond it changes none: then a text has as many
     * tokens as its parts between spaces have together.
     */
    default boolean endsTokensAtSpaces() {
        return false;
    }

    /** How many tokens a text has. */
    default int count(CharSequence text) {
        return tokenize(text).size();
    }

    /** The ids of the special tokens before and after a text. */
    record Frame(long[] before, long[] after) {
        /** How many they are. */
        public int size() {
            return before.length + after.length;
        }
    }
}
