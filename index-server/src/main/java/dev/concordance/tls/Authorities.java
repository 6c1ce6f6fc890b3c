package dev.concordance.tls;

import dev.concordance.manifest.Causes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Certificates of a PEM text that are trusted, and no others. */
public final class Authorities {
    private Authorities() {}

    /** Whether a connection failed because nobody who is trusted vouches for the other side. */
    public static boolean areMissing(Throwable failure) {
        return Causes.has(failure, CertificateException.class)
                || Causes.has(failure, CertPathValidatorException.class)
                || Causes.has(failure, SSLPeerUnverifiedException.class);
    }

    /** TLS that trusts them; throws if the text holds no certificate. */
    public static SSLContext context(String pem) throws GeneralSecurityException, IOException {
        var context = SSLContext.getInstance("TLS");
        context.init(null, in(pem), null);
        return context;
    }

    /** What trusts them; throws if the text holds no certificate. */
    public static TrustManager[] in(String pem) throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (var certificate : CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)))) {
            store.setCertificateEntry("authority-" + store.size(), certificate);
        }
        if (store.size() == 0) {
            throw new CertificateException("there is none in it");
        }
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }
}
