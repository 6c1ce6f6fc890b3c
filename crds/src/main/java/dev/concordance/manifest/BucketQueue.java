package dev.concordance.manifest;

/**
 * A queue with the API of Amazon SQS in which the events of a bucket arrive. It is opened with the credentials and certificates of
 * the bucket.
 *
 * @param url of the queue, which is asked at its host
 * @param region that requests are signed for
 */
public record BucketQueue(String url, String region) {}
