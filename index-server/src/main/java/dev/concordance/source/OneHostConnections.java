package dev.concordance.source;

import dev.concordance.manifest.FailureReason;
import dev.concordance.tls.Authorities;
import java.io.IOException;
import java.net.Proxy;
import java.net.URL;
import java.security.GeneralSecurityException;
import java.util.Locale;
import javax.net.ssl.TrustManager;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.transport.http.HttpConnection;
import org.eclipse.jgit.transport.http.HttpConnectionFactory;
import org.eclipse.jgit.transport.http.JDKHttpConnectionFactory;
import org.jspecify.annotations.Nullable;

/**
 * Connections to the declared host and port only: a redirect elsewhere would take the credentials along, and could make the worker
 * ask what only it can reach inside the cluster. What http has at its usual port, https may have at its own. With declared certificates they trust these and no others.
 */
final class OneHostConnections implements HttpConnectionFactory {
    private final HttpConnectionFactory connections = new JDKHttpConnectionFactory();
    private final String host;
    private final String scheme;
    private final int port;
    private final TrustManager @Nullable [] trust;

    /** A redirect that isn't followed. */
    static final class LedElsewhere extends IOException {
        private static final long serialVersionUID = 1;

        LedElsewhere(String what, String where) {
            super("it redirects to another %s, %s, which is not followed".formatted(what, where));
        }
    }

    /**
     * To where the repository is.
     *
     * @param pem certificates to trust; null: the platform's
     */
    OneHostConnections(URIish repository, @Nullable String pem) {
        this.host = repository.getHost();
        this.scheme = repository.getScheme().toLowerCase(Locale.ROOT);
        this.port = repository.getPort() > 0 ? repository.getPort() : usualPort(scheme);
        this.trust = pem == null ? null : trusting(pem);
    }

    @Override
    public HttpConnection create(URL url) throws IOException {
        check(url);
        return prepared(url, connections.create(url));
    }

    @Override
    public HttpConnection create(URL url, @Nullable Proxy proxy) throws IOException {
        check(url);
        return prepared(url, connections.create(url, proxy));
    }

    private void check(URL url) throws LedElsewhere {
        if (!url.getHost().equalsIgnoreCase(host)) {
            throw new LedElsewhere("host", url.getHost());
        }
        var led = url.getPort() > 0 ? url.getPort() : url.getDefaultPort();
        if (led != port && !isSecuredWithoutPorts(url, led)) {
            throw new LedElsewhere("port", url.getHost() + ":" + led);
        }
    }

    private boolean isSecuredWithoutPorts(URL url, int led) {
        return scheme.equals("http")
                && port == usualPort("http")
                && url.getProtocol().equals("https")
                && led == usualPort("https");
    }

    private static int usualPort(String scheme) {
        return scheme.equals("https") ? 443 : 80;
    }

    private HttpConnection prepared(URL url, HttpConnection connection) throws IOException {
        try {
            // The library takes every connection that it configures for one over TLS.
            if (trust != null && url.getProtocol().equalsIgnoreCase("https")) {
                connection.configure(null, trust, null);
            }
            return connection;
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private static TrustManager[] trusting(String pem) {
        try {
            return Authorities.in(pem);
        } catch (GeneralSecurityException | IOException e) {
            throw new SourceException(
                    FailureReason.SourceInvalid,
                    "the ConfigMap of git.caConfigMapRef holds no PEM certificate: " + e.getMessage(),
                    e);
        }
    }
}
