package dev.concordance.source;

import dev.concordance.manifest.SourceManifest;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.TestAuthority;
import dev.concordance.testing.TestBucket;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;

/** Objects of a bucket, which are listed two at a time. */
final class FailingStore implements FailingPlace {
    private final TestBucket bucket = new TestBucket(2);
    private final Map<String, String> aside = new HashMap<>();
    private final TestAuthority authority;
    private final SecuredHost host;

    FailingStore(TestAuthority authority) throws Exception {
        this.authority = authority;
        host = new SecuredHost(authority.host(), bucket);
    }

    SourceManifest refuse(Predicate<URI> which, String with, SourceManifest declared) {
        bucket.fail((asked, usual) -> which.test(asked) ? TestBucket.Reply.error(403, with) : usual);
        return declared;
    }

    SourceManifest hide(SourceManifest declared) {
        aside.putAll(bucket.objects());
        bucket.objects().clear();
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
        var plain = Corpora.bucket("bucket", TestBucket.NAME, URI.create(endpoint));
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
        bucket.objects().put(id(name), words);
    }

    @Override
    public void remove(String name) {
        bucket.objects().remove(id(name));
    }

    @Override
    public void mend() throws Exception {
        bucket.fail((asked, usual) -> usual);
        bucket.objects().putAll(aside);
        aside.clear();
        host.serve(authority.host());
    }

    @Override
    public void close() {
        host.close();
    }
}
