package dev.concordance.operator.run;

import dev.concordance.api.v1alpha1.Api;
import dev.concordance.api.v1alpha1.Corpus;
import dev.concordance.api.v1alpha1.IngestionRun;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.GenerationState;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.RunMode;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.operator.cluster.ClusterConnection;
import dev.concordance.operator.cluster.ClusterConnections;
import dev.concordance.operator.corpus.CorpusDeclaration;
import dev.concordance.operator.corpus.CorpusParser;
import dev.concordance.operator.corpus.CorpusResolver;
import dev.concordance.operator.corpus.CorpusResolver.Resolved;
import dev.concordance.operator.corpus.CorpusResolver.Unresolved;
import dev.concordance.operator.corpus.DeclaredSource;
import dev.concordance.operator.elastic.BackendException;
import dev.concordance.operator.elastic.StoredGeneration;
import dev.concordance.operator.kube.Annotations;
import dev.concordance.operator.kube.Parsed;
import dev.concordance.operator.kube.Reference;
import dev.concordance.operator.model.DeclaredModel;
import dev.concordance.operator.run.RunObservation.Launch;
import dev.concordance.operator.run.RunObservation.Obstacle;
import dev.concordance.operator.workload.IngestionJob;
import dev.concordance.operator.workload.Mount;
import dev.concordance.operator.workload.WorkerImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds out what a run's Job would be if it were started now. */
final class LaunchFinder {
    private static final String ELASTICSEARCH = "elasticsearch";

    private final CorpusResolver resolver;
    private final ClusterConnections connections;
    private final WorkerImage image;

    LaunchFinder(CorpusResolver resolver, ClusterConnections connections, WorkerImage image) {
        this.resolver = resolver;
        this.connections = connections;
        this.image = image;
    }

    Launch find(IngestionRun run, Optional<Corpus> corpus) {
        if (corpus.isEmpty() || corpus.get().isMarkedForDeletion()) {
            return blocked(RunReason.CorpusMissing, corpusName(run));
        }
        if (Annotations.isTrue(run, Api.PAUSED) || Annotations.isTrue(corpus.get(), Api.PAUSED)) {
            return blocked(RunReason.Paused);
        }
        if (!resolver.isReady()) {
            return blocked(RunReason.WaitsForCaches);
        }
        return switch (Parsed.of(corpus.get(), CorpusParser::parse)) {
            case Parsed.Invalid<CorpusDeclaration>(var sentence) ->
                new Launch.Blocked(new Obstacle("InvalidSpec", sentence));
            case Parsed.Valid<CorpusDeclaration>(var declared) ->
                find(run, declared, Annotations.value(corpus.get(), Api.APPROVE_DELETIONS));
        };
    }

    private Launch find(IngestionRun run, CorpusDeclaration declared, Optional<String> approved) {
        try {
            var connection = resolver.connection(declared.namespace(), declared.cluster());
            if (connection.trouble().isPresent()) {
                var trouble = connection.trouble().get();
                return new Launch.Blocked(new Obstacle(trouble.reason().name(), trouble.message()));
            }
            var resolved = resolver.resolve(declared, connection);
            return find(run, declared, approved, connection, resolved);
        } catch (Unresolved unresolved) {
            return new Launch.Blocked(new Obstacle(unresolved.reason(), unresolved.sentence()));
        }
    }

    private Launch find(
            IngestionRun run,
            CorpusDeclaration declared,
            Optional<String> approved,
            ClusterConnection connection,
            Resolved resolved) {
        var names = new IndexNames(connection.declaration().indexPrefix(), declared.namespace(), declared.name());
        List<StoredGeneration> stored;
        try {
            stored = connection.backend().generations(names);
        } catch (BackendException failed) {
            connections.doubt(connection);
            var trouble = connection.explain(failed);
            return new Launch.Blocked(new Obstacle(trouble.reason().name(), trouble.message()));
        }
        var wanted = run.getSpec().generation();
        var target = stored.stream()
                .filter(generation -> wanted == null ? generation.live() : generation.number() == wanted)
                .filter(generation ->
                        generation.intact() && generation.manifest().isPresent())
                .findFirst();
        if (target.isEmpty()) {
            return withoutTarget(wanted);
        }
        var manifest =
                target.get().manifest().orElseThrow().at(resolved.manifest().model());
        var specification = new RunSpecification(
                run.getMetadata().getName(),
                mode(run),
                names,
                manifest,
                reusable(stored, manifest),
                resolved.sources(),
                connection.access(connection.declaration().ingestSecret().isPresent() ? ELASTICSEARCH : null),
                declared.limits(),
                guard(declared.deletionGuard(), approved, stored));
        var mounts = mounts(declared, connection, manifest);
        var shards = shards(specification, declared, target.get());
        return new Launch.Possible(new IngestionJob(specification, mounts, declared.resources(), shards, image));
    }

    private static Launch withoutTarget(@Nullable Integer wanted) {
        return wanted == null
                ? blocked(RunReason.WaitsForGeneration)
                : new Launch.Impossible(
                        FailureReason.GenerationMissing,
                        "generation " + wanted + " does not exist any more; a new run is started where one is needed");
    }

    /** Several workers are of use where much is to be read that they can divide among them. */
    private static int shards(RunSpecification run, CorpusDeclaration declared, StoredGeneration target) {
        var sources = GenerationState.digest(run.sources());
        var isLarge = switch (run.mode()) {
            case Build -> true;
            case Incremental ->
                target.state()
                        .filter(state -> !state.sourcesDigest().equals(sources))
                        .isPresent();
            case Verify -> false;
        };
        return isLarge && run.sources().stream().anyMatch(SourceManifest::isDivisible) ? declared.parallelism() : 1;
    }

    private static RunSpecification.DeletionGuard guard(
            CorpusDeclaration.Guard declared, Optional<String> approved, List<StoredGeneration> stored) {
        var live = stored.stream()
                .filter(generation -> generation.live() && generation.intact())
                .map(StoredGeneration::number)
                .findFirst();
        return new RunSpecification.DeletionGuard(
                declared.maxDocuments(), declared.maxPercent(), approved.orElse(null), live.orElse(null));
    }

    static RunMode mode(IngestionRun run) {
        var name = run.getSpec() == null ? null : run.getSpec().mode();
        return Arrays.stream(RunMode.values())
                .filter(mode -> mode.name().equals(name))
                .findFirst()
                .orElse(RunMode.Incremental);
    }

    private static List<Integer> reusable(List<StoredGeneration> stored, GenerationManifest manifest) {
        var model = manifest.model().digest();
        return stored.stream()
                .filter(other -> other.number() != manifest.generation() && other.intact())
                .filter(other -> other.manifest()
                        .filter(given -> given.model().digest().equals(model))
                        .isPresent())
                .map(StoredGeneration::number)
                .toList();
    }

    private static List<Mount> mounts(
            CorpusDeclaration declared, ClusterConnection connection, GenerationManifest manifest) {
        var mounts = new ArrayList<Mount>();
        connection
                .declaration()
                .ingestSecret()
                .ifPresent(secret -> mounts.add(new Mount.OfSecret(ELASTICSEARCH, secret)));
        for (DeclaredSource source : declared.sources()) {
            source.mounted().ifPresent(object -> mounts.add(mount(source.mount(), object)));
        }
        Set.copyOf(DeclaredModel.claims(manifest.model())).stream()
                .sorted()
                .forEach(claim -> mounts.add(new Mount.OfClaim(DeclaredModel.mount(claim), claim)));
        DeclaredModel.secret(manifest.model())
                .ifPresent(secret -> mounts.add(new Mount.OfSecret(DeclaredModel.secretMount(secret), secret)));
        return mounts;
    }

    private static Mount mount(String name, Reference object) {
        return switch (object.kind()) {
            case "Secret" -> new Mount.OfSecret(name, object.name());
            case "ConfigMap" -> new Mount.OfConfigMap(name, object.name());
            default -> new Mount.OfClaim(name, object.name());
        };
    }

    private static Launch blocked(RunReason reason, Object... facts) {
        return new Launch.Blocked(Obstacle.of(reason, facts));
    }

    static String corpusName(IngestionRun run) {
        var spec = run.getSpec();
        return spec == null || spec.corpusRef() == null || spec.corpusRef().name() == null
                ? ""
                : spec.corpusRef().name();
    }
}
