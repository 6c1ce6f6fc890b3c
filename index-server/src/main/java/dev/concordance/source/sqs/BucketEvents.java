package dev.concordance.source.sqs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.source.Selection;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What a message says of the objects of a source: as Amazon S3 writes it (also wrapped by SNS), or as EventBridge does. Whoever may
 * send messages may write anything, so what is neither says nothing.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html">Event message structure</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html">Events of EventBridge</a>
 */
final class BucketEvents {
    /** More than services put into a message about events. */
    private static final int LONGEST = 256 * 1024;

    private static final JsonMapper JSON = new JsonMapper();

    /** What changes a listing; other events tell of tags, access or storage classes. */
    private static final List<String> CHANGES = List.of("ObjectCreated:", "ObjectRemoved:", "LifecycleExpiration:");

    private static final Set<String> BRIDGED_CHANGES = Set.of("Object Created", "Object Deleted");

    /** How MinIO and others begin the names of events. */
    private static final String SERVICE = "s3:";

    private final String bucket;
    private final String prefix;
    private final Selection selection;

    BucketEvents(SourceManifest source, SourceManifest.S3 s3) {
        bucket = s3.bucket();
        prefix = s3.prefix();
        selection = new Selection(source);
    }

    /** Whether it tells that an object has changed which the source lists, or listed. */
    boolean concern(String message) {
        try {
            return message.length() <= LONGEST && isNews(unwrapped(JSON.readTree(message)));
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    private static JsonNode unwrapped(JsonNode message) throws JsonProcessingException {
        var isWrapped = "Notification".equals(message.path("Type").textValue())
                && message.path("Message").isTextual();
        return isWrapped ? JSON.readTree(message.path("Message").textValue()) : message;
    }

    private boolean isNews(JsonNode message) {
        var isBridged = BRIDGED_CHANGES.contains(message.path("detail-type").asText());
        return isBridged
                ? isOfSource(message.path("detail"))
                : StreamSupport.stream(message.path("Records").spliterator(), false)
                        .anyMatch(event -> isChange(event.path("eventName").asText()) && isOfSource(event.path("s3")));
    }

    private static boolean isChange(String event) {
        var name = event.startsWith(SERVICE) ? event.substring(SERVICE.length()) : event;
        return CHANGES.stream().anyMatch(name::startsWith);
    }

    /** @param event names a bucket and an object of it */
    private boolean isOfSource(JsonNode event) {
        var key = event.path("object").path("key").asText();
        return event.path("bucket").path("name").asText().equals(bucket)
                && Stream.of(key, decoded(key)).anyMatch(this::isListed);
    }

    /** As in a query of a URL, which EventBridge and some stores don't do. */
    private static String decoded(String key) {
        try {
            return URLDecoder.decode(key, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return key;
        }
    }

    private boolean isListed(String key) {
        return key.startsWith(prefix)
                && key.length() > prefix.length()
                && !key.endsWith("/")
                && selection.takes(key.substring(prefix.length()));
    }
}
