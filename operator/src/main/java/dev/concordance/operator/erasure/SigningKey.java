package dev.concordance.operator.erasure;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;

/** With what receipts are signed: Ed25519 (RFC 8032), whose signatures of the same text are the same. */
sealed interface SigningKey {
    String ALGORITHM = "Ed25519";

    /** Receipts aren't to be signed. */
    record NotDeclared() implements SigningKey {}

    /** They are, and can't be. */
    record Unusable(String why) implements SigningKey {}

    /**
     * They can be.
     *
     * @param secretVersion resource version of the Secret that has the key
     */
    record Usable(PrivateKey privateKey, PublicKey publicKey, String secretVersion) implements SigningKey {
        /** The signature of a text in UTF-8, in Base64. */
        String sign(String text) {
            try {
                var signature = Signature.getInstance(ALGORITHM);
                signature.initSign(privateKey);
                signature.update(text.getBytes(StandardCharsets.UTF_8));
                return Base64.getEncoder().encodeToString(signature.sign());
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("a key that has signed before", e);
            }
        }

        /** The public key as openssl reads it. */
        String publicPem() {
            var base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(publicKey.getEncoded());
            return "-----BEGIN PUBLIC KEY-----\n" + base64 + "\n-----END PUBLIC KEY-----\n";
        }
    }

    /** The key that a PEM text has; a sentence that quotes nothing of it where it has none. */
    static SigningKey parse(String pem, String secretVersion) {
        try {
            var body = pem.replace("-----BEGIN PRIVATE KEY-----", "")
                    .replace("-----END PRIVATE KEY-----", "")
                    .replaceAll("\\s", "");
            var key = KeyFactory.getInstance(ALGORITHM)
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(body)));
            return new Usable(key, publicKey((EdECPrivateKey) key), secretVersion);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return new Unusable(
                    "it holds no Ed25519 private key in PKCS#8 PEM; make one by openssl genpkey -algorithm ed25519");
        }
    }

    /**
     * The public key of a private one, which is a hash of its seed times the curve's base point (RFC 8032, 5.1.5). The JDK computes
     * that only when it makes a pair, so it is given the seed in place of random bytes.
     */
    private static PublicKey publicKey(EdECPrivateKey key) throws GeneralSecurityException {
        var seed = key.getBytes().orElseThrow();
        var pairs = KeyPairGenerator.getInstance(ALGORITHM);
        pairs.initialize(NamedParameterSpec.ED25519, new Seed(seed));
        var pair = pairs.generateKeyPair();
        if (!Arrays.equals(((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow(), seed)) {
            throw new GeneralSecurityException("this platform derives no public key");
        }
        return pair.getPublic();
    }

    /** Random bytes that are known. */
    final class Seed extends SecureRandom {
        private static final long serialVersionUID = 1;

        private final byte[] seed;

        private Seed(byte[] seed) {
            super();
            this.seed = seed;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            System.arraycopy(seed, 0, bytes, 0, Math.min(seed.length, bytes.length));
        }
    }
}
