package dev.concordance.source.web;

import dev.concordance.manifest.Causes;
import dev.concordance.manifest.FailureReason;
import dev.concordance.source.http.ForbiddenAddress;
import dev.concordance.source.http.Network;
import dev.concordance.source.http.WebAddress;
import dev.concordance.source.web.Troubles.Trouble;
import dev.concordance.tls.Authorities;
import java.io.IOException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;

/** What the failure of a conversation with a website means to the user. */
final class WebFailures {
    private WebFailures() {}

    /** There was no answer. */
    static Trouble unanswered(WebAddress address, IOException e) {
        if (e instanceof ForbiddenAddress forbidden) {
            return forbidden(address, forbidden);
        }
        if (Causes.has(e, SSLException.class)) {
            return new Trouble(
                    FailureReason.SourceUnreachable,
                    Authorities.remedy(address.origin(), e, "web.caConfigMapRef, or correct the URL"));
        }
        if (e instanceof UnknownHostException) {
            return new Trouble(
                    FailureReason.SourceUnreachable,
                    "there is no address for the host name %s: correct the URL, or look after DNS"
                            .formatted(address.host()));
        }
        return new Trouble(FailureReason.SourceUnreachable, "%s can't be read: %s".formatted(address, Causes.told(e)));
    }

    private static Trouble forbidden(WebAddress address, ForbiddenAddress e) {
        var remedy = e.network() == Network.PRIVATE
                ? "a private network, which this namespace may not read: have the operator's ingestion.privateNetworkNamespaces list it, or correct the URL"
                : "a network that no website is in: correct the URL, or exclude what redirects there";
        return new Trouble(
                FailureReason.SourceInvalid, "%s is in %s; %s".formatted(address.origin(), remedy, Causes.told(e)));
    }

    /** A declared page is on another host. */
    static Trouble astray(WebAddress declared, WebAddress to) {
        return new Trouble(
                FailureReason.SourceInvalid,
                "%s redirects to %s, which is not followed: correct web.urls, or declare the host in web.hosts"
                        .formatted(declared, to.origin()));
    }

    /** Redirects that lead back to where they came from, or to no end. */
    static Trouble circle(String address) {
        return new Trouble(
                FailureReason.SourceInvalid,
                "%s redirects on and on: correct the site, or exclude it".formatted(address));
    }

    /** What a host allows is said on another one. */
    static Trouble elsewhere(WebAddress file, WebAddress other) {
        return new Trouble(
                FailureReason.SourceInvalid,
                "%s redirects to %s, which isn't a host of the source: declare it in web.hosts"
                        .formatted(file, other.authority()));
    }

    /** There was an answer, and it was no page. */
    static Trouble refused(WebAddress address, int status) {
        return switch (status) {
            case 401 ->
                new Trouble(
                        FailureReason.SourceUnauthorized,
                        "%s wants other credentials (HTTP 401): correct the Secret of web.credentialsSecretRef"
                                .formatted(address));
            case 403 ->
                new Trouble(
                        FailureReason.SourceUnauthorized,
                        "%s may not be read (HTTP 403): give credentials in web.credentialsSecretRef that may, or exclude it"
                                .formatted(address));
            case 404, 410 ->
                new Trouble(
                        FailureReason.SourceInvalid,
                        "%s does not exist (HTTP %d): correct web.urls, web.sitemaps, or the sitemap that lists it"
                                .formatted(address, status));
            case 301, 302, 303, 307, 308 ->
                new Trouble(
                        FailureReason.SourceInvalid,
                        "%s redirects to no http or https address (HTTP %d): correct the site, or exclude it"
                                .formatted(address, status));
            default ->
                new Trouble(
                        FailureReason.SourceUnreachable,
                        "%s answered HTTP %d: look after the site".formatted(address, status));
        };
    }
}
