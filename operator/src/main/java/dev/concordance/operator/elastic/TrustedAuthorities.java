package dev.concordance.operator.elastic;

import dev.concordance.operator.elastic.BackendException.Obstacle;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** TLS that trusts the certificates of a PEM text and no others. */
final class TrustedAuthorities {
    private TrustedAuthorities() {}

    static SSLContext of(String pem) {
        try {
            var certificates = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)));
            if (certificates.isEmpty()) {
                throw new GeneralSecurityException("no certificate in it");
            }
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            var number = 0;
            for (var certificate : certificates) {
                store.setCertificateEntry("authority-" + number++, certificate);
            }
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            var context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new BackendException(
                    Obstacle.CERTIFICATE_UNTRUSTED,
                    "the declared certificate authority is not a PEM certificate: " + e.getMessage(),
                    e);
        }
    }
}
