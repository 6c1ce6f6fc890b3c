package dev.concordance.source;

import java.io.IOException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** An object of a store as it is when it is read, which may be later than what was listed; the next listing tells. */
record StoredContent(S3Client client, Throttle throttle, String bucket, String key, long size, long maxBytes)
        implements Content {
    @Override
    public byte[] read() throws IOException {
        try (var in = client.getObject(get -> get.bucket(bucket).key(key))) {
            var bytes = throttle.slowed(in).readNBytes((int) Math.min(Integer.MAX_VALUE - 8, maxBytes + 1));
            if (bytes.length > maxBytes) {
                in.abort();
                throw new OversizedContent(in.response().contentLength(), maxBytes);
            }
            return bytes;
        } catch (NoSuchKeyException e) {
            throw new VanishedContent(e);
        } catch (S3Exception e) {
            var why = S3Failures.ofObject(e);
            throw why.isPresent() ? new RefusedContent(why.get(), e) : new IOException(e.getMessage(), e);
        } catch (SdkException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
