package dev.concordance.manifest;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A SHA-256 over named parts. Names and values are length-prefixed, so that no two different sequences of parts have the
 * same bytes; the order of the parts matters.
 */
public final class Fingerprint {
    private final MessageDigest sha256;

    /** @param kind what is fingerprinted, with the version of the recipe: a changed recipe changes every digest */
    public Fingerprint(String kind) {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        add(kind);
    }

    /** Adds a part; the value is taken by its string form. */
    public Fingerprint with(String name, Object value) {
        add(name);
        add(value.toString());
        return this;
    }

    /** The first 32 hexadecimal digits (128 bits) of the digest over all parts; ends this fingerprint. */
    public String digest() {
        return HexFormat.of().formatHex(sha256.digest(), 0, 16);
    }

    private void add(String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        sha256.update((byte) (bytes.length >>> 24));
        sha256.update((byte) (bytes.length >>> 16));
        sha256.update((byte) (bytes.length >>> 8));
        sha256.update((byte) bytes.length);
        sha256.update(bytes);
    }
}
