package dev.concordance.manifest;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** All tombstones of a corpus: the one place that decides whether a document is covered, for ingestion, erasing and search. */
public final class Tombstones {
    /** There are none. */
    public static final Tombstones NONE = new Tombstones(List.of());

    private final List<Tombstone> all;
    private final Map<String, String> byKey = new HashMap<>();
    private final Map<String, String> byId = new HashMap<>();
    private final Map<InSource, String> bySource = new HashMap<>();
    private final Map<String, String> byUri = new HashMap<>();

    private record InSource(String source, String id) {}

    private Tombstones(List<Tombstone> all) {
        this.all = List.copyOf(all);
        for (var tombstone : all) {
            var erasure = tombstone.erasure();
            tombstone.keys().forEach(key -> byKey.putIfAbsent(key, erasure));
            tombstone.uris().forEach(uri -> byUri.putIfAbsent(uri, erasure));
            for (var document : tombstone.documents()) {
                if (document.source() == null) {
                    byId.putIfAbsent(document.id(), erasure);
                } else {
                    bySource.putIfAbsent(new InSource(document.source(), document.id()), erasure);
                }
            }
        }
    }

    /** These; of a document that several cover, the first one's. */
    @JsonCreator
    public static Tombstones of(List<Tombstone> all) {
        return all.isEmpty() ? NONE : new Tombstones(all);
    }

    /** As they were given. */
    @JsonValue
    public List<Tombstone> all() {
        return all;
    }

    public boolean isEmpty() {
        return all.isEmpty();
    }

    /** Whether the tombstone of an Erasure is among them. */
    public boolean contains(@Nullable String erasure) {
        return all.stream().anyMatch(tombstone -> tombstone.erasure().equals(erasure));
    }

    /** The Erasure that covers a document, as far as its name tells; null: none does. */
    public @Nullable String of(String key, String source, String id) {
        var erasure = byKey.get(key);
        if (erasure == null) {
            erasure = byId.get(id);
        }
        return erasure != null || bySource.isEmpty() ? erasure : bySource.get(new InSource(source, id));
    }

    /**
     * The Erasure that covers a document, as far as it can only be told by one who has read it; null: none does.
     *
     * @param metadata an object
     */
    public @Nullable String ofContent(@Nullable String uri, JsonNode metadata) {
        var erasure = uri == null ? null : byUri.get(uri);
        return erasure != null
                ? erasure
                : all.stream()
                        .filter(tombstone -> tombstone.metadata().stream().anyMatch(values -> has(metadata, values)))
                        .map(Tombstone::erasure)
                        .findFirst()
                        .orElse(null);
    }

    /** Whether only reading a document can tell that nothing covers it. */
    public boolean dependOnContent() {
        return all.stream()
                .anyMatch(tombstone ->
                        !tombstone.uris().isEmpty() || !tombstone.metadata().isEmpty());
    }

    /** Whether this key is one of a document that was erased. */
    public boolean coversKey(String key) {
        return byKey.containsKey(key);
    }

    private static boolean has(JsonNode metadata, Map<String, String> values) {
        return !values.isEmpty()
                && values.entrySet().stream()
                        .allMatch(
                                wanted -> texts(metadata.path(wanted.getKey())).anyMatch(wanted.getValue()::equals));
    }

    /** A value as it is written in JSON, without quotes; of a list each of its values. */
    private static Stream<String> texts(JsonNode value) {
        if (value.isArray()) {
            return StreamSupport.stream(value.spliterator(), false).flatMap(Tombstones::texts);
        }
        return value.isValueNode() ? Stream.of(value.asText()) : Stream.empty();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Tombstones tombstones && all.equals(tombstones.all);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(all);
    }

    @Override
    public String toString() {
        return all.size() + " tombstones";
    }
}
