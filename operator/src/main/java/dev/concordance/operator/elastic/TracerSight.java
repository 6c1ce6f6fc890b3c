package dev.concordance.operator.elastic;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was found of a tracer by whoever searches through the alias.
 *
 * @param byWords by its word
 * @param byVector by its vector
 */
public record TracerSight(Leg byWords, Leg byVector) {
    /**
     * One of the two searches that a search is made of.
     *
     * @param shards in which it looked, of all indexes that the alias leads to
     * @param failure why it gave no answer, or none that is whole; null: it did
     */
    public record Leg(List<Hit> hits, int shards, @Nullable String failure) {
        public Leg {
            hits = List.copyOf(hits);
        }
    }

    /**
     * A tracer.
     *
     * @param tracedAt {@link Instant#EPOCH} where it says nothing that a worker would have it say
     */
    public record Hit(String index, Instant tracedAt) {}
}
