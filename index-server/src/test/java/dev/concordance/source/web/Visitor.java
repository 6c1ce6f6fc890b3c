package dev.concordance.source.web;

import dev.concordance.manifest.SourceManifest;
import dev.concordance.source.Before;
import dev.concordance.source.Content;
import dev.concordance.source.Entry;
import dev.concordance.source.Indexed;
import dev.concordance.source.Reading;
import dev.concordance.source.SourceException;
import dev.concordance.source.http.Pace;
import dev.concordance.source.http.Reach;
import dev.concordance.spool.Spools;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Lists websites on loopback, and nowhere else, as a run does, with a clock that stands still but where somebody waits. The
 * names {@code *.test} are loopback's, others have no address.
 */
final class Visitor {
    static final int MOST_BYTES = 100_000;
    private final Path folder;
    private Declaration declared;
    private List<Indexed> known = List.of();
    private Duration request = Duration.ofSeconds(20);
    private Runnable stop = () -> {};
    private boolean readsAll;
    private int mostBytes = MOST_BYTES;
    private long nanos;

    /** What of a source these tests vary. */
    record Declaration(
            SourceManifest.Web web,
            List<String> include,
            List<String> exclude,
            @Nullable Path credentials) {
        Declaration with(SourceManifest.Web other) {
            return new Declaration(other, include, exclude, credentials);
        }
    }

    /**
     * What a listing gave, with the texts of its pages.
     *
     * @param changed pages that were others when they were read
     */
    record Visited(
            String position,
            Map<String, Entry> entries,
            Map<String, String> texts,
            Set<String> changed,
            long passedOver,
            @Nullable SourceException incomplete) {
        List<String> ids() {
            return List.copyOf(entries.keySet());
        }
    }

    private Visitor(Path folder, SourceManifest.Web web) {
        this.folder = folder;
        this.declared = new Declaration(web, List.of(), List.of(), null);
    }

    static Visitor of(Path folder, String... urls) {
        return new Visitor(folder, web(List.of(urls), List.of()));
    }

    static Visitor ofSitemaps(Path folder, String... urls) {
        return new Visitor(folder, web(List.of(), List.of(urls)));
    }

    private static SourceManifest.Web web(List<String> urls, List<String> sitemaps) {
        return new SourceManifest.Web(
                urls, sitemaps, List.of(), urls.isEmpty() ? 0 : 10, 100, 250, null, null, null, true);
    }

    Visitor hosts(String... hosts) {
        return changed(web -> new SourceManifest.Web(
                web.urls(),
                web.sitemaps(),
                List.of(hosts),
                web.maxDepth(),
                web.maxPages(),
                web.delayMillis(),
                null,
                null,
                web.caCertificates(),
                true));
    }

    Visitor bounds(int maxDepth, int maxPages) {
        return changed(web -> new SourceManifest.Web(
                web.urls(),
                web.sitemaps(),
                web.hosts(),
                maxDepth,
                maxPages,
                web.delayMillis(),
                null,
                null,
                null,
                true));
    }

    Visitor trusting(@Nullable String pem) {
        return changed(web -> web.with(pem, true));
    }

    Visitor called(String suffix) {
        return changed(web -> new SourceManifest.Web(
                web.urls(), web.sitemaps(), web.hosts(), 10, 100, 250, suffix, null, null, true));
    }

    Visitor choosing(List<String> include, List<String> exclude) {
        declared = new Declaration(declared.web(), include, exclude, declared.credentials());
        return this;
    }

    Visitor knownBy(Path secret) {
        declared = new Declaration(declared.web(), declared.include(), declared.exclude(), secret);
        return this;
    }

    Visitor within(Duration deadline) {
        request = deadline;
        return this;
    }

    /** Reads larger pages. */
    Visitor upTo(int bytes) {
        mostBytes = bytes;
        return this;
    }

    Visitor until(Runnable stopped) {
        stop = stopped;
        return this;
    }

    /** Each request takes so long. */
    Visitor taking(Duration each) {
        stop = () -> nanos += each.toNanos();
        return this;
    }

    /** Remembers what was listed, as a manifest does. */
    Visitor knowing(Visited before) {
        known = before.entries().values().stream()
                .map(entry -> new Indexed(entry.id(), entry.changeKey()))
                .toList();
        return this;
    }

    /** Reads pages that were not sent too, as if each had to be written anew. */
    Visitor readingAll() {
        readsAll = true;
        return this;
    }

    /** Time that was waited. */
    Duration waited() {
        return Duration.ofNanos(nanos);
    }

    /** Lists and reads all pages that were sent. */
    Visited visit() {
        var source = new SourceManifest("site", declared.web(), declared.include(), declared.exclude(), null, null);
        var reading = new Reading(name -> folder, folder.resolve("work"), mostBytes, path -> false);
        var around = new WebSource.Surroundings(
                new Reach(Visitor::addresses, InetAddress::isLoopbackAddress),
                (delay, stopped) -> new Pace(delay, stopped, () -> nanos, waited -> nanos += waited),
                request);
        try (var spools = Spools.in(folder.resolve("work"));
                var web = new WebSource(source, declared.web(), declared.credentials(), reading, around)) {
            var listing = web.list(spools, new Before(null, () -> indexed(spools), () -> stop.run()));
            var entries = new TreeMap<String, Entry>();
            var texts = new TreeMap<String, String>();
            var changed = new TreeSet<String>();
            try (var all = listing.entries().open()) {
                for (var entry : all(all)) {
                    entries.put(entry.id(), entry);
                    if (entry instanceof Entry.Page page && (readsAll || page.start() >= 0)) {
                        texts.put(entry.id(), text(web.content(page), () -> changed.add(entry.id())));
                    }
                }
            }
            return new Visited(listing.position(), entries, texts, changed, listing.passedOver(), listing.incomplete());
        }
    }

    private dev.concordance.spool.Sequence<Indexed> indexed(Spools spools) {
        var all = spools.spool(Indexed.CODEC);
        known.forEach(all::add);
        return all.end();
    }

    private static <T> List<T> all(java.util.Iterator<T> cursor) {
        var all = new ArrayList<T>();
        cursor.forEachRemaining(all::add);
        return all;
    }

    private static String text(Content content, Runnable isAnother) {
        try {
            var held = content.held();
            if (!held.isListed()) {
                isAnother.run();
            }
            return new String(held.bytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return e.getClass().getSimpleName();
        }
    }

    private Visitor changed(UnaryOperator<SourceManifest.Web> change) {
        declared = declared.with(change.apply(declared.web()));
        return this;
    }

    private static InetAddress[] addresses(String host) throws UnknownHostException {
        if (host.endsWith(".test")) {
            return new InetAddress[] {InetAddress.getLoopbackAddress()};
        }
        if (!host.matches("[0-9.:a-f]+")) {
            throw new UnknownHostException(host);
        }
        return InetAddress.getAllByName(host);
    }
}
