package dev.concordance.operator.elastic;

import dev.concordance.manifest.EmbeddingModelManifest;
import dev.concordance.manifest.ErasureReport;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.GenerationState;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.Lease;
import dev.concordance.manifest.PushPosition;
import dev.concordance.manifest.Reached;
import dev.concordance.manifest.RunReport;
import dev.concordance.manifest.Spending;
import dev.concordance.manifest.Throughput;
import dev.concordance.operator.elastic.BackendException.Obstacle;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A cluster in memory that keeps the contract of {@link SearchBackend}; it counts what changes it, and fails on demand. */
public final class FakeSearchBackend implements SearchBackend {
    private static final long BYTES = 10_000_000;

    private final Map<String, TreeMap<Integer, Generation>> generations = new HashMap<>();
    private final Map<String, Integer> aliases = new HashMap<>();
    private final Map<String, Map<String, Object>> ledgers = new HashMap<>();
    private @Nullable BackendException failure;
    private final Set<String> shared = new HashSet<>();
    private Optional<Spending> spent = Optional.empty();
    private int writes;
    private int looks;
    private @Nullable TracerSight shown;

    private final Map<String, Instant> served = new HashMap<>();
    private final Map<String, Long> searches = new HashMap<>();
    private @Nullable Long room;

    private final Map<String, PushPosition> inboxes = new HashMap<>();
    private final Map<String, String> restored = new HashMap<>();
    private SnapshotListing snapshots = SnapshotListing.NONE;
    private List<FormerVectors> formerVectors = List.of();

    private record Generation(GenerationManifest manifest, boolean intact, int replicas) {}

    /** Has every further call fail; null: none. */
    public void failWith(@Nullable BackendException next) {
        failure = next;
    }

    /** How many calls have changed something. */
    public int writes() {
        return writes;
    }

    /** Whether nothing is left of a corpus. */
    public boolean isEmpty(IndexNames names) {
        return !ledgers.containsKey(names.alias())
                && !inboxes.containsKey(names.alias())
                && of(names).isEmpty();
    }

    /** What an ingestion worker would write when a run has ended well. */
    public void put(IndexNames names, GenerationState state) {
        ledger(names).put(GenerationState.id(state.generation()), state);
    }

    /** What an ingestion worker would write while it works. */
    public void put(IndexNames names, RunReport report) {
        ledger(names).put(RunReport.id(report.run()), report);
    }

    /** What an ingestion worker would write of what was pushed. */
    public void put(IndexNames names, Reached reached) {
        ledger(names).put(Reached.id(reached.generation()), reached);
    }

    /** What an inlet would do. */
    public void push(IndexNames names) {
        inboxes.computeIfPresent(names.alias(), (key, end) -> new PushPosition(end.inbox(), end.sequence() + 1));
    }

    /** What a run that erases would write. */
    public void put(IndexNames names, String erasure, ErasureReport report) {
        ledger(names).put(ErasureReport.id(erasure), report);
    }

    /** What a writer would write. */
    public void put(IndexNames names, Lease lease) {
        ledger(names).put(Lease.ID, lease);
    }

    /** Puts an index in the place of another one, as somebody does who restores a snapshot. */
    public void restore(String index) {
        restored.merge(index, "restored", String::concat);
    }

    /** What the cluster has in its repositories. */
    public void put(SnapshotListing listing) {
        snapshots = listing;
    }

    /** Vectors that nobody has used for long. */
    public void put(List<FormerVectors> vectors) {
        formerVectors = List.copyOf(vectors);
    }

    /** Deletes a generation's manifest index, as a careless person would. */
    public void damage(IndexNames names, int number) {
        of(names).computeIfPresent(number, (key, found) -> new Generation(found.manifest(), false, found.replicas()));
    }

    @Override
    public ClusterFacts facts(String indexPrefix) {
        answer();
        return new ClusterFacts("9.5.3", "fake", List.of());
    }

    @Override
    public List<StoredGeneration> generations(IndexNames names) {
        answer();
        var found = new ArrayList<StoredGeneration>();
        of(names)
                .forEach((number, generation) -> found.add(new StoredGeneration(
                        number,
                        Optional.of(generation.manifest()),
                        generation.intact(),
                        Integer.valueOf(number).equals(aliases.get(names.alias())),
                        Optional.ofNullable(served.get(names.generation(number))),
                        generation.replicas(),
                        Optional.ofNullable((GenerationState)
                                ledgers.getOrDefault(names.alias(), Map.of()).get(GenerationState.id(number))))));
        return found;
    }

    @Override
    public Optional<RunReport> report(IndexNames names, String run) {
        answer();
        return Optional.ofNullable(
                (RunReport) ledgers.getOrDefault(names.alias(), Map.of()).get(RunReport.id(run)));
    }

    @Override
    public void createGeneration(IndexNames names, GenerationManifest manifest, int replicas) {
        answer();
        var existing = of(names).get(manifest.generation());
        if (existing != null && existing.intact()) {
            if (!existing.manifest().digest().equals(manifest.digest())) {
                throw new BackendException(Obstacle.REFUSED, "exists and belongs to something else");
            }
            return;
        }
        writes++;
        ledger(names).remove(GenerationState.id(manifest.generation()));
        of(names).put(manifest.generation(), new Generation(manifest, true, replicas));
    }

    @Override
    public void share(IndexNames names, EmbeddingModelManifest model, int replicas) {
        answer();
        if (model.cache() != null && shared.add(names.embeddings(model.digest()))) {
            writes++;
        }
    }

    @Override
    public Optional<Spending> spending(IndexNames names, String account, String month) {
        answer();
        return spent.filter(
                found -> found.month().equals(month) && found.account().equals(account));
    }

    /** What workers would have spent. */
    public void put(Spending spending) {
        spent = Optional.of(spending);
    }

    @Override
    public void promote(IndexNames names, int generation, Instant since) {
        answer();
        if (!of(names).containsKey(generation)) {
            throw new BackendException(Obstacle.REFUSED, "no such index");
        }
        writes++;
        aliases.put(names.alias(), generation);
        served.put(names.generation(generation), since);
    }

    /** Moves the alias, as somebody does by hand; 0: takes it away. */
    public void moveAlias(IndexNames names, int generation) {
        if (generation == 0) {
            aliases.remove(names.alias());
        } else {
            aliases.put(names.alias(), generation);
        }
    }

    /** What a worker would write of how fast it was. */
    public void put(IndexNames names, Throughput throughput) {
        ledger(names).put(Throughput.ID, throughput);
    }

    /** How much of the disks is left; null: they don't tell. */
    public void room(@Nullable Long bytes) {
        room = bytes;
    }

    @Override
    public Measurements measurements(IndexNames names, int live) {
        answer();
        var throughput = (Throughput)
                ledgers.getOrDefault(names.alias(), Map.of()).getOrDefault(Throughput.ID, Throughput.NOTHING);
        return new Measurements(throughput, BYTES, Optional.ofNullable(room));
    }

    /** Has somebody search a generation directly. */
    public void search(IndexNames names, int generation) {
        searches.merge(names.generation(generation), 1L, Long::sum);
    }

    @Override
    public Map<Integer, Long> searches(IndexNames names) {
        answer();
        var found = new TreeMap<Integer, Long>();
        of(names).keySet().forEach(number -> found.put(number, searches.getOrDefault(names.generation(number), 0L)));
        return found;
    }

    @Override
    public Optional<PushPosition> inbox(IndexNames names) {
        answer();
        return Optional.ofNullable(inboxes.get(names.alias()));
    }

    @Override
    public List<Reached> reached(IndexNames names, List<Integer> numbers) {
        answer();
        return numbers.stream()
                .map(number -> ledgers.getOrDefault(names.alias(), Map.of()).get(Reached.id(number)))
                .filter(Reached.class::isInstance)
                .map(Reached.class::cast)
                .toList();
    }

    @Override
    public void createInbox(IndexNames names, int replicas) {
        answer();
        writes++;
        inboxes.putIfAbsent(names.alias(), new PushPosition("history", -1));
    }

    @Override
    public void setReplicas(IndexNames names, int generation, int replicas) {
        answer();
        writes++;
        of(names)
                .computeIfPresent(
                        generation, (key, found) -> new Generation(found.manifest(), found.intact(), replicas));
    }

    @Override
    public void deleteGeneration(IndexNames names, int generation) {
        answer();
        writes++;
        of(names).remove(generation);
        aliases.remove(names.alias(), generation);
        served.remove(names.generation(generation));
        ledgers.getOrDefault(names.alias(), new HashMap<>()).remove(GenerationState.id(generation));
        ledgers.getOrDefault(names.alias(), new HashMap<>()).remove(Reached.id(generation));
    }

    @Override
    public void deleteLedger(IndexNames names) {
        answer();
        writes++;
        ledgers.remove(names.alias());
        inboxes.remove(names.alias());
    }

    @Override
    public void forgetReport(IndexNames names, String run) {
        answer();
        writes++;
        ledgers.getOrDefault(names.alias(), new HashMap<>()).remove(RunReport.id(run));
    }

    @Override
    public Set<String> erasures(IndexNames names) {
        answer();
        var lease = (Lease) ledgers.getOrDefault(names.alias(), Map.of()).getOrDefault(Lease.ID, Lease.NOBODYS);
        return lease.erasures().stream()
                .filter(erasure -> erased(names, erasure)
                        .filter(report -> !report.refused())
                        .isPresent())
                .collect(Collectors.toSet());
    }

    @Override
    public Optional<ErasureReport> erased(IndexNames names, String erasure) {
        answer();
        return Optional.ofNullable(
                (ErasureReport) ledgers.getOrDefault(names.alias(), Map.of()).get(ErasureReport.id(erasure)));
    }

    @Override
    public void forgetErased(IndexNames names, String erasure) {
        answer();
        if (ledgers.getOrDefault(names.alias(), new HashMap<>()).remove(ErasureReport.id(erasure)) != null) {
            writes++;
        }
    }

    @Override
    public Map<String, String> uuids(IndexNames names) {
        answer();
        var uuids = new TreeMap<String, String>();
        of(names)
                .forEach((number, generation) -> List.of(names.generation(number), names.manifest(number))
                        .forEach(index -> uuids.put(index, uuid(index))));
        if (inboxes.containsKey(names.alias())) {
            uuids.put(names.inbox(), uuid(names.inbox()));
        }
        return uuids;
    }

    private String uuid(String index) {
        return "uuid of " + index + restored.getOrDefault(index, "");
    }

    /** Has searches find tracers so, whatever workers write; null: as they write them. */
    public void show(@Nullable TracerSight next) {
        shown = next;
    }

    /** How often a tracer was looked for. */
    public int looks() {
        return looks;
    }

    @Override
    public TracerSight tracer(IndexNames names, int dimensions) {
        answer();
        looks++;
        if (shown != null) {
            return shown;
        }
        var live = aliases.get(names.alias());
        if (live == null) {
            var failed = new TracerSight.Leg(List.of(), 0, "no such index [" + names.alias() + "]");
            return new TracerSight(failed, failed);
        }
        var state = (GenerationState) ledger(names).get(GenerationState.id(live));
        var hits = state == null || state.tracedAt() == null
                ? List.<TracerSight.Hit>of()
                : List.of(new TracerSight.Hit(names.generation(live), state.tracedAt()));
        var leg = new TracerSight.Leg(
                hits, Objects.requireNonNull(of(names).get(live)).manifest().shards(), null);
        return new TracerSight(leg, leg);
    }

    @Override
    public SnapshotListing snapshots(IndexNames names, Instant before) {
        answer();
        return snapshots;
    }

    @Override
    public List<FormerVectors> formerVectors(IndexNames names, YearMonth month) {
        answer();
        return formerVectors;
    }

    @Override
    public void close() {}

    private void answer() {
        if (failure != null) {
            throw failure;
        }
    }

    private TreeMap<Integer, Generation> of(IndexNames names) {
        return generations.computeIfAbsent(names.alias(), key -> new TreeMap<>());
    }

    private Map<String, Object> ledger(IndexNames names) {
        return ledgers.computeIfAbsent(names.alias(), key -> new HashMap<>());
    }
}
