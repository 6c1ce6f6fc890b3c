package dev.concordance.erasure;

import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.inbox.Busy;
import dev.concordance.inbox.InboxErasure;
import dev.concordance.inbox.MissingInbox;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.Tombstones;
import dev.concordance.spool.Spools;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** What was pushed to the corpus, whether or not a run has taken it yet; throws {@link ErasureException}. */
final class Pushed {
    private final String index;
    private final InboxErasure inbox;
    private final PushedSearch search;

    Pushed(ElasticsearchConnection elasticsearch, IndexNames names, PushedSearch search, InstantSource clock) {
        this.index = names.inbox();
        this.inbox = new InboxErasure(elasticsearch, index, clock);
        this.search = search;
    }

    /** UUID of the inbox by its name; empty: there is none. */
    Map<String, String> uuids() {
        return answered(() -> inbox.uuid().map(uuid -> Map.of(index, uuid)).orElse(Map.of()));
    }

    /** Keys of covered documents. */
    Set<String> covered(Tombstones tombstones, Spools spools) {
        return isThere() ? answered(() -> search.find(tombstones, spools)) : Set.of();
    }

    /** Those of these documents that are there, with the hash of what each says. */
    Map<String, String> hashes(Collection<String> keys) {
        return isThere() ? answered(() -> inbox.hashes(keys)) : Map.of();
    }

    /** Takes these documents out, and what is remembered of requests on them. */
    void erase(Collection<String> keys) {
        if (isThere()) {
            answered(() -> {
                inbox.erase(keys);
                return keys;
            });
        }
    }

    private boolean isThere() {
        return !uuids().isEmpty();
    }

    private <T> T answered(Supplier<T> asked) {
        try {
            return asked.get();
        } catch (Busy | MissingInbox e) {
            throw ErasureException.inboxFailed(index, String.valueOf(e.getMessage()));
        }
    }
}
