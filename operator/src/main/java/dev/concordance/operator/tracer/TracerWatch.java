package dev.concordance.operator.tracer;

import dev.concordance.manifest.IndexNames;
import dev.concordance.operator.elastic.SearchBackend;
import dev.concordance.operator.elastic.StoredGeneration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Looks for the tracers of corpora where the ledger has something new to say of them, or where the last look was in vain. What was
 * found is remembered by this process alone: the next one looks once more.
 */
public final class TracerWatch {
    private final Map<Key, Trace> known = new ConcurrentHashMap<>();

    private record Key(String namespace, String corpus) {}

    /**
     * What is known of a corpus's tracer now; empty: the ledger says that there is none.
     *
     * @param generations of the corpus
     */
    public Optional<Trace> look(
            SearchBackend backend, IndexNames names, List<StoredGeneration> generations, Instant now) {
        var key = new Key(names.namespace(), names.corpus());
        var claim = Claim.of(names, generations);
        if (claim.isEmpty()) {
            known.remove(key);
            return Optional.empty();
        }
        var before = known.get(key);
        if (before != null && !before.isOutdated(claim.get(), now)) {
            return Optional.of(before);
        }
        var sight = backend.tracer(names, claim.get().dimensions());
        var trace = Trace.of(before, claim.get(), sight, now);
        known.put(key, trace);
        return Optional.of(trace);
    }

    /** Forgets a corpus that is gone. */
    public void forget(String namespace, String corpus) {
        known.remove(new Key(namespace, corpus));
    }
}
