package dev.concordance.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.concordance.localcluster.servers.ObjectStoreProcess;
import dev.concordance.localcluster.servers.QueueProcess;
import dev.concordance.manifest.BucketQueue;
import dev.concordance.manifest.SourceManifest;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * A bucket of a store, and a queue for its events. The store sends none, so whoever writes an object sends what Amazon S3 would.
 * Each has names of its own.
 */
public final class EventfulBucket implements AutoCloseable {
    private static final AtomicInteger NEXT = new AtomicInteger();

    private final String name = "handbook-" + NEXT.incrementAndGet();
    private final URI store;
    private final QueueProcess queues;
    private final Path secret;
    private final S3Client owner;
    private final SqsClient sender;

    /** @param folder for the Secret of the bucket */
    public EventfulBucket(ObjectStoreProcess store, QueueProcess queues, Path folder) throws IOException {
        this.store = store.url();
        this.queues = queues;
        secret = Files.createDirectories(folder);
        Files.writeString(secret.resolve("accessKeyId"), ObjectStoreProcess.KEY_ID);
        Files.writeString(secret.resolve("secretAccessKey"), ObjectStoreProcess.SECRET);
        AwsCredentialsProvider key = StaticCredentialsProvider.create(
                AwsBasicCredentials.create(ObjectStoreProcess.KEY_ID, ObjectStoreProcess.SECRET));
        owner = S3Client.builder()
                .region(Region.US_EAST_1)
                .endpointOverride(store.url())
                .forcePathStyle(true)
                .httpClient(UrlConnectionHttpClient.create())
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .credentialsProvider(key)
                .build();
        sender = SqsClient.builder()
                .region(Region.US_EAST_1)
                .endpointOverride(queues.url())
                .httpClient(UrlConnectionHttpClient.create())
                .credentialsProvider(key)
                .build();
        owner.createBucket(bucket -> bucket.bucket(name));
    }

    /** The source of all objects below {@code docs/}. */
    public SourceManifest source() {
        return new SourceManifest("files", location(), List.of(), List.of(), "https://example.org/{path}", null);
    }

    /** Where it is. */
    public SourceManifest.S3 location() {
        return new SourceManifest.S3(
                name,
                "docs/",
                store.toString(),
                "us-east-1",
                true,
                "s3",
                false,
                null,
                SourceManifest.RateLimit.NONE,
                queue());
    }

    /** The queue of its events. */
    public BucketQueue queue() {
        return new BucketQueue(queues.url(name), "us-east-1");
    }

    /** Folder of the Secret. */
    public Path secret() {
        return secret;
    }

    /** Makes the queue. */
    public void createQueue() {
        sender.createQueue(create -> create.queueName(name));
    }

    /** Writes an object, of which nobody is told. */
    public void put(String key, String text) {
        owner.putObject(put -> put.bucket(name).key(key), RequestBody.fromString(text));
    }

    /** Deletes an object, of which nobody is told. */
    public void delete(String key) {
        owner.deleteObject(delete -> delete.bucket(name).key(key));
    }

    /** Tells of an event. */
    public void tell(String event, String key) {
        try {
            send(new JsonMapper()
                    .writeValueAsString(Map.of(
                            "Records",
                            List.of(Map.of(
                                    "eventVersion",
                                    "2.1",
                                    "eventSource",
                                    "aws:s3",
                                    "eventName",
                                    event,
                                    "s3",
                                    Map.of(
                                            "bucket",
                                            Map.of("name", name),
                                            "object",
                                            Map.of("key", URLEncoder.encode(key, StandardCharsets.UTF_8))))))));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    /** Sends any message. */
    public void send(String message) {
        sender.sendMessage(
                send -> send.queueUrl(queues.url(name)).messageBody(message).delaySeconds(0));
    }

    /** How many messages are in the queue, those that somebody has taken and not deleted too. */
    public int waiting() {
        return sender
                .getQueueAttributes(get -> get.queueUrl(queues.url(name)).attributeNames(QueueAttributeName.ALL))
                .attributes()
                .entrySet()
                .stream()
                .filter(attribute -> attribute.getKey().name().startsWith("APPROXIMATE_NUMBER_OF_MESSAGES"))
                .mapToInt(attribute -> Integer.parseInt(attribute.getValue()))
                .sum();
    }

    @Override
    public void close() {
        owner.close();
        sender.close();
    }
}
