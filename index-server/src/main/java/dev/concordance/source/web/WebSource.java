package dev.concordance.source.web;

import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.source.Before;
import dev.concordance.source.Collected;
import dev.concordance.source.Content;
import dev.concordance.source.Entry;
import dev.concordance.source.Listing;
import dev.concordance.source.Reading;
import dev.concordance.source.Source;
import dev.concordance.source.SourceException;
import dev.concordance.source.VanishedContent;
import dev.concordance.source.http.Fetcher;
import dev.concordance.source.http.MediaType;
import dev.concordance.source.http.Pace;
import dev.concordance.source.http.PoliteClient;
import dev.concordance.source.http.Reach;
import dev.concordance.source.http.Wanted;
import dev.concordance.source.http.WebAddress;
import dev.concordance.spool.ByteSpool;
import dev.concordance.spool.Spools;
import dev.concordance.tls.Authorities;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Iterator;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Pages of websites. They are found by following links, so listing is reading: what was sent is kept until it is parsed. What
 * was deleted is told by pages that answer 404 or that nothing links to any more; a listing in which anything went wrong is
 * marked as incomplete, and deletes nothing.
 */
public final class WebSource implements Source {
    private static final Duration REQUEST = Duration.ofSeconds(60);
    private static final long MOST_KEPT = 1L << 30;
    private static final String TOKEN = "token";

    private final SourceManifest source;
    private final SourceManifest.Web web;
    private final @Nullable Path credentials;
    private final Reading reading;
    private final Surroundings surroundings;
    private @Nullable PoliteClient client;
    private @Nullable ByteSpool pages;

    /**
     * What a source takes from the machine it is on.
     *
     * @param request how long one request may take
     */
    record Surroundings(Reach reach, Pacing pacing, Duration request) {}

    /** Makes the pace of requests. */
    interface Pacing {
        Pace of(Duration delay, Runnable stop);
    }

    /**
     * Opens a source; nothing is asked yet.
     *
     * @param credentials folder of the mounted Secret; null: there is none
     */
    public static WebSource open(
            SourceManifest source, SourceManifest.Web web, @Nullable Path credentials, Reading reading) {
        return new WebSource(
                source,
                web,
                credentials,
                reading,
                new Surroundings(Reach.of(web.privateNetworks()), Pace::of, REQUEST));
    }

    WebSource(
            SourceManifest source,
            SourceManifest.Web web,
            @Nullable Path credentials,
            Reading reading,
            Surroundings surroundings) {
        this.source = source;
        this.web = web;
        this.credentials = credentials;
        this.reading = reading;
        this.surroundings = surroundings;
    }

    @Override
    public Listing list(Spools spools) {
        return list(spools, Before.nothing(spools));
    }

    @Override
    public Listing list(Spools spools, Before before) {
        var scope = new Scope(source, web);
        var troubles = new Troubles();
        var collected = new Collected(source, reading, spools);
        var pace = surroundings.pacing().of(Duration.ofMillis(web.delayMillis()), before.stop());
        var opened = new PoliteClient(fetcher(scope), pace, Instant::now);
        client = opened;
        var kept = spools.bytes(MOST_KEPT);
        pages = kept;
        new Crawl(web, scope, opened, kept, collected, troubles, reading.maxBytes()).run(before);
        var failure = troubles.failure(source.name());
        try {
            var listing = collected.listing();
            return failure.isEmpty() ? listing : listing.without(failure.get());
        } catch (SourceException empty) {
            throw failure.orElse(empty);
        }
    }

    @Override
    public void fetch(Iterator<Entry> entries) {}

    @Override
    public Content content(Entry.Stored entry) {
        return new PageContent((Entry.Page) entry);
    }

    @Override
    public void close() {
        if (client != null) {
            client.close();
        }
        if (pages != null) {
            pages.close();
        }
    }

    private Fetcher fetcher(Scope scope) {
        var name = web.userAgentSuffix() == null ? RobotsFiles.NAME : RobotsFiles.NAME + " " + web.userAgentSuffix();
        var header = credentials == null ? null : authorization(credentials);
        return Fetcher.open(
                surroundings.reach(),
                trust(),
                name,
                address -> scope.isDeclared(address) ? header : null,
                surroundings.request());
    }

    private @Nullable SSLContext trust() {
        var pem = web.caCertificates();
        try {
            return pem == null ? null : Authorities.context(pem);
        } catch (GeneralSecurityException | IOException e) {
            throw SourceException.of(
                    source.name(),
                    FailureReason.SourceInvalid,
                    "the ConfigMap of web.caConfigMapRef holds no PEM certificate: " + e.getMessage(),
                    e);
        }
    }

    private String authorization(Path folder) {
        try {
            if (Files.exists(folder.resolve(TOKEN))) {
                return "Bearer " + read(folder, TOKEN);
            }
            var pair = read(folder, "username") + ":" + read(folder, "password");
            return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw SourceException.of(
                    source.name(),
                    FailureReason.SourceUnauthorized,
                    "the Secret of web.credentialsSecretRef needs the keys username and password, or token",
                    e);
        }
    }

    private static String read(Path folder, String key) throws IOException {
        return Files.readString(folder.resolve(key)).strip();
    }

    /** A page as it was fetched; one that wasn't kept is fetched now, and may be a later one. */
    private final class PageContent implements Content {
        private final Entry.Page page;

        PageContent(Entry.Page page) {
            this.page = page;
        }

        @Override
        public long size() {
            return page.length() > 0 || page.start() >= 0 ? page.length() : reading.maxBytes();
        }

        @Override
        public byte[] read() throws IOException {
            return held().bytes();
        }

        @Override
        public Held held() throws IOException {
            if (page.start() >= 0) {
                var kept = Objects.requireNonNull(pages, "the source has been listed");
                return new Held(kept.read(page.start(), page.length()), true);
            }
            synchronized (WebSource.this) {
                // A pace is for one thread.
                var fetched = fetch();
                return new Held(fetched, PageKey.isOf(fetched, page.changeKey()));
            }
        }

        private byte[] fetch() throws IOException {
            var address = WebAddress.parse(page.id()).orElseThrow();
            var answer = Objects.requireNonNull(client, "the source has been listed")
                    .get(Wanted.all(address, reading.maxBytes()));
            if (answer.status() == 404 || answer.status() == 410) {
                throw new VanishedContent(new IOException("HTTP " + answer.status()));
            }
            if (answer.status() != 200 || answer.isCut()) {
                throw new IOException("it was listed, and now answers HTTP " + answer.status());
            }
            return MediaType.of(answer.header("content-type").orElse("")).inUtf8(answer.body());
        }
    }
}
