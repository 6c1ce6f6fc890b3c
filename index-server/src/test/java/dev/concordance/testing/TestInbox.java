package dev.concordance.testing;

import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.inbox.Change;
import dev.concordance.inbox.Condition;
import dev.concordance.inbox.Inbox;
import dev.concordance.inbox.InboxReader;
import dev.concordance.inbox.Outcome;
import dev.concordance.manifest.GenerationMapping;
import dev.concordance.source.Hash;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An inbox in a test, and who pushes to its source {@code articles}. */
public record TestInbox(ElasticsearchConnection elasticsearch, String index, InstantSource clock) {
    public static final String SOURCE = "articles";

    /** Makes the index as the operator does. */
    public TestInbox create() {
        elasticsearch.send(
                "PUT", "/" + index, GenerationMapping.inbox(0).toString().getBytes(StandardCharsets.UTF_8));
        return this;
    }

    public void delete() {
        elasticsearch.send("DELETE", "/" + index, null);
    }

    public Inbox inbox() {
        return new Inbox(elasticsearch, index, clock, Duration.ofSeconds(30));
    }

    public InboxReader reader() {
        return new InboxReader(elasticsearch, index);
    }

    public Outcome put(String id, String content) {
        return put(id, content, new Condition.None());
    }

    public Outcome put(String id, String content, Condition condition) {
        return inbox().apply(List.of(change(id, content, condition, null))).getFirst();
    }

    /** Pushes a document with all that a request can say of it. */
    public Outcome putJson(String id, String json) {
        var document = new Change.Document(json, Hash.of(json.getBytes(StandardCharsets.UTF_8)), json.length());
        var request = new Change.Request(UUID.randomUUID().toString(), json, false);
        return inbox().apply(List.of(new Change(SOURCE, id, document, new Condition.None(), request)))
                .getFirst();
    }

    public Outcome delete(String id) {
        return inbox().apply(List.of(change(id, null, new Condition.None(), null)))
                .getFirst();
    }

    /**
     * A change.
     *
     * @param content null: it is deleted
     * @param key null: it is not repeated
     */
    public static Change change(String id, @Nullable String content, Condition condition, @Nullable String key) {
        var document = content == null ? null : document(content);
        return new Change(
                SOURCE,
                id,
                document,
                condition,
                new Change.Request(
                        key == null ? UUID.randomUUID().toString() : key,
                        String.valueOf(content) + condition,
                        key != null));
    }

    private static Change.Document document(String content) {
        var json = "{\"content\":\"%s\",\"format\":\"markdown\"}".formatted(content.replace("\n", "\\n"));
        return new Change.Document(json, Hash.of(json.getBytes(StandardCharsets.UTF_8)), content.length());
    }
}
