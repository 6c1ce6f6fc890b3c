package dev.concordance.erasure;

import dev.concordance.index.CorpusIndexes.Generation;
import dev.concordance.manifest.ErasureDigest;
import dev.concordance.manifest.ErasureReport;
import dev.concordance.manifest.ErasureReport.Erased;
import dev.concordance.manifest.ErasureReport.Pending;
import dev.concordance.manifest.ErasureReport.Search;
import dev.concordance.manifest.ErasureReport.Store;
import dev.concordance.manifest.IndexNames;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Keeps the account of what is erased, and goes on with that of runs before. */
final class Account {
    private static final Search NOTHING = new Search(Instant.EPOCH, 0, 0, 0, 0);

    private final String run;
    private final String erasure;
    private final boolean accepted;
    private final Set<Erased> documents = new LinkedHashSet<>();
    private final Map<Place, Store> stores = new LinkedHashMap<>();
    private final Set<String> pending = new TreeSet<>();
    private final Map<String, Set<String>> texts = new TreeMap<>();
    private Search search = NOTHING;
    private @Nullable Instant erasedAt;

    private record Place(String index, String uuid) {}

    /** @param before what was erased until now */
    Account(String run, String erasure, Optional<ErasureReport> before) {
        this.run = run;
        this.erasure = erasure;
        this.accepted = before.filter(report -> !report.refused()).isPresent();
        before.ifPresent(report -> {
            documents.addAll(report.documents());
            report.stores().forEach(this::add);
            search = report.search() == null ? NOTHING : report.search();
            erasedAt = report.erasedAt();
            if (report.pending() != null) {
                pending.addAll(report.pending().keys());
                report.pending().texts().forEach((model, hashes) -> texts.put(model, new TreeSet<>(hashes)));
            }
        });
    }

    /** Whether it is decided that all may go that is found. */
    boolean isAccepted() {
        return accepted;
    }

    /** Whether a run has died on its way. */
    boolean isUnfinished() {
        return !pending.isEmpty();
    }

    /** Keys of all that was erased, or is about to be. */
    Set<String> keys() {
        var keys = new TreeSet<>(pending);
        documents.forEach(document -> keys.add(document.key()));
        return keys;
    }

    /** Hashes of the passages that are being taken out, by the digest of the model. */
    Map<String, Set<String>> texts() {
        return texts;
    }

    ErasureReport refused(long matched) {
        return new ErasureReport(run, matched, true, List.of(), List.of(), Map.of(), null, null, null);
    }

    /**
     * These are about to go. What a run that died had begun with is on the account already.
     *
     * @param pushed hashes of those of them that are in the inbox
     * @param inbox its UUID by its name
     */
    ErasureReport begun(
            Set<String> keys,
            Map<Generation, Found> all,
            IndexNames names,
            Map<String, String> pushed,
            Map<String, String> inbox) {
        var contents = new TreeMap<String, Set<String>>();
        begun(pushed, inbox, contents);
        all.forEach((generation, found) -> {
            var index = names.generation(generation.number());
            var fresh =
                    found.keys().stream().filter(key -> !pending.contains(key)).collect(Collectors.toSet());
            fresh.forEach(key -> contents.computeIfAbsent(key, document -> new TreeSet<>())
                    .addAll(found.texts().getOrDefault(key, Set.of())));
            var passages = found.chunks().stream()
                    .filter(chunk -> fresh.contains(chunk.key()))
                    .count();
            if (!fresh.isEmpty()) {
                var uuid = generation.uuids().getOrDefault(index, "");
                add(new Store(index, uuid, fresh.size(), passages, 0));
            }
            var ofModel = texts.computeIfAbsent(generation.modelDigest(), model -> new TreeSet<>());
            found.texts().values().forEach(ofModel::addAll);
            ofModel.addAll(found.sentences());
        });
        contents.forEach((key, hashes) -> documents.add(
                new Erased(key, ErasureDigest.of(erasure, key), ErasureDigest.of(erasure, String.join("\n", hashes)))));
        pending.addAll(keys);
        return report(Map.of());
    }

    private void begun(Map<String, String> pushed, Map<String, String> inbox, Map<String, Set<String>> contents) {
        var fresh = new TreeMap<>(pushed);
        fresh.keySet().removeAll(pending);
        fresh.forEach((key, hash) ->
                contents.computeIfAbsent(key, document -> new TreeSet<>()).add(hash));
        if (!fresh.isEmpty()) {
            inbox.forEach((index, uuid) -> add(new Store(index, uuid, fresh.size(), 0, 0)));
        }
    }

    void vectorsRemoved(String index, long count) {
        if (count > 0) {
            add(new Store(index, "", 0, 0, count));
        }
    }

    /** What was about to go is gone, and was searched for. */
    ErasureReport gone(Verification verification, Instant now) {
        pending.clear();
        texts.clear();
        erasedAt = now;
        search = new Search(
                now,
                keys().size(),
                search.texts() + verification.texts(),
                search.vectors() + verification.vectors(),
                search.sameText() + verification.sameText());
        return report(Map.of());
    }

    /** Nothing was found in these. Where nothing was ever found, a snapshot of before may hold it all the same. */
    ErasureReport verified(List<Generation> generations, Map<String, String> inbox, Instant now) {
        erasedAt = erasedAt == null ? now : erasedAt;
        search = new Search(now, keys().size(), search.texts(), search.vectors(), search.sameText());
        var indexes = new TreeMap<>(inbox);
        generations.forEach(generation -> indexes.putAll(generation.uuids()));
        return report(indexes);
    }

    private void add(Store store) {
        stores.merge(
                new Place(store.index(), store.uuid()),
                store,
                (one, other) -> new Store(
                        one.index(),
                        one.uuid(),
                        one.documents() + other.documents(),
                        one.passages() + other.passages(),
                        one.vectors() + other.vectors()));
    }

    private ErasureReport report(Map<String, String> indexes) {
        var begun = pending.isEmpty()
                ? null
                : new Pending(
                        List.copyOf(pending),
                        texts.entrySet().stream()
                                .collect(Collectors.toMap(Map.Entry::getKey, one -> List.copyOf(one.getValue()))));
        return new ErasureReport(
                run,
                keys().size(),
                false,
                List.copyOf(documents),
                new ArrayList<>(stores.values()),
                indexes,
                erasedAt,
                search.equals(NOTHING) ? null : search,
                begun);
    }
}
