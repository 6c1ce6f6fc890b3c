package dev.concordance.operator.query;

import dev.concordance.api.v1alpha1.Corpus;
import dev.concordance.api.v1alpha1.CorpusStatus;
import dev.concordance.manifest.EmbeddingModelManifest;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.RoutingTable;
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

    SeenCorpus find(Corpus corpus) {
        var name = corpus.getMetadata().getName();
        var serving = Optional.ofNullable(corpus.getStatus()).map(CorpusStatus::serving);
        var digest = serving.map(CorpusStatus.Serving::digest);
        if (corpus.isMarkedForDeletion() || digest.isEmpty()) {
            return new SeenCorpus.NotServed(name);
        }
        var live = catalog.find(digest.get());
        var declared = Parsed.of(corpus, CorpusParser::parse).valid();
        if (live.isEmpty() || declared.isEmpty()) {
            return new SeenCorpus.Unknown(name);
        }
        try {
            var connection = resolver.connection(
                    corpus.getMetadata().getNamespace(), declared.get().cluster());
            var candidate = Optional.ofNullable(corpus.getStatus())
                    .map(CorpusStatus::candidate)
                    .map(CorpusStatus.Candidate::digest)
                    .flatMap(catalog::find);
            return new SeenCorpus.Routable(route(declared.get(), connection, live.get(), candidate));
        } catch (Unresolved unresolved) {
            return new SeenCorpus.Unknown(name);
        }
    }

    private static RoutingTable.Route route(
            CorpusDeclaration declared,
            ClusterConnection connection,
            GenerationManifest live,
            Optional<GenerationManifest> candidate) {
        var names = new IndexNames(connection.declaration().indexPrefix(), declared.namespace(), declared.name());
        var credentials = connection
                .declaration()
                .serveSecret()
                .map(Routing::elasticsearch)
                .orElse(null);
        return new RoutingTable.Route(
                declared.namespace(),
                declared.name(),
                names.alias(),
                connection.access(credentials),
                models(live, candidate),
                live.metadata(),
                declared.retrieval());
    }

    private static List<EmbeddingModelManifest> models(
            GenerationManifest live, Optional<GenerationManifest> candidate) {
        Map<String, EmbeddingModelManifest> models = new LinkedHashMap<>();
        Stream.concat(Stream.of(live), candidate.stream())
                .map(GenerationManifest::model)
                .forEach(model -> models.putIfAbsent(model.digest(), model));
        return List.copyOf(models.values());
    }
}
