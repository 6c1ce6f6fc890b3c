package dev.concordance.manifest;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What has been erased: the ledger's document {@code erasure-<UID>}. It is written before the first deletion, since after it
 * nobody could tell what there was, and again when a search for all of it has found nothing.
 *
 * @param run that wrote it last
 * @param matched how many documents are covered
 * @param refused whether they were more than may be erased, so that none was
 * @param documents what was erased, each once for each content that it had
 * @param stores what was taken out of each
 * @param indexes UUID by name of the indexes that were searched after the last deletion; empty: not done
 * @param erasedAt when the last deletion was done, or, if there was nothing to delete, when that was found first; null: neither yet
 * @param search how it was searched for; null: not done
 * @param pending what a run has begun to take out and not found gone yet; null: nothing
 */
public record ErasureReport(
        String run,
        long matched,
        boolean refused,
        List<Erased> documents,
        List<Store> stores,
        Map<String, String> indexes,
        @Nullable Instant erasedAt,
        @Nullable Search search,
        @Nullable Pending pending) {
    public ErasureReport {
        documents = List.copyOf(documents);
        stores = List.copyOf(stores);
        indexes = Map.copyOf(indexes);
    }

    /** Id of an Erasure's report in the ledger. */
    public static String id(String erasure) {
        return "erasure-" + erasure;
    }

    /**
     * A document that was erased.
     *
     * @param key by which it is known in the corpus, and in its tombstone
     * @param document keyed digest ({@link ErasureDigest}) of the key
     * @param content keyed digest of the hashes of its passages, and of what was pushed of it
     */
    public record Erased(String key, String document, String content) {}

    /**
     * What was taken out of one index.
     *
     * @param uuid {@link IndexIdentity} of the index, which a restored one doesn't share
     * @param documents records of documents, or documents that were pushed
     * @param passages with their vectors
     * @param vectors that were kept apart from passages
     */
    public record Store(String index, String uuid, long documents, long passages, long vectors) {}

    /**
     * A search for all that was erased, which has found none of it.
     *
     * @param at when it ended
     * @param documents how many were searched for by key
     * @param texts by the hash of exactly their text
     * @param vectors by their neighbours
     * @param sameText passages of other documents that have exactly such a text
     * @param generations how many of the texts and vectors were searched for in each; by key all were
     */
    public record Search(
            Instant at, long documents, long texts, long vectors, long sameText, List<Searched> generations) {
        public Search {
            // A version before didn't tell.
            generations = generations == null ? List.of() : List.copyOf(generations);
        }
    }

    /**
     * What was searched for in the passages of one generation. What was erased before it was built, or with another model, is
     * searched for there by key alone.
     *
     * @param uuid {@link IndexIdentity} of the index
     */
    public record Searched(String index, String uuid, long texts, long vectors) {}

    /**
     * What is being taken out. It goes when none of it is found any more, since it tells something of what was erased.
     *
     * @param keys of the documents
     * @param texts hashes of their passages, by the digest of the model
     * @param probes some of their vectors, by the digest of the model, by which a run searches that follows one that has died
     */
    public record Pending(List<String> keys, Map<String, List<String>> texts, Map<String, List<List<Float>>> probes) {
        public Pending {
            keys = List.copyOf(keys);
            texts = Map.copyOf(texts);
            // A version before held none.
            probes = probes == null ? Map.of() : Map.copyOf(probes);
        }
    }
}
