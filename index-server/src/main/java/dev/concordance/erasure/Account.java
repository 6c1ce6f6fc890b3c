package dev.concordance.erasure;

import dev.concordance.index.CorpusIndexes.Generation;
import dev.concordance.manifest.ErasureDigest;
import dev.concordance.manifest.ErasureReport;
import dev.concordance.manifest.ErasureReport.Erased;
import dev.concordance.manifest.ErasureReport.Pending;
import dev.concordance.manifest.ErasureReport.Search;
import dev.concordance.manifest.ErasureReport.Searched;
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
    private static final Search NOTHING = new Search(Instant.EPOCH, 0, 0, 0, 0, List.of());

    private final String run;
    private final String erasure;
    private final IndexNames names;
    private final boolean accepted;
    private final Set<Erased> documents = new LinkedHashSet<>();
    private final Map<Place, Store> stores = new LinkedHashMap<>();
    private final Set<String> pending = new TreeSet<>();
    private final Map<String, Set<String>> texts = new TreeMap<>();
    private final Map<String, Set<List<Float>>> probes = new TreeMap<>();
    private final Map<Place, Searched> searched = new LinkedHashMap<>();
    private Search search = NOTHING;
    private @Nullable Instant erasedAt;

    private record Place(String index, String uuid) {}

    /** @param before what was erased until now */
    Account(String run, String erasure, IndexNames names, Optional<ErasureReport> before) {
        this.run = run;
        this.erasure = erasure;
        this.names = names;
        this.accepted = before.filter(report -> !report.refused()).isPresent();
        before.ifPresent(report -> {
            documents.addAll(report.documents());
            report.stores().forEach(this::add);
            search = report.search() == null ? NOTHING : report.search();
            search.generations().forEach(this::add);
            erasedAt = report.erasedAt();
            if (report.pending() != null) {
                pending.addAll(report.pending().keys());
                report.pending().texts().forEach((model, hashes) -> texts.put(model, new TreeSet<>(hashes)));
                report.pending().probes().forEach((model, vectors) -> probes.put(model, new LinkedHashSet<>(vectors)));
            }
        });
    }

    /** Whether it is decided that all may go that is found. */
    boolean isAccepted() {
        return accepted;
    }

    /** Keys of what a run that has died was taking out. */
    Set<String> unfinished() {
        return Set.copyOf(pending);
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

    /** Vectors of what is being taken out, by the digest of the model. */
    Map<String, Set<List<Float>>> probes() {
        return probes;
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
            Set<String> keys, Map<Generation, Found> all, Map<String, String> pushed, Map<String, String> inbox) {
        var contents = new TreeMap<String, Set<String>>();
        begun(pushed, inbox, contents);
        all.forEach((generation, found) -> {
            var fresh =
                    found.keys().stream().filter(key -> !pending.contains(key)).collect(Collectors.toSet());
            fresh.forEach(key -> contents.computeIfAbsent(key, document -> new TreeSet<>())
                    .addAll(found.texts().getOrDefault(key, Set.of())));
            var passages = found.chunks().stream()
                    .filter(chunk -> fresh.contains(chunk.key()))
                    .count();
            if (!fresh.isEmpty()) {
                var place = place(generation);
                add(new Store(place.index(), place.uuid(), fresh.size(), passages, 0));
            }
            hold(generation.modelDigest(), found, fresh);
        });
        contents.forEach((key, hashes) -> documents.add(
                new Erased(key, ErasureDigest.of(erasure, key), ErasureDigest.of(erasure, String.join("\n", hashes)))));
        pending.addAll(keys);
        return report(Map.of());
    }

    /** What is left of a document that a run has begun with may have other vectors than the one that is on the account. */
    private void hold(String model, Found found, Set<String> fresh) {
        var hashes = texts.computeIfAbsent(model, digest -> new TreeSet<>());
        found.texts().values().forEach(hashes::addAll);
        hashes.addAll(found.sentences());
        var vectors = probes.computeIfAbsent(model, digest -> new LinkedHashSet<>());
        found.probes().forEach((key, vector) -> {
            if (fresh.contains(key)) {
                vectors.add(vector);
            }
        });
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
    ErasureReport gone(List<Generation> generations, Verification verification, Instant now) {
        pending.clear();
        texts.clear();
        probes.clear();
        erasedAt = now;
        generations.forEach(generation ->
                add(searched(place(generation), verification.texts(generation), verification.vectors(generation))));
        search = new Search(
                now,
                keys().size(),
                search.texts() + verification.texts(),
                search.vectors() + verification.vectors(),
                search.sameText() + verification.sameText(),
                List.copyOf(searched.values()));
        return report(Map.of());
    }

    /** Nothing was found in these. Where nothing was ever found, a snapshot of before may hold it all the same. */
    ErasureReport verified(List<Generation> generations, Map<String, String> inbox, Instant now) {
        erasedAt = erasedAt == null ? now : erasedAt;
        search = new Search(
                now,
                keys().size(),
                search.texts(),
                search.vectors(),
                search.sameText(),
                generations.stream().map(this::place).map(this::searched).toList());
        var indexes = new TreeMap<>(inbox);
        generations.forEach(generation -> indexes.putAll(generation.uuids()));
        return report(indexes);
    }

    private Searched searched(Place generation) {
        return searched.getOrDefault(generation, searched(generation, 0, 0));
    }

    private static Searched searched(Place generation, long texts, long vectors) {
        return new Searched(generation.index(), generation.uuid(), texts, vectors);
    }

    private Place place(Generation generation) {
        var index = names.generation(generation.number());
        return new Place(index, generation.uuids().getOrDefault(index, ""));
    }

    private void add(Searched more) {
        searched.merge(
                new Place(more.index(), more.uuid()),
                more,
                (one, other) -> new Searched(
                        one.index(), one.uuid(), one.texts() + other.texts(), one.vectors() + other.vectors()));
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
        var begun = pending.isEmpty() ? null : new Pending(List.copyOf(pending), lists(texts), lists(probes));
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

    private static <T> Map<String, List<T>> lists(Map<String, Set<T>> sets) {
        return sets.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, one -> List.copyOf(one.getValue())));
    }
}
