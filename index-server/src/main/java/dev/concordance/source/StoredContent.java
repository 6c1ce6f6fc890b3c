package dev.concordance.source;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * An object of a store as it is when it is read, which may be later than what was listed.
 *
 * @param listed what was said of it then
 */
record StoredContent(S3Client client, Throttle throttle, String bucket, String key, Entry.Stored listed, long maxBytes)
        implements Content {
    static String changeKey(String entityTag, long size) {
        return entityTag + "-" + size;
    }

    @Override
    public long size() {
        return listed.size().orElseThrow();
    }

    @Override
    public byte[] read() throws IOException {
        return held().bytes();
    }

    @Override
    public Held held() throws IOException {
        try (var in = client.getObject(get -> get.bucket(bucket).key(key))) {
            var bytes = throttle.slowed(in).readNBytes((int) Math.min(Integer.MAX_VALUE - 8, maxBytes + 1));
            if (bytes.length > maxBytes) {
                in.abort();
                throw OversizedContent.grown(in.response().contentLength(), maxBytes);
            }
            requireWhole(key, in.response(), bytes.length, listed.changeKey(), size());
            return new Held(bytes, isListed(in.response(), bytes.length));
        } catch (NoSuchKeyException e) {
            throw new VanishedContent(e);
        } catch (S3Exception e) {
            var why = S3Failures.ofObject(e);
            throw why.isPresent() ? new RefusedContent(why.get(), e) : new IOException(e.getMessage(), e);
        } catch (SdkException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /**
     * What is sent in chunks says nothing of its length, and what stands between may end it where it broke off.
     *
     * @param changeKey that was listed
     * @param size that was listed
     */
    static void requireWhole(String key, GetObjectResponse given, long length, String changeKey, long size)
            throws IOException {
        var announced = given.contentLength() == null ? 0 : given.contentLength();
        var isListed = given.eTag() != null && changeKey(given.eTag(), size).equals(changeKey);
        var whole = Math.max(announced, isListed ? size : 0);
        if (length < whole) {
            throw new IOException("the store sent %d of the %d bytes of %s".formatted(length, whole, key));
        }
    }

    /** A store that writes tags differently here and there has all objects read by each run, were it not for their times. */
    private boolean isListed(GetObjectResponse given, long length) {
        return given.eTag() == null
                || changeKey(given.eTag(), length).equals(listed.changeKey())
                || isSameSecond(given.lastModified(), listed.changedAt());
    }

    /** Listings tell more than headers can. */
    private static boolean isSameSecond(@Nullable Instant given, @Nullable Instant told) {
        return given != null
                && told != null
                && given.truncatedTo(ChronoUnit.SECONDS).equals(told.truncatedTo(ChronoUnit.SECONDS));
    }
}
