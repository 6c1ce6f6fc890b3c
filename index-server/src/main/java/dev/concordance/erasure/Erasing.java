package dev.concordance.erasure;

import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.index.CorpusIndexes;
import dev.concordance.index.CorpusIndexes.Generation;
import dev.concordance.index.DocumentChange;
import dev.concordance.index.GenerationReader;
import dev.concordance.index.GenerationWriter;
import dev.concordance.index.Ledger;
import dev.concordance.manifest.ErasureOrder;
import dev.concordance.manifest.ErasureReport;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.Tombstones;
import dev.concordance.spool.Spools;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Erases what a tombstone covers from every generation of a corpus, from what was pushed to it, and from the vectors that corpora share; then
 * searches for it. What is about to go is written down first: a run that dies leaves another one what it needs to know. For one thread.
 */
public final class Erasing {
    /** Of so many documents at a time the passages are in memory. */
    private static final int AT_ONCE = 50;

    private final ElasticsearchConnection elasticsearch;
    private final IndexNames names;
    private final Ledger ledger;
    private final ErasureOrder order;
    private final Clock clock;
    private final Runnable stop;
    private final Account account;
    private final Pushed pushed;

    /**
     * Prepares it.
     *
     * @param run that erases, and holds the ledger's lease
     * @param search finds what is covered among what was pushed
     * @param stop throws if the run shall end
     */
    public Erasing(
            ElasticsearchConnection elasticsearch,
            IndexNames names,
            Ledger ledger,
            String run,
            ErasureOrder order,
            PushedSearch search,
            Clock clock,
            Runnable stop) {
        this.elasticsearch = elasticsearch;
        this.names = names;
        this.ledger = ledger;
        this.order = order;
        this.clock = clock;
        this.pushed = new Pushed(elasticsearch, names, search, clock);
        this.stop = stop;
        this.account = new Account(
                run,
                order.tombstone().erasure(),
                names,
                ledger.erased(order.tombstone().erasure()));
    }

    /** Does it, and gives how many documents this run has taken out; throws {@link ErasureException} where it can't be done. */
    public long erase(Spools spools) {
        var generations = CorpusIndexes.of(elasticsearch, names);
        var found = new HashSet<String>();
        for (var generation : generations) {
            found.addAll(coverage(spools).find(generation, ledger));
        }
        found.addAll(pushed.covered(covering(), spools));
        if (!account.isAccepted() && found.size() > order.mostDocuments()) {
            write(account.refused(found.size()));
            throw ErasureException.tooMany(found.size(), order.mostDocuments());
        }
        ledger.require(order.tombstone().erasure());
        var later = new TreeSet<>(found);
        for (var batch : batches(found)) {
            stop.run();
            later.removeAll(batch);
            erase(batch, later, generations);
        }
        verify(CorpusIndexes.of(elasticsearch, names), spools);
        return found.size();
    }

    private Coverage coverage(Spools spools) {
        return new Coverage(elasticsearch, names, covering(), spools, stop);
    }

    private Tombstones covering() {
        var keys = new TreeSet<>(account.keys());
        keys.addAll(order.tombstone().keys());
        return Tombstones.of(List.of(order.tombstone().with(List.copyOf(keys))));
    }

    /** What a run that has died was taking out comes first, and by itself: its texts are searched for at the end of its batch. */
    private List<Set<String>> batches(Set<String> found) {
        var batches = new ArrayList<Set<String>>();
        var unfinished = account.unfinished();
        if (!unfinished.isEmpty()) {
            batches.add(unfinished);
        }
        var others = new TreeSet<>(found);
        others.removeAll(unfinished);
        var keys = List.copyOf(others);
        for (var from = 0; from < keys.size(); from += AT_ONCE) {
            batches.add(Set.copyOf(keys.subList(from, Math.min(keys.size(), from + AT_ONCE))));
        }
        return batches;
    }

    /** @param later keys of documents that are taken out after these, and may be found until then */
    private void erase(Set<String> keys, Set<String> later, List<Generation> generations) {
        var all = new LinkedHashMap<Generation, Found>();
        generations.forEach(generation -> all.put(generation, Found.in(reader(generation), keys)));
        write(account.begun(keys, all, pushed.hashes(keys), pushed.uuids()));
        pushed.erase(keys);
        all.forEach(this::remove);
        account.texts().forEach((model, texts) -> {
            var index = names.embeddings(model);
            account.vectorsRemoved(index, new KeptVectors(elasticsearch, index).remove(texts));
        });
        var search = new Verification(generations, this::reader, account.keys(), later);
        account.probes().forEach(search::byVector);
        account.texts().forEach(search::byText);
        write(account.gone(generations, search, clock.instant()));
    }

    private void remove(Generation generation, Found found) {
        var writer = new GenerationWriter(elasticsearch, names, generation.number(), ledger);
        writer.remove(found.chunks());
        var unused = writer.apply(found.records().stream()
                .map(record -> DocumentChange.of(
                        record, record.erased(order.tombstone().erasure())))
                .toList());
        reader(generation).refresh();
    }

    /** Looks at everything again, since what was restored meanwhile is another index under the same name. */
    private void verify(List<Generation> generations, Spools spools) {
        for (var generation : generations) {
            if (!coverage(spools).find(generation, ledger).isEmpty()) {
                throw ErasureException.found("a document", names.generation(generation.number()));
            }
        }
        var inbox = pushed.uuids();
        if (!pushed.covered(covering(), spools).isEmpty()) {
            throw ErasureException.found("a document", names.inbox());
        }
        write(account.verified(generations, inbox, clock.instant()));
    }

    private GenerationReader reader(Generation generation) {
        return new GenerationReader(elasticsearch, names, generation.number());
    }

    private void write(ErasureReport report) {
        ledger.write(order.tombstone().erasure(), report);
    }
}
