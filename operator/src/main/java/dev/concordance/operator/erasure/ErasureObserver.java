package dev.concordance.operator.erasure;

import dev.concordance.api.v1alpha1.Api;
import dev.concordance.api.v1alpha1.Corpus;
import dev.concordance.api.v1alpha1.Erasure;
import dev.concordance.api.v1alpha1.IngestionRun;
import dev.concordance.manifest.ErasureReport;
import dev.concordance.manifest.IndexNames;
import dev.concordance.operator.cluster.ClusterConnection;
import dev.concordance.operator.cluster.ClusterConnections;
import dev.concordance.operator.corpus.CorpusParser;
import dev.concordance.operator.corpus.CorpusResolver;
import dev.concordance.operator.corpus.CorpusResolver.Unresolved;
import dev.concordance.operator.elastic.BackendException;
import dev.concordance.operator.elastic.FormerVectors;
import dev.concordance.operator.elastic.SnapshotListing;
import dev.concordance.operator.elastic.StoredGeneration;
import dev.concordance.operator.erasure.ErasureObservation.Names;
import dev.concordance.operator.erasure.ErasureObservation.Obstacle;
import dev.concordance.operator.erasure.ErasureObservation.Stored;
import dev.concordance.operator.kube.Annotations;
import dev.concordance.operator.kube.Owned;
import dev.concordance.operator.kube.Parsed;
import dev.concordance.operator.kube.Values;
import dev.concordance.operator.kube.Watched;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Looks at an Erasure: at its corpus and its runs, and at what Elasticsearch has of them. */
final class ErasureObserver {
    static final String RUNS_BY_ERASURE = "erasure";

    /** To list the snapshots of a distant repository takes long. */
    private static final Duration HOLDS = Duration.ofMinutes(10);

    private final CorpusResolver resolver;
    private final ClusterConnections connections;
    private final Values values;
    private final Caches caches;
    private final Clock clock;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    ErasureObserver(
            CorpusResolver resolver, ClusterConnections connections, Values values, Caches caches, Clock clock) {
        this.resolver = resolver;
        this.connections = connections;
        this.values = values;
        this.caches = caches;
        this.clock = clock;
    }

    /** What the informers of the controller know. */
    record Caches(
            Watched<Corpus, Erasure> corpora, Watched<IngestionRun, Erasure> runs, Watched<Secret, Erasure> secrets) {}

    /** What was seen, with the connection that effects go through; empty where there is none that works. */
    record Seen(ErasureObservation observation, Optional<Target> target) {}

    /** Where the corpus's indexes are. */
    record Target(ClusterConnection connection, IndexNames names) {}

    private record Found(Optional<Target> target, Obstacle obstacle) {}

    /** What may still hold something of what was erased. */
    private record Holding(SnapshotListing snapshots, List<FormerVectors> vectors) {
        static final Holding NOTHING = new Holding(SnapshotListing.NONE, List.of());
    }

    private record Known(Instant erasedAt, Instant at, Holding holding) {}

    Seen observe(Erasure erasure) {
        var parsed = Parsed.of(erasure, ErasureDeclaration::parse);
        var metadata = erasure.getMetadata();
        var found = connect(erasure);
        var stored = found.target()
                .map(target -> ask(target, metadata.getUid()))
                .orElseGet(() -> new Stored.Silent(found.obstacle()));
        var observation = new ErasureObservation(
                new Names(metadata.getNamespace(), metadata.getName(), metadata.getUid()),
                parsed,
                Annotations.isTrue(erasure, Api.PAUSED),
                stored,
                runs(erasure).map(SeenErasingRuns::of).toList(),
                parsed.valid()
                        .map(declared -> key(metadata.getNamespace(), declared))
                        .orElseGet(SigningKey.NotDeclared::new),
                Optional.ofNullable(erasure.getStatus()),
                clock.instant());
        return new Seen(observation, found.target());
    }

    /**
     * Where its report is; empty where nobody can forget it: the corpus is gone or going. If its ledger stays, the next run of a
     * corpus that takes its place has it forgotten.
     */
    Optional<Target> target(Erasure erasure) {
        return connect(erasure).target();
    }

    /** Whether the corpus still has something that a report could be in. */
    boolean hasCorpus(Erasure erasure) {
        return corpus(erasure).isPresent();
    }

    /** Its own runs. */
    Stream<IngestionRun> runs(Erasure erasure) {
        var key = erasure.getMetadata().getNamespace() + "/"
                + erasure.getMetadata().getName();
        return caches.runs().byIndex(RUNS_BY_ERASURE, key).filter(run -> Owned.isOwned(run, erasure));
    }

    void forget(String uid) {
        known.remove(uid);
    }

    private Optional<Corpus> corpus(Erasure erasure) {
        return Erasures.corpusName(erasure)
                .flatMap(name -> caches.corpora().find(erasure.getMetadata().getNamespace(), name))
                .filter(corpus -> !corpus.isMarkedForDeletion());
    }

    private Found connect(Erasure erasure) {
        var corpus = corpus(erasure);
        var cluster = corpus.flatMap(CorpusParser::cluster);
        if (corpus.isEmpty() || cluster.isEmpty()) {
            var name = Erasures.corpusName(erasure).orElse("");
            return none(ErasureReason.CorpusMissing.name(), ErasureReason.CorpusMissing.message(name));
        }
        var namespace = erasure.getMetadata().getNamespace();
        try {
            var connection = resolver.connection(namespace, cluster.get());
            var trouble = connection.trouble();
            if (trouble.isPresent() && !trouble.get().readable()) {
                return none(trouble.get().reason().name(), trouble.get().message());
            }
            var names = new IndexNames(
                    connection.declaration().indexPrefix(),
                    namespace,
                    corpus.get().getMetadata().getName());
            return new Found(Optional.of(new Target(connection, names)), new Obstacle("", ""));
        } catch (Unresolved unresolved) {
            return none(unresolved.reason(), unresolved.sentence());
        }
    }

    private static Found none(String reason, String message) {
        return new Found(Optional.empty(), new Obstacle(reason, message));
    }

    private Stored ask(Target target, String uid) {
        var backend = target.connection().backend();
        try {
            var generations = backend.generations(target.names());
            var report = backend.erased(target.names(), uid);
            var holding = report.map(ErasureReport::erasedAt)
                    .map(erasedAt -> holding(target, uid, erasedAt))
                    .orElse(Holding.NOTHING);
            return new Stored.Answered(
                    searched(target.names(), generations, backend.uuids(target.names())),
                    report,
                    holding.snapshots(),
                    holding.vectors());
        } catch (BackendException failed) {
            connections.doubt(target.connection());
            var trouble = target.connection().explain(failed);
            return new Stored.Silent(new Obstacle(trouble.reason().name(), trouble.message()));
        }
    }

    /**
     * Indexes that searches read or could be made to read, and the inbox: a generation that is being filled is looked at when
     * it is.
     */
    private static Map<String, String> searched(
            IndexNames names, List<StoredGeneration> generations, Map<String, String> uuids) {
        var searched = new TreeMap<String, String>();
        generations.stream()
                .filter(generation -> generation.live() || generation.state().isPresent())
                .flatMap(generation ->
                        Stream.of(names.generation(generation.number()), names.manifest(generation.number())))
                .filter(uuids::containsKey)
                .forEach(index -> searched.put(index, uuids.getOrDefault(index, "")));
        Optional.ofNullable(uuids.get(names.inbox())).ifPresent(uuid -> searched.put(names.inbox(), uuid));
        return searched;
    }

    private Holding holding(Target target, String uid, Instant erasedAt) {
        var now = clock.instant();
        var before = known.get(uid);
        if (before != null
                && before.erasedAt().equals(erasedAt)
                && before.at().plus(HOLDS).isAfter(now)) {
            return before.holding();
        }
        var backend = target.connection().backend();
        var holding = new Holding(
                backend.snapshots(target.names(), erasedAt),
                backend.formerVectors(target.names(), YearMonth.from(erasedAt.atOffset(ZoneOffset.UTC))));
        known.put(uid, new Known(erasedAt, now, holding));
        return holding;
    }

    private SigningKey key(String namespace, ErasureDeclaration declared) {
        if (declared.signing().isEmpty()) {
            return new SigningKey.NotDeclared();
        }
        var wanted = declared.signing().get();
        var secret = caches.secrets().find(namespace, wanted.secret());
        if (secret.isEmpty()) {
            return new SigningKey.Unusable(
                    "Secret %s/%s does not exist; create it".formatted(namespace, wanted.secret()));
        }
        var pem = values.secret(namespace, wanted.secret()).map(data -> data.get(wanted.key()));
        return pem.map(text -> SigningKey.parse(text, secret.get().getMetadata().getResourceVersion()))
                .orElseGet(() -> new SigningKey.Unusable(
                        "Secret %s/%s has no key %s; add it".formatted(namespace, wanted.secret(), wanted.key())));
    }
}
