package dev.concordance.embedding;

/** What a text is to a search; many models want another prefix for each. */
public enum Role {
    /** What is asked. */
    QUERY,
    /** What is found. */
    PASSAGE
}
