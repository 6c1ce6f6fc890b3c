package dev.concordance.index;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The key of a document in a generation: 32 hexadecimal digits over the name of its source and its id there. */
public final class DocumentKey {
    private static final int BYTES = 16;

    private DocumentKey() {}

    /** The key of document {@code id} of {@code source}. */
    public static String of(String source, String id) {
        try {
            var sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(source.getBytes(StandardCharsets.UTF_8));
            sha256.update((byte) 0);
            return HexFormat.of().formatHex(sha256.digest(id.getBytes(StandardCharsets.UTF_8)), 0, BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
