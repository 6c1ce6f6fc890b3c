package dev.concordance.operator.corpus;

import dev.concordance.api.v1alpha1.Api;
import dev.concordance.api.v1alpha1.Corpus;
import dev.concordance.api.v1alpha1.CorpusStatus;
import dev.concordance.api.v1alpha1.IngestionRun;
import dev.concordance.api.v1alpha1.PlannedChange;
import dev.concordance.manifest.EmbeddingModelManifest;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.RemoteModel;
import dev.concordance.manifest.Spending;
import dev.concordance.operator.cluster.ClusterConnection;
import dev.concordance.operator.cluster.ClusterConnection.Trouble;
import dev.concordance.operator.cluster.ClusterConnections;
import dev.concordance.operator.cluster.ClusterReason;
import dev.concordance.operator.corpus.CorpusObservation.Backend;
import dev.concordance.operator.corpus.CorpusObservation.Obstacle;
import dev.concordance.operator.corpus.CorpusResolver.Resolved;
import dev.concordance.operator.corpus.CorpusResolver.Unresolved;
import dev.concordance.operator.corpus.DeletionPlanner.Farewell;
import dev.concordance.operator.elastic.BackendException;
import dev.concordance.operator.elastic.Measurements;
import dev.concordance.operator.elastic.StoredGeneration;
import dev.concordance.operator.kube.Annotations;
import dev.concordance.operator.kube.Parsed;
import dev.concordance.operator.kube.Reference;
import dev.concordance.operator.kube.Watched;
import dev.concordance.operator.plan.ChangePlan;
import dev.concordance.operator.tracer.TracerWatch;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Looks at a corpus: at what it refers to, at its runs, and at what Elasticsearch has of it. */
final class CorpusObserver {
    static final String RUNS_BY_CORPUS = "corpus";

    private final CorpusResolver resolver;
    private final ClusterConnections connections;
    private final GenerationCatalog catalog;
    private final InletStates inlets;
    private final Watched<IngestionRun, Corpus> runs;
    private final int retained;
    private final Clock clock;
    private final TracerWatch tracers = new TracerWatch();
    private final ReadCounts reads = new ReadCounts();
    private final RecentMeasurements measurements = new RecentMeasurements();

    CorpusObserver(
            CorpusResolver resolver,
            ClusterConnections connections,
            GenerationCatalog catalog,
            InletStates inlets,
            Watched<IngestionRun, Corpus> runs,
            int retained,
            Clock clock) {
        this.resolver = resolver;
        this.connections = connections;
        this.catalog = catalog;
        this.inlets = inlets;
        this.runs = runs;
        this.retained = retained;
        this.clock = clock;
    }

    /** What was seen, with the connection that effects go through; empty where there is none that works. */
    record Seen(CorpusObservation observation, Optional<Target> target) {}

    /** Where a corpus's indexes are. */
    record Target(ClusterConnection connection, IndexNames names) {}

    Seen observe(Corpus corpus) {
        var parsed = Parsed.of(corpus, CorpusParser::parse);
        var namespace = corpus.getMetadata().getNamespace();
        var declared = parsed.valid();
        var cluster = declared.map(CorpusDeclaration::cluster);
        var found = connect(namespace, corpus.getMetadata().getName(), cluster);
        var resolution = resolve(declared, found);
        var backend = found.target()
                .map(target -> ask(target, declared, resolution.resolved().map(Resolved::manifest), planned(corpus)))
                .orElseGet(() -> new Backend.Silent(found.obstacle()));
        var observation = new CorpusObservation(
                found.target().map(target -> target.names().alias()).orElse(""),
                parsed,
                Annotations.isTrue(corpus, Api.PAUSED),
                resolution.missing(),
                resolution.resolved().map(Resolved::manifest),
                resolution.resolved().map(Resolved::sourcesDigest),
                resolution.resolved().map(Resolved::inputs).orElse(""),
                backend,
                runs(corpus).filter(SeenRun::syncs).toList(),
                declared.flatMap(this::inlet).orElse(SeenInlet.NONE),
                Optional.ofNullable(corpus.getStatus()),
                Annotations.value(corpus, Api.APPROVE_DELETIONS),
                Annotations.value(corpus, Api.APPROVE_PLAN),
                retained,
                clock.instant());
        return new Seen(observation, found.target());
    }

    private Optional<SeenInlet> inlet(CorpusDeclaration declared) {
        return declared.inlet()
                .map(inlet -> new SeenInlet(
                        inlets.find(declared.namespace(), declared.name()),
                        resolver.isReady() ? missing(declared.namespace(), inlet) : Optional.empty()));
    }

    private Optional<Obstacle> missing(String namespace, DeclaredInlet inlet) {
        for (var token : inlet.tokens()) {
            try {
                resolver.require(Reference.secret(namespace, token.secret()), token.key());
            } catch (Unresolved unresolved) {
                return Optional.of(new Obstacle(unresolved.reason(), unresolved.sentence()));
            }
        }
        return Optional.empty();
    }

    /** What was seen of a corpus that is being deleted. */
    record SeenLast(Farewell farewell, Optional<Target> target) {}

    SeenLast observeDeleted(Corpus corpus) {
        var spec = corpus.getSpec();
        var retain = spec != null && "Retain".equals(spec.deletionPolicy());
        var found = connect(
                corpus.getMetadata().getNamespace(), corpus.getMetadata().getName(), CorpusParser.cluster(corpus));
        var status = Optional.ofNullable(corpus.getStatus());
        var untouched = status.map(CorpusStatus::serving).isEmpty()
                && status.map(CorpusStatus::candidate).isEmpty();
        var backend = found.target()
                .map(target -> ask(target, Optional.empty(), Optional.empty(), Optional.empty()))
                .orElseGet(() -> new Backend.Silent(found.obstacle()));
        var farewell = new Farewell(
                runs(corpus).toList(), backend, retain, Annotations.isTrue(corpus, Api.ABANDON), untouched);
        return new SeenLast(farewell, found.target());
    }

    private record Found(Optional<Target> target, Obstacle obstacle, Optional<ClusterConnection> connection) {
        static Found none(String reason, String message) {
            return new Found(Optional.empty(), new Obstacle(reason, message), Optional.empty());
        }
    }

    private Found connect(String namespace, String name, Optional<Reference> cluster) {
        if (cluster.isEmpty()) {
            return Found.none(CorpusReason.Undecided.name(), CorpusReason.Undecided.message());
        }
        try {
            var connection = resolver.connection(namespace, cluster.get());
            var names = new IndexNames(connection.declaration().indexPrefix(), namespace, name);
            var trouble = connection.trouble();
            if (trouble.isPresent() && !trouble.get().readable()) {
                return new Found(Optional.empty(), obstacle(trouble.get()), Optional.of(connection));
            }
            var target = new Target(connection, names);
            return new Found(Optional.of(target), new Obstacle("", ""), Optional.of(connection));
        } catch (Unresolved unresolved) {
            return Found.none(unresolved.reason(), unresolved.sentence());
        }
    }

    private record Resolution(Optional<Resolved> resolved, Optional<Obstacle> missing) {}

    private Resolution resolve(Optional<CorpusDeclaration> declared, Found found) {
        if (declared.isEmpty()) {
            return new Resolution(Optional.empty(), Optional.empty());
        }
        if (found.connection().isEmpty()) {
            return new Resolution(
                    Optional.empty(),
                    Optional.of(found.obstacle())
                            .filter(obstacle -> obstacle.reason().startsWith("Reference")));
        }
        try {
            var resolved = resolver.resolve(declared.get(), found.connection().get());
            return new Resolution(Optional.of(resolved), Optional.empty());
        } catch (Unresolved unresolved) {
            var missing = new Obstacle(unresolved.reason(), unresolved.sentence());
            return new Resolution(Optional.empty(), Optional.of(missing));
        }
    }

    /** Forgets what was found of a corpus that is gone. */
    void forget(ResourceID gone) {
        var namespace = gone.getNamespace().orElse("");
        tracers.forget(namespace, gone.getName());
        reads.forget(namespace + "/" + gone.getName());
        measurements.forget(namespace + "/" + gone.getName());
    }

    private static Optional<String> planned(Corpus corpus) {
        return Optional.ofNullable(corpus.getStatus()).map(CorpusStatus::plan).map(PlannedChange::digest);
    }

    /** @param planned digest of the plan that the status tells */
    private Backend ask(
            Target target,
            Optional<CorpusDeclaration> declared,
            Optional<GenerationManifest> desired,
            Optional<String> planned) {
        var connection = target.connection();
        try {
            var generations = connection.backend().generations(target.names());
            generations.forEach(generation -> generation.manifest().ifPresent(catalog::remember));
            return new Backend.Answered(
                    generations,
                    connection.trouble().map(CorpusObserver::obstacle),
                    desired.flatMap(manifest -> spending(target, manifest.model())),
                    declared.flatMap(CorpusDeclaration::inlet).flatMap(inlet -> inbox(target, generations)),
                    declared.filter(CorpusDeclaration::traced)
                            .flatMap(traced ->
                                    tracers.look(connection.backend(), target.names(), generations, clock.instant())),
                    desired.flatMap(manifest -> measured(target, generations, manifest, planned)),
                    declared.map(known -> quiet(target, generations, known)).orElse(Set.of()));
        } catch (BackendException failed) {
            connections.doubt(connection);
            var trouble = connection.explain(failed);
            return new Backend.Silent(obstacle(trouble));
        }
    }

    /** An operator that was killed when it had begun a change may have told of it nowhere. */
    private static boolean isTold(
            List<StoredGeneration> generations, GenerationManifest desired, Optional<String> planned) {
        return generations.stream()
                .filter(StoredGeneration::live)
                .flatMap(live -> live.digest().stream())
                .allMatch(live -> live.equals(desired.digest())
                        || planned.equals(Optional.of(ChangePlan.digest(live, desired.digest()))));
    }

    private static String key(Target target) {
        return target.names().namespace() + "/" + target.names().corpus();
    }

    /** Measured only while it is of use: before the generation of a change is created. */
    private Optional<Measurements> measured(
            Target target, List<StoredGeneration> generations, GenerationManifest desired, Optional<String> planned) {
        var isBegun = generations.stream()
                .anyMatch(
                        generation -> generation.intact() && generation.digest().equals(Optional.of(desired.digest())));
        if (isBegun && isTold(generations, desired, planned)) {
            measurements.forget(key(target));
            return Optional.empty();
        }
        var backend = target.connection().backend();
        return generations.stream()
                .filter(StoredGeneration::live)
                .findFirst()
                .map(live -> measurements.of(
                        key(target),
                        live.number(),
                        clock.instant(),
                        () -> backend.measurements(target.names(), live.number())));
    }

    /** Counted only where there is one more than are kept in any case. */
    private Set<Integer> quiet(Target target, List<StoredGeneration> generations, CorpusDeclaration declared) {
        if (generations.size() <= 1 + declared.release().retained()) {
            reads.forget(key(target));
            return Set.of();
        }
        return reads.quiet(key(target), target.connection().backend().searches(target.names()), clock.instant());
    }

    private static Optional<SeenInbox> inbox(Target target, List<StoredGeneration> generations) {
        var backend = target.connection().backend();
        var numbers = generations.stream().map(StoredGeneration::number).toList();
        return backend.inbox(target.names())
                .map(newest -> new SeenInbox(newest, backend.reached(target.names(), numbers)));
    }

    private Optional<Spending> spending(Target target, EmbeddingModelManifest model) {
        if (!(model instanceof RemoteModel remote)) {
            return Optional.empty();
        }
        var month = Spending.month(clock.instant());
        var account = remote.access().account();
        return target.connection()
                .backend()
                .spending(target.names(), account, month)
                .or(() -> Optional.of(Spending.none(month, account)));
    }

    private static Obstacle obstacle(Trouble trouble) {
        ClusterReason reason = trouble.reason();
        return new Obstacle(reason.name(), trouble.message());
    }

    private Stream<SeenRun> runs(Corpus corpus) {
        var key = Reference.of(corpus).key();
        return runs.byIndex(RUNS_BY_CORPUS, key).map(run -> SeenRuns.of(run, corpus));
    }
}
