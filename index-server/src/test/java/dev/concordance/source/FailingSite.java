package dev.concordance.source;

import com.sun.net.httpserver.HttpExchange;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.testing.TestAuthority;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;

/** Pages of a website, to which its first page links. */
final class FailingSite implements FailingPlace {
    private static final String FOLDER = "/p/";

    private final Map<String, String> pages = new ConcurrentSkipListMap<>();
    private final TestAuthority authority;
    private final SecuredHost host;
    private volatile Predicate<URI> refused = asked -> false;
    private volatile int status;

    FailingSite(TestAuthority authority) throws Exception {
        this.authority = authority;
        host = new SecuredHost(authority.host(), this::answer);
    }

    SourceManifest refuse(Predicate<URI> which, int with, SourceManifest declared) {
        status = with;
        refused = which;
        return declared;
    }

    SourceManifest serve(SSLContext tls, SourceManifest declared) throws IOException {
        host.serve(tls);
        return declared;
    }

    SourceManifest leave(SourceManifest declared) {
        host.close();
        return declared;
    }

    String url() {
        return host.url() + "/";
    }

    SourceManifest.Web web(String url, String authorities) {
        return new SourceManifest.Web(List.of(url), List.of(), List.of(), 3, 50, 1, null, null, authorities, true);
    }

    @Override
    public SourceManifest declared() throws Exception {
        var web = web(url(), authority.pem());
        return new SourceManifest("site", web, List.of("p/**"), List.of(), null, null);
    }

    @Override
    public String id(String name) {
        return host.url() + FOLDER + name;
    }

    @Override
    public void put(String name, String words) {
        pages.put(FOLDER + name, "<main><p>%s</p></main>".formatted(words));
    }

    @Override
    public void remove(String name) {
        pages.remove(FOLDER + name);
    }

    @Override
    public void mend() throws Exception {
        refused = asked -> false;
        host.serve(authority.host());
    }

    @Override
    public void close() {
        host.close();
    }

    private void answer(HttpExchange exchange) throws IOException {
        var asked = exchange.getRequestURI();
        if (refused.test(asked)) {
            SecuredHost.send(exchange, status, "text/plain", "");
            return;
        }
        var links = pages.keySet().stream()
                .map("<a href='%s'>there</a>"::formatted)
                .collect(Collectors.joining(" ", "<main>", "</main>"));
        var page = asked.getPath().equals("/") ? links : pages.getOrDefault(asked.getPath(), "");
        SecuredHost.send(exchange, page.isEmpty() ? 404 : 200, "text/html", page);
    }
}
