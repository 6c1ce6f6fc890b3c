package dev.concordance.source.kafka;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.concordance.manifest.ManifestJson;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Up to where a topic was read: what the next run goes on from.
 *
 * @param topic the topic's id, which another topic of its name doesn't have
 * @param settings what decides, beside a record, what is made of it
 * @param readAt when it was looked how far the topic goes
 * @param partitions by their numbers
 */
record Position(String topic, String settings, Instant readAt, SortedMap<Integer, Partition> partitions) {
    Position {
        Objects.requireNonNull(topic);
        Objects.requireNonNull(settings);
        Objects.requireNonNull(readAt);
        partitions = Collections.unmodifiableSortedMap(new TreeMap<>(partitions));
    }

    /**
     * A partition.
     *
     * @param start offset of what was its first record; another one now: records were removed
     * @param next offset of the first record that was not read
     * @param epoch of its leader then, by which it is noticed if records were lost with a leader; null: it has none
     */
    record Partition(long start, long next, @Nullable Integer epoch) {}

    /** Reads what {@link #text} wrote; nothing, if it was something else. */
    static Optional<Position> parse(@Nullable String text) {
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(ManifestJson.mapper().readValue(text, Position.class));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** A form that can be kept. */
    String text() {
        try {
            return ManifestJson.mapper().writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
