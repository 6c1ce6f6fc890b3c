package dev.concordance.source.sqs;

import dev.concordance.manifest.BucketQueue;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.source.AwsAccess;
import dev.concordance.source.Watch;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * Takes the events of a bucket out of its queue. Messages are deleted before anything is done about them: whoever dies meanwhile is
 * followed by one who lists everything.
 */
public final class QueueWatch implements Watch {
    /** The most that a queue gives at once, and the longest that it lets wait. */
    private static final int AT_ONCE = 10;

    private static final Duration LONGEST = Duration.ofSeconds(20);

    private final SourceManifest source;
    private final SourceManifest.S3 s3;
    private final BucketQueue queue;
    private final @Nullable Path credentials;
    private final BucketEvents events;
    private Optional<SqsClient> client = Optional.empty();

    /** @param credentials folder of the mounted Secret; null: there is none */
    public QueueWatch(SourceManifest source, SourceManifest.S3 s3, BucketQueue queue, @Nullable Path credentials) {
        this.source = source;
        this.s3 = s3;
        this.queue = queue;
        this.credentials = credentials;
        this.events = new BucketEvents(source, s3);
    }

    @Override
    public boolean await(Duration atMost) {
        try {
            // At first without waiting, so that it is soon known whether it works at all.
            var wait = client.isEmpty() ? Duration.ZERO : atMost;
            if (client.isEmpty()) {
                client = Optional.of(open());
            }
            var messages = receive(client.get(), wait.compareTo(LONGEST) < 0 ? wait : LONGEST);
            return messages.stream().map(Message::body).filter(Objects::nonNull).anyMatch(events::concern);
        } catch (AbortedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (SdkException | IOException e) {
            close();
            if (Thread.currentThread().isInterrupted()) {
                return false;
            }
            throw new QueueFailures(source.name(), s3, queue).explained(e);
        }
    }

    private List<Message> receive(SqsClient sqs, Duration wait) {
        var messages = sqs.receiveMessage(receive -> receive.queueUrl(queue.url())
                        .maxNumberOfMessages(AT_ONCE)
                        .waitTimeSeconds((int) wait.toSeconds()))
                .messages();
        if (!messages.isEmpty()) {
            // One that can't be deleted comes again, and costs another listing.
            sqs.deleteMessageBatch(delete -> delete.queueUrl(queue.url())
                    .entries(IntStream.range(0, messages.size())
                            .mapToObj(number -> deletion(number, messages.get(number)))
                            .toList()));
        }
        return messages;
    }

    private static DeleteMessageBatchRequestEntry deletion(int number, Message message) {
        return DeleteMessageBatchRequestEntry.builder()
                .id(String.valueOf(number))
                .receiptHandle(message.receiptHandle())
                .build();
    }

    private SqsClient open() throws IOException {
        var access = new AwsAccess(source.name(), s3, credentials);
        return SqsClient.builder()
                .region(Region.of(queue.region()))
                .endpointOverride(URI.create(queue.url()).resolve("/"))
                .credentialsProvider(access.credentials())
                .httpClient(access.http())
                // An event that was garbled is one more that says nothing, and not every server gives digests.
                .checksumValidationEnabled(false)
                .overrideConfiguration(AwsAccess.withoutProfiles())
                .build();
    }

    @Override
    public void close() {
        client.ifPresent(SqsClient::close);
        client = Optional.empty();
    }
}
