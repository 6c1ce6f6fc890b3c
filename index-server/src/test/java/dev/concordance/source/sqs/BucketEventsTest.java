package dev.concordance.source.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.concordance.manifest.BucketQueue;
import dev.concordance.manifest.SourceManifest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BucketEventsTest {
    private static final BucketEvents EVENTS = events("docs/", List.of("**/*.{md,txt}"), List.of("draft/**"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ObjectCreated:Put",
                "ObjectCreated:CompleteMultipartUpload",
                "ObjectRemoved:Delete",
                "ObjectRemoved:DeleteMarkerCreated",
                "LifecycleExpiration:Delete",
                "s3:ObjectCreated:Copy"
            })
    void takesEventsThatChangeAListing(String name) {
        assertThat(EVENTS.concern(event(name, "handbook", "docs/a.md"))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ObjectTagging:Put", "ObjectAcl:Put", "ObjectRestore:Post", "IntelligentTiering", "", "Created"})
    void dropsEventsThatDont(String name) {
        assertThat(EVENTS.concern(event(name, "handbook", "docs/a.md"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"docs/sub/a.md", "docs/%C3%BC+b%2B50%2541.md", "docs/100%.md", "docs%2Fencoded.md", "docs/a.txt"
            })
    void takesEventsOfObjectsThatTheSourceListsHoweverTheirKeysAreWritten(String key) {
        assertThat(EVENTS.concern(event("ObjectCreated:Put", "handbook", key))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"other/a.md", "docs/a.png", "docs/draft/a.md", "docs/", "docs/sub/", "docs", "", "a.md"})
    void dropsEventsOfOtherObjects(String key) {
        assertThat(EVENTS.concern(event("ObjectRemoved:Delete", "handbook", key)))
                .isFalse();
        assertThat(EVENTS.concern(bridged("Object Deleted", "handbook", key))).isFalse();
    }

    @Test
    void dropsEventsOfOtherBuckets() {
        assertThat(EVENTS.concern(event("ObjectCreated:Put", "handbook2", "docs/a.md")))
                .isFalse();
        assertThat(EVENTS.concern(bridged("Object Created", "hand", "docs/a.md")))
                .isFalse();
    }

    @Test
    void takesTheOneEventOfManyThatIsItsOwn() {
        var records = event("ObjectCreated:Put", "another", "docs/a.md");
        var both = records.substring(0, records.length() - 2)
                + ","
                + event("ObjectCreated:Put", "handbook", "docs/a.md").substring("{\"Records\":[".length());
        assertThat(EVENTS.concern(both)).isTrue();
    }

    @Test
    void takesWhatTopicsOfSnsPassOn() {
        assertThat(EVENTS.concern(published(event("ObjectRemoved:Delete", "handbook", "docs/a.md"))))
                .isTrue();
        assertThat(EVENTS.concern(published(bridged("Object Created", "handbook", "docs/a.md"))))
                .isTrue();
        assertThat(EVENTS.concern(published(event("ObjectRemoved:Delete", "handbook", "else/a.md"))))
                .isFalse();
        assertThat(EVENTS.concern(published("no JSON"))).isFalse();
    }

    @Test
    void takesWhatEventBridgeTells() {
        assertThat(EVENTS.concern(bridged("Object Created", "handbook", "docs/a b+c.md")))
                .isTrue();
        assertThat(EVENTS.concern(bridged("Object Deleted", "handbook", "docs/a.md")))
                .isTrue();
        assertThat(EVENTS.concern(bridged("Object Tags Added", "handbook", "docs/a.md")))
                .isFalse();
    }

    @Test
    void takesAChangeOfWhoMaySeeDocuments() {
        var declared =
                source("docs/", List.of("*.md"), List.of()).with(new SourceManifest.Access("access", ".access.yaml"));
        var events = new BucketEvents(declared, (SourceManifest.S3) declared.location());
        assertThat(events.concern(event("ObjectCreated:Put", "handbook", "docs/.access.yaml")))
                .isTrue();
    }

    @Test
    void takesAllOfABucketWithoutAPrefix() {
        var events = events("", List.of(), List.of());
        assertThat(events.concern(event("ObjectCreated:Put", "handbook", "any/thing")))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "Hello",
                "null",
                "true",
                "[]",
                "{}",
                "{\"Records\":null}",
                "{\"Records\":{}}",
                "{\"Records\":[null,1,\"x\",[],{}]}",
                "{\"Records\":[{\"eventName\":{\"a\":1},\"s3\":[]}]}",
                "{\"Records\":[{\"eventName\":\"ObjectCreated:Put\"}]}",
                "{\"Records\":[{\"eventName\":\"ObjectCreated:Put\",\"s3\":{\"bucket\":{\"name\":\"handbook\"},\"object\":{\"key\":7}}}]}",
                "{\"Service\":\"Amazon S3\",\"Event\":\"s3:TestEvent\",\"Bucket\":\"handbook\"}",
                "{\"Type\":\"SubscriptionConfirmation\",\"SubscribeURL\":\"http://169.254.169.254/\"}",
                "{\"Type\":\"Notification\",\"Message\":{\"Records\":[]}}",
                "{\"Type\":\"Notification\"}",
                "{\"detail-type\":\"Object Created\"}",
                "{\"detail-type\":[\"Object Created\"],\"detail\":{}}",
                "{\"Records\":[{\"eventName\":\"ObjectCreated:Put\",\"s3\":{\"bucket\":{\"name\":\"handbook\"},\"object\":{\"key\":\"docs/a.md\"}}}",
                "{\"n\":1e999999999}"
            })
    void dropsWhateverIsNoEvent(String message) {
        assertThat(EVENTS.concern(message)).isFalse();
    }

    @Test
    void readsNothingTooDeepOrTooLong() {
        assertThat(EVENTS.concern("[".repeat(100_000))).isFalse();
        assertThat(EVENTS.concern("{\"Records\":".repeat(20_000))).isFalse();
        var event = event("ObjectCreated:Put", "handbook", "docs/a.md");
        assertThat(EVENTS.concern(" ".repeat(256 * 1024 - event.length()) + event))
                .isTrue();
        assertThat(EVENTS.concern(" ".repeat(256 * 1024) + event)).isFalse();
    }

    private static String event(String name, String bucket, String key) {
        return json(Map.of(
                "Records",
                List.of(Map.of(
                        "eventSource",
                        "aws:s3",
                        "eventName",
                        name,
                        "s3",
                        Map.of("bucket", Map.of("name", bucket), "object", Map.of("key", key))))));
    }

    private static String bridged(String type, String bucket, String key) {
        return json(Map.of(
                "source",
                "aws.s3",
                "detail-type",
                type,
                "detail",
                Map.of("bucket", Map.of("name", bucket), "object", Map.of("key", key))));
    }

    private static String published(String message) {
        return json(Map.of("Type", "Notification", "Subject", "Amazon S3 Notification", "Message", message));
    }

    private static String json(Map<String, Object> value) {
        try {
            return new JsonMapper().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static BucketEvents events(String prefix, List<String> include, List<String> exclude) {
        var source = source(prefix, include, exclude);
        return new BucketEvents(source, (SourceManifest.S3) source.location());
    }

    private static SourceManifest source(String prefix, List<String> include, List<String> exclude) {
        var s3 = new SourceManifest.S3(
                "handbook",
                prefix,
                null,
                "eu-central-1",
                false,
                null,
                false,
                null,
                SourceManifest.RateLimit.NONE,
                new BucketQueue("https://sqs.eu-central-1.amazonaws.com/123456789012/events", "eu-central-1"));
        return new SourceManifest("docs", s3, include, exclude, null, null);
    }
}
