package dev.concordance.source.web;

import dev.concordance.manifest.SourceManifest;
import dev.concordance.source.Selection;
import dev.concordance.source.http.WebAddress;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Which addresses belong to a source: those on its hosts whose paths are chosen. What is linked over http, and declared over
 * https, is asked over https.
 */
final class Scope {
    private final Selection selection;
    private final Set<String> hosts = new HashSet<>();
    private final Set<String> secured = new HashSet<>();
    private final Set<String> origins = new HashSet<>();

    Scope(SourceManifest source, SourceManifest.Web web) {
        selection = new Selection(source);
        for (var url : web.urls()) {
            declare(url);
        }
        for (var url : web.sitemaps()) {
            declare(url);
        }
        hosts.addAll(web.hosts());
    }

    private void declare(String url) {
        WebAddress.parse(url).ifPresent(address -> {
            hosts.add(address.authority());
            origins.add(address.origin());
            if (address.scheme().equals("https")) {
                secured.add(address.authority());
            }
        });
    }

    /** The address as it is asked for; nothing if it is on a host that isn't the source's. */
    Optional<WebAddress> onItsHosts(WebAddress address) {
        return hosts.contains(address.authority())
                ? Optional.of(secured.contains(address.authority()) ? address.secured() : address)
                : Optional.empty();
    }

    /** Whether a page at this address may be a document: by its path without the first slash, and its query. */
    boolean chooses(WebAddress address) {
        return selection.takes(address.target().substring(1));
    }

    /** Whether scheme, host and port are declared ones, so that credentials are sent to them. */
    boolean isDeclared(WebAddress address) {
        return origins.contains(address.origin());
    }
}
