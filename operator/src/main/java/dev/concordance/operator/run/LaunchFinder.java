package dev.concordance.operator.run;

import dev.concordance.api.v1alpha1.Api;
import dev.concordance.api.v1alpha1.Corpus;
import dev.concordance.api.v1alpha1.Erasure;
import dev.concordance.api.v1alpha1.IngestionRun;
import dev.concordance.impact.Impact;
import dev.concordance.impact.ManifestDifference;
import dev.concordance.manifest.ErasureOrder;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.GenerationState;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.RunMode;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.manifest.Tombstones;
import dev.concordance.operator.cluster.ClusterConnection;
import dev.concordance.operator.cluster.ClusterConnections;
import dev.concordance.operator.corpus.CorpusDeclaration;
import dev.concordance.operator.corpus.CorpusParser;
import dev.concordance.operator.corpus.CorpusResolver;
import dev.concordance.operator.corpus.CorpusResolver.Unresolved;
import dev.concordance.operator.corpus.DeclaredParser;
import dev.concordance.operator.corpus.DeclaredSource;
import dev.concordance.operator.corpus.Sharing;
import dev.concordance.operator.elastic.BackendException;
import dev.concordance.operator.elastic.StoredGeneration;
import dev.concordance.operator.erasure.Erasures;
import dev.concordance.operator.kube.Annotations;
import dev.concordance.operator.kube.Parsed;
import dev.concordance.operator.kube.Reference;
import dev.concordance.operator.model.DeclaredModel;
import dev.concordance.operator.run.RunObservation.Launch;
import dev.concordance.operator.run.RunObservation.Obstacle;
import dev.concordance.operator.workload.IngestionJob;
import dev.concordance.operator.workload.Mount;
import dev.concordance.operator.workload.WorkerImage;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
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
    private final Clock clock;

    LaunchFinder(CorpusResolver resolver, ClusterConnections connections, WorkerImage image, Clock clock) {
        this.resolver = resolver;
        this.connections = connections;
        this.image = image;
        this.clock = clock;
    }

    /** How many runs of a corpus can go side by side and keep together to the limits of what they ask. */
    int mostSideBySide(Corpus corpus) {
        if (!resolver.isReady()
                || !(Parsed.of(corpus, CorpusParser::parse) instanceof Parsed.Valid<CorpusDeclaration>(var declared))) {
            return Integer.MAX_VALUE;
        }
        try {
            var connection = resolver.connection(declared.namespace(), declared.cluster());
            var resolved = resolver.resolve(declared, connection);
            return RunSpecification.mostSideBySide(resolved.manifest(), resolved.sources());
        } catch (Unresolved unresolved) {
            return Integer.MAX_VALUE;
        }
    }

    /** @param erasures of the corpus */
    Launch find(IngestionRun run, Optional<Corpus> corpus, List<Erasure> erasures) {
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
                find(run, declared, erasures, Annotations.value(corpus.get(), Api.APPROVE_DELETIONS));
        };
    }

    private Launch find(
            IngestionRun run, CorpusDeclaration declared, List<Erasure> erasures, Optional<String> approved) {
        var order = erasures.stream()
                .filter(erasure -> erasure.getMetadata().getName().equals(erasureName(run)))
                .findFirst()
                .flatMap(Erasures::order);
        if (mode(run) == RunMode.Erase && order.isEmpty()) {
            return blocked(RunReason.ErasureMissing, erasureName(run));
        }
        var deciding = Erasures.deciding(erasures.stream());
        if (mode(run) != RunMode.Erase && deciding.isPresent()) {
            return blocked(RunReason.WaitsForErasure, deciding.get());
        }
        var kept = new Kept(approved, Erasures.held(erasures.stream()), order);
        try {
            var connection = resolver.connection(declared.namespace(), declared.cluster());
            if (connection.trouble().isPresent()) {
                return new Launch.Blocked(Obstacle.of(connection.trouble().get()));
            }
            return find(run, declared, kept, connection);
        } catch (Unresolved unresolved) {
            return new Launch.Blocked(new Obstacle(unresolved.reason(), unresolved.sentence()));
        }
    }

    /** What people have said besides the declaration. */
    private record Kept(Optional<String> approved, Tombstones tombstones, Optional<ErasureOrder> order) {}

    private Launch find(IngestionRun run, CorpusDeclaration declared, Kept kept, ClusterConnection connection)
            throws Unresolved {
        var names = new IndexNames(connection.declaration().indexPrefix(), declared.namespace(), declared.name());
        List<StoredGeneration> stored;
        try {
            stored = connection.backend().generations(names);
        } catch (BackendException failed) {
            connections.doubt(connection);
            return new Launch.Blocked(Obstacle.of(connection.explain(failed)));
        }
        var target = target(stored, run.getSpec().generation(), mode(run) == RunMode.Erase);
        if (target.isEmpty()) {
            return missing(run.getSpec().generation());
        }
        var inputs = inputs(mode(run), declared, connection, stored, target.get());
        var whole = new RunSpecification(
                run.getMetadata().getName(),
                mode(run),
                names,
                inputs.manifest(),
                reusable(stored, inputs.manifest()),
                inputs.sources(),
                connection.access(connection.declaration().ingestSecret().isPresent() ? ELASTICSEARCH : null),
                declared.limits(),
                guard(declared.deletionGuard(), kept.approved(), stored),
                kept.tombstones(),
                kept.order().orElse(null),
                following(mode(run), declared),
                declared.timing().level().window().toMillis(),
                declared.traced(),
                inputs.from().orElse(null));
        var specification = whole.dividedBy(sharing(inputs, stored, declared));
        var job = new IngestionJob(
                specification,
                inputs.mounts(),
                declared.resources(),
                shards(specification, declared.parallelism(), target.get().state()),
                declared.serviceAccount().map(Reference::name),
                image);
        return new Launch.Possible(job, connection);
    }

    /**
     * What a run works on.
     *
     * @param from the generation whose chunks it copies; empty: none
     * @param desired what is declared; empty: the run is alone, whatever that is
     */
    private record Inputs(
            GenerationManifest manifest,
            List<SourceManifest> sources,
            List<Mount> mounts,
            Optional<Integer> from,
            Optional<GenerationManifest> desired) {}

    /** One that erases, or copies, asks no other sources, so nothing is the matter if one of them is nowhere to be found. */
    private Inputs inputs(
            RunMode mode,
            CorpusDeclaration declared,
            ClusterConnection connection,
            List<StoredGeneration> stored,
            StoredGeneration target)
            throws Unresolved {
        var stands = target.manifest().orElseThrow();
        var mounts = new ArrayList<>(mounts(connection));
        if (mode == RunMode.Erase) {
            return new Inputs(stands, pushed(declared), mounts, Optional.empty(), Optional.empty());
        }
        var from = mode == RunMode.Build ? original(stored, target) : Optional.<Integer>empty();
        if (from.isPresent()) {
            var manifest = stands.at(resolver.model(declared));
            mounts.addAll(mounts(manifest));
            return new Inputs(manifest, List.of(), mounts, from, Optional.of(manifest));
        }
        var resolved = resolver.resolve(declared, connection);
        var manifest = stands.at(resolved.manifest());
        mounts.addAll(mounts(declared));
        mounts.addAll(mounts(manifest));
        return new Inputs(manifest, resolved.sources(), mounts, Optional.empty(), Optional.of(resolved.manifest()));
    }

    /** The live generation, if its chunks are enough to fill one of which nothing is told yet; once something is, the sources say what has changed. */
    static Optional<Integer> original(List<StoredGeneration> stored, StoredGeneration target) {
        return stored.stream()
                .filter(live -> live.live() && live.intact() && live.state().isPresent())
                .filter(live -> target.state().isEmpty() && startsFromChunks(live, target))
                .map(StoredGeneration::number)
                .findFirst();
    }

    private static boolean startsFromChunks(StoredGeneration live, StoredGeneration target) {
        return live.manifest()
                .flatMap(before -> target.manifest()
                        .map(after -> ManifestDifference.impact(ManifestDifference.between(before, after))))
                .filter(Impact::startsFromChunks)
                .isPresent();
    }

    /** Among how many runs side by side is divided what model, parser and sources may be asked for. */
    private int sharing(Inputs inputs, List<StoredGeneration> stored, CorpusDeclaration declared) {
        return inputs.desired()
                .map(desired -> Math.min(
                        RunSpecification.mostSideBySide(desired, inputs.sources()),
                        Sharing.runs(stored, desired, declared.release(), clock.instant())))
                .orElse(1);
    }

    /** A run that erases reads no other sources, whatever is the matter with them. */
    private static List<SourceManifest> pushed(CorpusDeclaration declared) {
        return declared.sources().stream()
                .map(DeclaredSource::manifest)
                .filter(SourceManifest::isPushed)
                .toList();
    }

    /** @param wanted null: the live generation */
    private static Launch missing(@Nullable Integer wanted) {
        return wanted == null
                ? blocked(RunReason.WaitsForGeneration)
                : new Launch.Impossible(
                        FailureReason.GenerationMissing,
                        "generation " + wanted + " does not exist any more; a new run is started where one is needed");
    }

    /**
     * Several workers are of use where much is to be read that they can divide among them, and no more of them than the limits of
     * what they ask.
     */
    static int shards(RunSpecification run, int parallelism, Optional<GenerationState> filled) {
        var sources = GenerationState.digest(run.sources());
        var isLarge = switch (run.mode()) {
            case Build -> true;
            case Incremental ->
                filled.filter(state -> !state.sourcesDigest().equals(sources)).isPresent();
            case Verify, Follow, Erase -> false;
        };
        return isLarge && run.sources().stream().anyMatch(SourceManifest::isDivisible)
                ? Math.min(parallelism, run.mostWorkers())
                : 1;
    }

    /** A run that erases does so in all generations, whether or not one of them is live. */
    private static Optional<StoredGeneration> target(
            List<StoredGeneration> stored, @Nullable Integer wanted, boolean erases) {
        return stored.stream()
                .filter(generation -> wanted == null ? erases || generation.live() : generation.number() == wanted)
                .filter(generation ->
                        generation.intact() && generation.manifest().isPresent())
                .min(Comparator.comparing(generation -> !generation.live()));
    }

    /** How what is searchable is followed; null: by runs that end. */
    static RunSpecification.@Nullable Following following(RunMode mode, CorpusDeclaration declared) {
        return declared.timing().continuous() || mode == RunMode.Follow
                ? new RunSpecification.Following(
                        declared.maxStaleness().toMillis(),
                        declared.readWithin().toMillis())
                : null;
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

    /** What sources and parser are read by. */
    private static List<Mount> mounts(CorpusDeclaration declared) {
        var mounts = new ArrayList<Mount>();
        for (DeclaredSource source : declared.sources()) {
            source.mounted().ifPresent(object -> mounts.add(mount(source.mount(), object)));
        }
        declared.parser()
                .flatMap(DeclaredParser::secret)
                .ifPresent(secret -> mounts.add(new Mount.OfSecret(DeclaredParser.MOUNT, secret.name())));
        return mounts;
    }

    /** What the model is read by. */
    private static List<Mount> mounts(GenerationManifest manifest) {
        var mounts = new ArrayList<Mount>();
        Set.copyOf(DeclaredModel.claims(manifest.model())).stream()
                .sorted()
                .forEach(claim -> mounts.add(new Mount.OfClaim(DeclaredModel.mount(claim), claim)));
        DeclaredModel.secret(manifest.model())
                .ifPresent(secret -> mounts.add(new Mount.OfSecret(DeclaredModel.secretMount(secret), secret)));
        return mounts;
    }

    private static List<Mount> mounts(ClusterConnection connection) {
        return connection
                .declaration()
                .ingestSecret()
                .map(secret -> List.<Mount>of(new Mount.OfSecret(ELASTICSEARCH, secret)))
                .orElse(List.of());
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

    private static String erasureName(IngestionRun run) {
        var spec = run.getSpec();
        return spec == null || spec.erasureRef() == null || spec.erasureRef().name() == null
                ? ""
                : spec.erasureRef().name();
    }

    static String corpusName(IngestionRun run) {
        var spec = run.getSpec();
        return spec == null || spec.corpusRef() == null || spec.corpusRef().name() == null
                ? ""
                : spec.corpusRef().name();
    }
}
