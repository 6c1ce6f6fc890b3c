package dev.concordance.localcluster.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The node's certificate as a server, and the authorities of its clients. */
final class ServingCertificate {
    private ServingCertificate() {}

    static SSLContext in(Path pki) throws IOException {
        try {
            var none = new char[0];
            var own = KeyStore.getInstance(KeyStore.getDefaultType());
            own.load(null, none);
            own.setKeyEntry("node", key(pki.resolve("kubelet-serving.key")), none, new Certificate[] {
                certificate(pki.resolve("kubelet-serving.crt"))
            });
            var authorities = KeyStore.getInstance(KeyStore.getDefaultType());
            authorities.load(null, none);
            authorities.setCertificateEntry("cluster", certificate(pki.resolve("ca.crt")));
            authorities.setCertificateEntry("front-proxy", certificate(pki.resolve("front-proxy-ca.crt")));
            var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(own, none);
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(authorities);
            var context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("the certificates in " + pki + " can't be used", e);
        }
    }

    private static Certificate certificate(Path file) throws IOException, GeneralSecurityException {
        try (var content = Files.newInputStream(file)) {
            return CertificateFactory.getInstance("X.509").generateCertificate(content);
        }
    }

    private static PrivateKey key(Path file) throws IOException, GeneralSecurityException {
        var base64 = Files.readString(file).replaceAll("-----[A-Z ]+-----|\\s", "");
        return KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
    }
}
