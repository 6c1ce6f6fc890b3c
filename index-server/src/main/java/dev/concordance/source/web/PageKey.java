package dev.concordance.source.web;

import dev.concordance.source.Hash;
import dev.concordance.source.http.Wanted;
import dev.concordance.source.http.WebAddress;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a page, as its change key: by what to ask whether it has changed, and what it linked to, so that a
 * page which has not can be passed on the way to others.
 *
 * @param digest of its bytes
 * @param name what a file with it would be called
 * @param etag as its host wrote it; null: it has none
 * @param lastModified as its host wrote it; null: it didn't
 * @param listed when it was modified according to a sitemap; null: none says
 * @param canonical what it says that its own address is, if that is another one of the source; null: it doesn't
 * @param links addresses in scope that it links to; null: too many to remember
 */
record PageKey(
        String digest,
        String name,
        @Nullable String etag,
        @Nullable String lastModified,
        @Nullable Instant listed,
        @Nullable String canonical,
        @Nullable List<String> links) {
    private static final String VERSION = "page/1";
    private static final String NOTHING = "-";
    private static final String FORGOTTEN = "?";
    private static final int PARTS = 8;
    private static final int LONGEST_LINKS = 4_096;
    private static final int LONGEST_VALIDATOR = 256;
    private static final int MOST_INFLATED = 1 << 20;

    PageKey {
        etag = etag == null || etag.length() > LONGEST_VALIDATOR ? null : etag;
        lastModified = lastModified == null || lastModified.length() > LONGEST_VALIDATOR ? null : lastModified;
        links = links == null ? null : List.copyOf(links);
    }

    /** What a key of an earlier run says; nothing if it was of another kind. */
    static Optional<PageKey> parse(String key) {
        var parts = key.split(" ", -1);
        if (parts.length != PARTS || !parts[0].equals(VERSION)) {
            return Optional.empty();
        }
        return Optional.of(new PageKey(
                parts[1],
                String.valueOf(decoded(parts[2])),
                decoded(parts[3]),
                decoded(parts[4]),
                parts[5].equals(NOTHING) ? null : Instant.parse(parts[5]),
                decoded(parts[6]),
                inflated(parts[7])));
    }

    /** Whether these are the bytes of the page that a key tells of. */
    static boolean isOf(byte[] bytes, String key) {
        return parse(key).map(PageKey::digest).equals(Optional.of(Hash.of(bytes)));
    }

    /** The page at the address, unless it is still as this says. */
    Wanted unlessUnchanged(WebAddress address, long maxBytes) {
        return new Wanted(address, maxBytes, etag, lastModified);
    }

    /** Whether a sitemap says that it has not been modified since. */
    boolean isAsListed(@Nullable Instant modified) {
        return modified != null && modified.equals(listed);
    }

    @Override
    public String toString() {
        return String.join(
                " ",
                VERSION,
                digest,
                encoded(name),
                encoded(etag),
                encoded(lastModified),
                listed == null ? NOTHING : listed.toString(),
                encoded(canonical),
                links == null ? FORGOTTEN : deflated(links));
    }

    private static String encoded(@Nullable String part) {
        return part == null ? NOTHING : "=" + URLEncoder.encode(part, StandardCharsets.UTF_8);
    }

    private static @Nullable String decoded(String part) {
        return part.equals(NOTHING) ? null : URLDecoder.decode(part.substring(1), StandardCharsets.UTF_8);
    }

    /** Each link as the length of what it shares with the one before, and the rest. */
    private static String deflated(Collection<String> links) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DeflaterOutputStream(bytes)) {
            var last = "";
            for (var link : links) {
                var shared = 0;
                while (shared < Math.min(last.length(), link.length()) && last.charAt(shared) == link.charAt(shared)) {
                    shared++;
                }
                out.write((shared + " " + link.substring(shared) + "\n").getBytes(StandardCharsets.US_ASCII));
                last = link;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var text = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
        return text.length() > LONGEST_LINKS ? FORGOTTEN : text;
    }

    private static @Nullable List<String> inflated(String part) {
        if (part.equals(FORGOTTEN)) {
            return null;
        }
        var bytes = Base64.getUrlDecoder().decode(part);
        try (var in = new InflaterInputStream(new ByteArrayInputStream(bytes))) {
            var text = in.readNBytes(MOST_INFLATED);
            if (text.length == MOST_INFLATED) {
                return null;
            }
            var links = new ArrayList<String>();
            var last = "";
            for (var line : new String(text, StandardCharsets.US_ASCII).lines().toList()) {
                var space = line.indexOf(' ');
                last = last.substring(0, Integer.parseInt(line, 0, space, 10)) + line.substring(space + 1);
                links.add(last);
            }
            return links;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
