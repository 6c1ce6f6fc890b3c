package dev.concordance.source;

import com.sun.net.httpserver.HttpExchange;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.TestAuthority;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;

/** Objects of a bucket, which are listed two at a time. */
final class FailingStore implements FailingPlace {
    private static final String BUCKET = "/handbook";
    private static final int AT_A_TIME = 2;

    private final Map<String, String> objects = new ConcurrentSkipListMap<>();
    private final TestAuthority authority;
    private final SecuredHost host;
    private volatile Predicate<URI> refused = asked -> false;
    private volatile String code = "";
    private volatile boolean hidden;

    FailingStore(TestAuthority authority) throws Exception {
        this.authority = authority;
        host = new SecuredHost(authority.host(), this::answer);
    }

    static boolean isLaterPage(URI asked) {
        return String.valueOf(asked.getQuery()).contains("continuation-token");
    }

    SourceManifest refuse(Predicate<URI> which, String with, SourceManifest declared) {
        code = with;
        refused = which;
        return declared;
    }

    SourceManifest hide(SourceManifest declared) {
        hidden = true;
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

    SourceManifest.S3 bucket(String endpoint) throws Exception {
        var plain = Corpora.bucket("bucket", "handbook", URI.create(endpoint));
        return ((SourceManifest.S3) plain.location()).with(authority.pem(), SourceManifest.RateLimit.NONE);
    }

    @Override
    public SourceManifest declared() throws Exception {
        return new SourceManifest("bucket", bucket(host.url()), List.of(), List.of(), null, null);
    }

    @Override
    public String id(String name) {
        return name + ".md";
    }

    @Override
    public void put(String name, String words) {
        objects.put(id(name), words);
    }

    @Override
    public void remove(String name) {
        objects.remove(id(name));
    }

    @Override
    public void mend() throws Exception {
        refused = asked -> false;
        hidden = false;
        host.serve(authority.host());
    }

    @Override
    public void close() {
        host.close();
    }

    private void answer(HttpExchange exchange) throws IOException {
        var asked = exchange.getRequestURI();
        var key = asked.getPath().replaceFirst("^" + BUCKET + "/?", "");
        if (refused.test(asked)) {
            SecuredHost.send(exchange, 403, "application/xml", "<Error><Code>%s</Code></Error>".formatted(code));
        } else {
            SecuredHost.send(
                    exchange, 200, "application/xml", key.isEmpty() ? listing(asked) : objects.getOrDefault(key, ""));
        }
    }

    private String listing(URI asked) {
        var listed = hidden ? Map.<String, String>of() : objects;
        var later = isLaterPage(asked);
        var whole = later || listed.size() <= AT_A_TIME;
        var page = listed.entrySet().stream().skip(later ? AT_A_TIME : 0).limit(later ? Long.MAX_VALUE : AT_A_TIME);
        var contents = page.map(object -> "<Contents><Key>%s</Key><ETag>\"%x\"</ETag><Size>%d</Size></Contents>"
                        .formatted(
                                object.getKey(),
                                object.getValue().hashCode(),
                                object.getValue().length()))
                .toList();
        return "<ListBucketResult><Name>handbook</Name><KeyCount>%d</KeyCount><IsTruncated>%s</IsTruncated>%s%s</ListBucketResult>"
                .formatted(
                        contents.size(),
                        !whole,
                        whole ? "" : "<NextContinuationToken>2</NextContinuationToken>",
                        String.join("", contents));
    }
}
