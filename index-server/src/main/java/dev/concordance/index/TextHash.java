package dev.concordance.index;

import dev.concordance.manifest.Fingerprint;

/** The digest by which the vector of a passage's text is known again: the same text and model, the same vector. */
public final class TextHash {
    private TextHash() {}

    /** The hash of a passage's embedded text under a model. */
    public static String of(String modelDigest, String embeddedText) {
        return new Fingerprint("passage/1")
                .with("model", modelDigest)
                .with("text", embeddedText)
                .digest();
    }
}
