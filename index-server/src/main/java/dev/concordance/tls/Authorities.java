package dev.concordance.tls;

import dev.concordance.manifest.Causes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Certificates of a PEM text that are trusted, and no others. */
public final class Authorities {
    /** The JDK and the drivers of databases say in words only that a certificate is another host's. */
    private static final List<String> ANOTHER_HOST = List.of(
            "no subject alternative", "no name matching", "by hostnameverifier", "hostname verification failed");

    private Authorities() {}

    /** Whether a connection failed because nobody who is trusted vouches for the other side. */
    public static boolean areMissing(Throwable failure) {
        return Causes.has(failure, CertificateException.class)
                || Causes.has(failure, CertPathValidatorException.class)
                || Causes.has(failure, SSLPeerUnverifiedException.class);
    }

    /**
     * What was wrong with the certificate of the other side, and what helps.
     *
     * @param place whose certificate it is
     * @param authorities the field where its authority can be declared
     */
    public static String remedy(String place, Throwable failure, String authorities) {
        if (Causes.has(failure, CertificateExpiredException.class)
                || Causes.has(failure, CertificateNotYetValidException.class)) {
            return "the certificate of %s has expired or isn't valid yet: have it renewed, or set the node's clock by NTP; %s"
                    .formatted(place, Causes.told(failure));
        }
        if (isOfAnotherHost(failure)) {
            return "the certificate of %s is another host's: declare a name of the host that it holds, or have it certified for this one; %s"
                    .formatted(place, Causes.told(failure));
        }
        var what = areMissing(failure)
                ? "the certificate of %s isn't trusted"
                : "there is no verified TLS connection to %s";
        return what.formatted(place) + ": give its CA in " + authorities + "; " + Causes.told(failure);
    }

    private static boolean isOfAnotherHost(Throwable failure) {
        if (Causes.has(failure, SSLPeerUnverifiedException.class)) {
            return true;
        }
        for (var at = failure; at != null; at = at.getCause()) {
            var words = String.valueOf(at.getMessage()).toLowerCase(Locale.ROOT);
            if (ANOTHER_HOST.stream().anyMatch(words::contains)) {
                return true;
            }
        }
        return false;
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
