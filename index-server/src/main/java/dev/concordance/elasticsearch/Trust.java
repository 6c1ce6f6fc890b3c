package dev.concordance.elasticsearch;

import dev.concordance.manifest.FailureReason;
import dev.concordance.tls.Authorities;
import java.io.IOException;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;

/** TLS that trusts the certificates of a PEM text and no others. */
final class Trust {
    private Trust() {}

    static SSLContext in(String pem) {
        try {
            return Authorities.context(pem);
        } catch (GeneralSecurityException | IOException e) {
            throw new ElasticsearchException(
                    FailureReason.ElasticsearchTlsFailed,
                    "the SearchCluster's CA is not a PEM certificate: " + e.getMessage(),
                    e);
        }
    }
}
