package dev.concordance.source.http;

import org.jspecify.annotations.Nullable;

/**
 * What is asked for.
 *
 * @param maxBytes of the body that are read
 * @param etag the answer is 304 if what is there still has this entity tag; null: not asked
 * @param lastModified the answer is 304 if it was not modified since this time, as the host had written it; null: not asked
 */
public record Wanted(
        WebAddress address,
        long maxBytes,
        @Nullable String etag,
        @Nullable String lastModified) {
    /** All of it, whatever was there before. */
    public static Wanted all(WebAddress address, long maxBytes) {
        return new Wanted(address, maxBytes, null, null);
    }
}
