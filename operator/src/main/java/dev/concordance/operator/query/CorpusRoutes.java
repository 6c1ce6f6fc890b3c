package dev.concordance.operator.query;

import dev.concordance.api.v1alpha1.Corpus;
import dev.concordance.api.v1alpha1.CorpusStatus;
import dev.concordance.manifest.EmbeddingModelManifest;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.RoutingTable;
import dev.concordance.manifest.Tombstones;
import dev.concordance.operator.cluster.ClusterConnection;
import dev.concordance.operator.corpus.CorpusDeclaration;
import dev.concordance.operator.corpus.CorpusParser;
import dev.concordance.operator.corpus.CorpusResolver;
import dev.concordance.operator.corpus.CorpusResolver.Unresolved;
import dev.concordance.operator.corpus.GenerationCatalog;
import dev.concordance.operator.kube.Parsed;
import dev.concordance.operator.query.QueryObservation.SeenCorpus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the route to a corpus. */
final class CorpusRoutes {
    private final CorpusResolver resolver;
    private final GenerationCatalog catalog;

    CorpusRoutes(CorpusResolver resolver, GenerationCatalog catalog) {
        this.resolver = resolver;
        this.catalog = catalog;
    }

    /**
     * The route to a corpus. One whose first generation is still being built has it already: a mounted table reaches the pods
     * some time after it is written, and the corpus is to be searchable when it says so.
     *
     * @param tombstones of what was erased from it
     */
    SeenCorpus find(Corpus corpus, Tombstones tombstones) {
        var name = corpus.getMetadata().getName();
        var status = Optional.ofNullable(corpus.getStatus());
        var serving = status.map(CorpusStatus::serving).map(CorpusStatus.Serving::digest);
        var candidate = status.map(CorpusStatus::candidate).map(CorpusStatus.Candidate::digest);
        var kept = status.map(CorpusStatus::generations).stream()
                .flatMap(List::stream)
                .map(CorpusStatus.Generation::digest)
                .filter(Objects::nonNull);
        var others = Stream.concat(candidate.stream(), kept).toList();
        var digest = serving.or(() -> candidate);
        if (corpus.isMarkedForDeletion() || digest.isEmpty()) {
            return new SeenCorpus.NotServed(name);
        }
        var first = catalog.find(digest.get());
        var declared = Parsed.of(corpus, CorpusParser::parse).valid();
        if (first.isEmpty() || declared.isEmpty()) {
            return new SeenCorpus.Unknown(name, declared.flatMap(CorpusRoutes::access), tombstones);
        }
        try {
            var connection = resolver.connection(
                    corpus.getMetadata().getNamespace(), declared.get().cluster());
            return new SeenCorpus.Routable(
                    route(declared.get(), connection, first.get(), models(declared.get(), first.get(), others))
                            .without(tombstones));
        } catch (Unresolved unresolved) {
            return new SeenCorpus.Unknown(name, declared.flatMap(CorpusRoutes::access), tombstones);
        }
    }

    private RoutingTable.Route route(
            CorpusDeclaration declared,
            ClusterConnection connection,
            GenerationManifest first,
            List<EmbeddingModelManifest> models)
            throws Unresolved {
        var names = new IndexNames(connection.declaration().indexPrefix(), declared.namespace(), declared.name());
        var credentials = connection
                .declaration()
                .serveSecret()
                .map(Routing::elasticsearch)
                .orElse(null);
        var route = new RoutingTable.Route(
                declared.namespace(),
                declared.name(),
                names.alias(),
                connection.access(credentials),
                models,
                first.metadata(),
                declared.search().retrieval().with(resolver.synonyms(declared)));
        return access(declared).map(route::with).orElse(route);
    }

    private static Optional<RoutingTable.Access> access(CorpusDeclaration declared) {
        return declared.access()
                .map(seen -> new RoutingTable.Access(seen.maxStaleness().toMillis()));
    }

    /** Those of the generations, each where it is now if it is the declared one. */
    private List<EmbeddingModelManifest> models(
            CorpusDeclaration declared, GenerationManifest first, List<String> others) {
        Map<String, EmbeddingModelManifest> models = new LinkedHashMap<>();
        var now = now(declared);
        Stream.concat(Stream.of(first), others.stream().flatMap(digest -> catalog.find(digest).stream()))
                .map(generation -> now.map(generation::at).orElse(generation).model())
                .forEach(model -> models.putIfAbsent(model.digest(), model));
        return List.copyOf(models.values());
    }

    private Optional<EmbeddingModelManifest> now(CorpusDeclaration declared) {
        try {
            return Optional.of(resolver.model(declared));
        } catch (Unresolved gone) {
            return Optional.empty();
        }
    }
}
