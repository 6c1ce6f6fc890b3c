package dev.concordance.embedding;

/** What a model made of a text. */
public sealed interface Embedded {
    /** Its vector. */
    record Vector(float[] floats) implements Embedded {}

    /** Nothing, and it would be the same again: the text has no vector by this model. */
    record Refused() implements Embedded {}
}
