package dev.concordance.manifest;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Digests for receipts: HMAC-SHA-256 (RFC 2104) under the UID of the Erasure. Whoever has the receipt alone can't try ids until
 * one fits; whoever may read the Erasure can show that a document is in it.
 */
public final class ErasureDigest {
    private static final String ALGORITHM = "HmacSHA256";

    private ErasureDigest() {}

    /** 64 hexadecimal digits over the text. */
    public static String of(String erasure, String text) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(erasure.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }
}
