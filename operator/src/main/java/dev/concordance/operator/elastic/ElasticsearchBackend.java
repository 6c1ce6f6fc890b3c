package dev.concordance.operator.elastic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concordance.manifest.EmbeddingModelManifest;
import dev.concordance.manifest.ErasureReport;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.GenerationMapping;
import dev.concordance.manifest.GenerationState;
import dev.concordance.manifest.IndexIdentity;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.Lease;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.PushPosition;
import dev.concordance.manifest.Reached;
import dev.concordance.manifest.RemoteModel;
import dev.concordance.manifest.RunReport;
import dev.concordance.manifest.Spending;
import dev.concordance.manifest.Throughput;
import dev.concordance.operator.elastic.BackendException.Obstacle;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** {@link SearchBackend} over Elasticsearch's REST API; only calls of the Basic licence, no scripts, no by-query calls. */
public final class ElasticsearchBackend implements SearchBackend {
    private static final String ALREADY_EXISTS = "already exists";

    private final RestCalls rest;

    public ElasticsearchBackend(ConnectionSettings settings) {
        rest = new RestCalls(settings);
    }

    @Override
    public ClusterFacts facts(String indexPrefix) {
        var root = rest.get("/");
        var version = root.path("version").path("number").asText("");
        if (version.isEmpty()) {
            throw new BackendException(Obstacle.UNREACHABLE, "what answers is not Elasticsearch: it tells no version");
        }
        var settings = rest.get("/" + indexPrefix + "-*/_settings/index.blocks.read_only_allow_delete"
                + "?allow_no_indices=true&ignore_unavailable=true");
        var readOnly = new ArrayList<String>();
        settings.properties().forEach(index -> {
            var blocks = index.getValue().path("settings").path("index").path("blocks");
            if (blocks.path("read_only_allow_delete").asBoolean()) {
                readOnly.add(index.getKey());
            }
        });
        return new ClusterFacts(version, root.path("cluster_name").asText(""), readOnly);
    }

    @Override
    public List<StoredGeneration> generations(IndexNames names) {
        var indexes = rest.get("/" + names.alias() + "-g*?expand_wildcards=all&allow_no_indices=true"
                + "&filter_path=*.aliases,*.mappings._meta,*.settings.index.number_of_replicas"
                + ",*.settings.index.uuid");
        var found = GenerationIndexes.of(names, indexes);
        if (found.isEmpty()) {
            return List.of();
        }
        var ids =
                found.stream().map(index -> GenerationState.id(index.number())).toList();
        var states = documents(names.ledger(), ids);
        var generations = new ArrayList<StoredGeneration>();
        for (var index : found) {
            var state = Optional.ofNullable(states.get(GenerationState.id(index.number())))
                    .map(source -> read(source, GenerationState.class));
            generations.add(new StoredGeneration(
                    index.number(),
                    index.manifest(),
                    index.intact(),
                    index.live(),
                    index.servedSince(),
                    index.replicas(),
                    state));
        }
        return List.copyOf(generations);
    }

    @Override
    public Optional<RunReport> report(IndexNames names, String run) {
        var id = RunReport.id(run);
        return Optional.ofNullable(documents(names.ledger(), List.of(id)).get(id))
                .map(source -> read(source, RunReport.class));
    }

    @Override
    public void createGeneration(IndexNames names, GenerationManifest manifest, int replicas) {
        var index = names.generation(manifest.generation());
        var records = names.manifest(manifest.generation());
        var both = index + "," + records;
        var existing = rest.get("/" + both + "?ignore_unavailable=true&filter_path=*.mappings._meta");
        var exists = existing.has(index);
        if (exists) {
            requireSame(index, manifest, existing.path(index));
            if (existing.has(records)) {
                return;
            }
        }
        create(names.ledger(), GenerationMapping.ledger(replicas));
        forget(names.ledger(), GenerationState.id(manifest.generation()));
        rest.send("DELETE", "/" + (exists ? both : records) + "?ignore_unavailable=true", null);
        create(records, GenerationMapping.manifest(manifest, replicas));
        create(index, GenerationMapping.chunks(manifest, replicas));
    }

    @Override
    public void share(IndexNames names, EmbeddingModelManifest model, int replicas) {
        var vectors = names.embeddings(model.digest());
        var existing = rest.get(
                "/" + vectors + "," + names.spending() + "?ignore_unavailable=true&filter_path=*.settings.index.uuid");
        if (model.cache() != null && !existing.has(vectors)) {
            create(vectors, GenerationMapping.embeddings(replicas));
        }
        if (model instanceof RemoteModel && !existing.has(names.spending())) {
            create(names.spending(), GenerationMapping.ledger(replicas));
        }
    }

    @Override
    public Optional<Spending> spending(IndexNames names, String account, String month) {
        var document = rest.get("/" + names.spending() + "/_doc/" + Spending.id(month, account));
        return document.path("found").asBoolean()
                ? Optional.of(read(document.path("_source"), Spending.class))
                : Optional.empty();
    }

    private static void requireSame(String index, GenerationManifest manifest, JsonNode existing) {
        var digest = GenerationIndexes.manifest(existing).map(GenerationManifest::digest);
        if (!digest.equals(Optional.of(manifest.digest()))) {
            throw new BackendException(
                    Obstacle.REFUSED,
                    "the index " + index + " exists and belongs to something else; delete or rename it");
        }
    }

    private void create(String index, ObjectNode body) {
        try {
            rest.send("PUT", "/" + index, body.toString());
        } catch (BackendException refused) {
            if (refused.obstacle() != Obstacle.REFUSED || !refused.getMessage().contains(ALREADY_EXISTS)) {
                throw refused;
            }
        }
    }

    @Override
    public Optional<PushPosition> inbox(IndexNames names) {
        var shards = rest.get("/" + names.inbox() + "/_stats/docs?level=shards&filter_path="
                        + "indices.*.shards.*.routing.primary,indices.*.shards.*.seq_no.max_seq_no"
                        + ",indices.*.shards.*.commit.user_data.history_uuid")
                .path("indices")
                .path(names.inbox())
                .path("shards")
                .path("0");
        for (var copy : shards) {
            if (copy.path("routing").path("primary").asBoolean()) {
                return Optional.of(new PushPosition(
                        copy.path("commit")
                                .path("user_data")
                                .path("history_uuid")
                                .asText(),
                        copy.path("seq_no").path("max_seq_no").asLong()));
            }
        }
        return Optional.empty();
    }

    @Override
    public List<Reached> reached(IndexNames names, List<Integer> generations) {
        return generations.isEmpty()
                ? List.of()
                : documents(
                                names.ledger(),
                                generations.stream().map(Reached::id).toList())
                        .values()
                        .stream()
                        .map(source -> read(source, Reached.class))
                        .toList();
    }

    @Override
    public void createInbox(IndexNames names, int replicas) {
        create(names.inbox(), GenerationMapping.inbox(replicas));
    }

    @Override
    public void promote(IndexNames names, int generation, Instant since) {
        var actions = ManifestJson.mapper().createObjectNode();
        var list = actions.putArray("actions");
        alias(list, "remove", names.alias() + "-g*", names.alias()).put("must_exist", false);
        alias(list, "remove", names.generation(generation), names.everServed()).put("must_exist", false);
        alias(list, "add", names.generation(generation), names.alias());
        alias(list, "add", names.generation(generation), names.served(since)).put("is_hidden", true);
        rest.send("POST", "/_aliases", actions.toString());
    }

    private static ObjectNode alias(ArrayNode actions, String action, String index, String alias) {
        return actions.addObject().putObject(action).put("index", index).put("alias", alias);
    }

    @Override
    public Measurements measurements(IndexNames names, int live) {
        var throughput = Optional.ofNullable(
                        documents(names.ledger(), List.of(Throughput.ID)).get(Throughput.ID))
                .map(source -> read(source, Throughput.class))
                .orElse(Throughput.NOTHING);
        var statistics = new IndexStatistics(rest);
        return new Measurements(throughput, statistics.bytes(names.generation(live)), statistics.room());
    }

    @Override
    public Map<Integer, Long> searches(IndexNames names) {
        return new IndexStatistics(rest).searches(names);
    }

    @Override
    public void setReplicas(IndexNames names, int generation, int replicas) {
        var body = ManifestJson.mapper().createObjectNode();
        body.putObject("index").put("number_of_replicas", replicas);
        var indexes = String.join(
                ",", names.manifest(generation), names.ledger(), names.inbox(), names.generation(generation));
        rest.send("PUT", "/" + indexes + "/_settings?ignore_unavailable=true", body.toString());
    }

    @Override
    public void deleteGeneration(IndexNames names, int generation) {
        forget(names.ledger(), GenerationState.id(generation));
        forget(names.ledger(), Reached.id(generation));
        var indexes = names.generation(generation) + "," + names.manifest(generation);
        rest.send("DELETE", "/" + indexes + "?ignore_unavailable=true", null);
        new SharedVectorIndexes(rest, names).sweep();
    }

    @Override
    public void deleteLedger(IndexNames names) {
        rest.send("DELETE", "/" + names.ledger() + "," + names.inbox() + "?ignore_unavailable=true", null);
    }

    @Override
    public Set<String> erasures(IndexNames names) {
        var lease =
                Optional.ofNullable(documents(names.ledger(), List.of(Lease.ID)).get(Lease.ID));
        var erasures = lease.map(source -> read(source, Lease.class).erasures()).orElse(Set.of());
        if (erasures.isEmpty()) {
            return erasures;
        }
        var reports = documents(
                names.ledger(), erasures.stream().map(ErasureReport::id).toList());
        return erasures.stream()
                .filter(erasure -> Optional.ofNullable(reports.get(ErasureReport.id(erasure)))
                        .filter(report -> !read(report, ErasureReport.class).refused())
                        .isPresent())
                .collect(Collectors.toSet());
    }

    @Override
    public Optional<ErasureReport> erased(IndexNames names, String erasure) {
        var id = ErasureReport.id(erasure);
        return Optional.ofNullable(documents(names.ledger(), List.of(id)).get(id))
                .map(source -> read(source, ErasureReport.class));
    }

    @Override
    public void forgetErased(IndexNames names, String erasure) {
        forget(names.ledger(), ErasureReport.id(erasure));
    }

    @Override
    public Map<String, String> uuids(IndexNames names) {
        var indexes = rest.get("/" + names.alias() + "-g*," + names.inbox()
                + "?expand_wildcards=all&allow_no_indices=true&ignore_unavailable=true"
                + "&filter_path=*.mappings._meta," + IndexIdentity.FIELDS);
        var generations = GenerationIndexes.of(names, indexes).stream()
                .flatMap(found -> Stream.of(names.generation(found.number()), names.manifest(found.number())));
        return Stream.concat(generations, Stream.of(names.inbox()))
                .filter(indexes::has)
                .collect(Collectors.toMap(index -> index, index -> IndexIdentity.of(indexes.path(index))));
    }

    @Override
    public TracerSight tracer(IndexNames names, int dimensions) {
        var answer = rest.send("POST", "/_msearch", TracerSearch.lines(names.alias(), dimensions));
        return TracerSearch.read(answer);
    }

    @Override
    public SnapshotListing snapshots(IndexNames names, Instant before) {
        return new Snapshots(rest, names).before(before);
    }

    @Override
    public List<FormerVectors> formerVectors(IndexNames names, YearMonth month) {
        return new SharedVectorIndexes(rest, names).unusedSince(month);
    }

    @Override
    public void forgetReport(IndexNames names, String run) {
        var ids = Stream.concat(
                        Stream.of(run),
                        IntStream.range(0, RunReport.MOST_SHARDS).mapToObj(shard -> RunReport.ofShard(run, shard)))
                .map(RunReport::id)
                .toList();
        documents(names.ledger(), ids)
                .keySet()
                .forEach(id -> rest.send("DELETE", "/" + names.ledger() + "/_doc/" + id, null));
    }

    private void forget(String ledger, String id) {
        if (!documents(ledger, List.of(id)).isEmpty()) {
            rest.send("DELETE", "/" + ledger + "/_doc/" + id, null);
        }
    }

    /** By id the documents that exist; realtime, so without a refresh. */
    private Map<String, JsonNode> documents(String index, List<String> ids) {
        var body = ManifestJson.mapper().createObjectNode();
        var list = body.putArray("ids");
        ids.forEach(list::add);
        var found = new java.util.LinkedHashMap<String, JsonNode>();
        for (var document :
                rest.send("POST", "/" + index + "/_mget", body.toString()).path("docs")) {
            if (document.path("found").asBoolean()) {
                found.put(document.path("_id").asText(), document.path("_source"));
            }
        }
        return found;
    }

    private static <T> T read(JsonNode source, Class<T> type) {
        try {
            return ManifestJson.mapper().treeToValue(source, type);
        } catch (JsonProcessingException e) {
            throw new BackendException(
                    Obstacle.REFUSED,
                    "the ledger holds a " + type.getSimpleName() + " that this version can't read: "
                            + e.getOriginalMessage(),
                    e);
        }
    }

    @Override
    public void close() {
        rest.close();
    }
}
