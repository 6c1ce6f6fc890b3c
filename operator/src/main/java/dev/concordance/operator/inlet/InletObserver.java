package dev.concordance.operator.inlet;

import dev.concordance.api.v1alpha1.Api;
import dev.concordance.api.v1alpha1.Corpus;
import dev.concordance.api.v1alpha1.Erasure;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.InletTable;
import dev.concordance.operator.cluster.ClusterConnection;
import dev.concordance.operator.corpus.CorpusDeclaration;
import dev.concordance.operator.corpus.CorpusParser;
import dev.concordance.operator.corpus.CorpusResolver;
import dev.concordance.operator.corpus.CorpusResolver.Unresolved;
import dev.concordance.operator.corpus.DeclaredInlet;
import dev.concordance.operator.erasure.Erasures;
import dev.concordance.operator.inlet.InletObservation.Existing;
import dev.concordance.operator.inlet.InletObservation.Wish;
import dev.concordance.operator.kube.Annotations;
import dev.concordance.operator.kube.Owned;
import dev.concordance.operator.kube.Parsed;
import dev.concordance.operator.kube.Reference;
import dev.concordance.operator.kube.Watched;
import dev.concordance.operator.workload.InletWorkload;
import dev.concordance.operator.workload.Mount;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Looks at a corpus: at who may push what, and at what it has of an inlet. */
final class InletObserver {
    private static final String ELASTICSEARCH = "elasticsearch";
    private static final String TOKENS = "tokens-";

    private final KubernetesClient client;
    private final CorpusResolver resolver;
    private final Caches caches;

    InletObserver(KubernetesClient client, CorpusResolver resolver, Caches caches) {
        this.client = client;
        this.resolver = resolver;
        this.caches = caches;
    }

    /** What the informers of the controller know. */
    record Caches(
            Watched<Erasure, Corpus> erasures,
            Watched<ConfigMap, Corpus> configMaps,
            Watched<Deployment, Corpus> deployments,
            Watched<Service, Corpus> services,
            Watched<PodDisruptionBudget, Corpus> disruptionBudgets) {}

    InletObservation observe(Corpus corpus) {
        var wish = wish(corpus);
        var taken = new ArrayList<Reference>();
        var asks = wish instanceof Wish.Wanted;
        var existing = new Existing(
                own(corpus, caches.configMaps(), ConfigMap.class, asks, taken),
                own(corpus, caches.deployments(), Deployment.class, asks, taken),
                own(corpus, caches.services(), Service.class, asks, taken),
                own(corpus, caches.disruptionBudgets(), PodDisruptionBudget.class, asks, taken));
        return new InletObservation(wish, existing, taken.stream().findFirst());
    }

    private Wish wish(Corpus corpus) {
        if (Annotations.isTrue(corpus, Api.PAUSED)) {
            return new Wish.Undecided();
        }
        return switch (Parsed.of(corpus, CorpusParser::parse)) {
            case Parsed.Invalid<CorpusDeclaration> invalid -> new Wish.Undecided();
            case Parsed.Valid<CorpusDeclaration>(var declared) ->
                declared.inlet().map(inlet -> wish(declared, inlet)).orElseGet(Wish.Nothing::new);
        };
    }

    private Wish wish(CorpusDeclaration declared, DeclaredInlet inlet) {
        if (!resolver.isReady()) {
            return new Wish.Undecided();
        }
        try {
            var connection = resolver.connection(declared.namespace(), declared.cluster());
            var credentials = connection.declaration().ingestSecret();
            if (credentials.isPresent() && !exists(declared, credentials.get())) {
                return new Wish.Undecided();
            }
            return wanted(declared, inlet, connection);
        } catch (Unresolved unresolved) {
            return new Wish.Undecided();
        }
    }

    private Wish wanted(CorpusDeclaration declared, DeclaredInlet inlet, ClusterConnection connection) {
        var credentials = connection.declaration().ingestSecret();
        var secrets = inlet.sources().stream()
                .flatMap(source -> source.tokens().stream())
                .map(DeclaredInlet.Token::secret)
                .distinct()
                .sorted()
                .toList();
        var found = secrets.stream().filter(secret -> exists(declared, secret)).toList();
        var table = new InletTable(
                new IndexNames(connection.declaration().indexPrefix(), declared.namespace(), declared.name()),
                connection.access(credentials.isPresent() ? ELASTICSEARCH : null),
                inlet.sources().stream().map(source -> source(source, found)).toList(),
                declared.access().isPresent(),
                declared.limits().maxDocumentBytes(),
                Erasures.held(caches.erasures()
                        .byIndex(
                                Erasures.BY_CORPUS,
                                new Reference("Corpus", declared.namespace(), declared.name()).key())));
        var mounts = Stream.<Mount>concat(
                        credentials.stream().map(secret -> new Mount.OfSecret(ELASTICSEARCH, secret)),
                        found.stream().map(secret -> new Mount.OfSecret(TOKENS + secret, secret)))
                .toList();
        return new Wish.Wanted(inlet, table, mounts, found.size() == secrets.size());
    }

    private static InletTable.Source source(DeclaredInlet.Source source, List<String> found) {
        return new InletTable.Source(
                source.name(),
                source.uriTemplate(),
                source.tokens().stream()
                        .filter(token -> found.contains(token.secret()))
                        .map(token -> new InletTable.Token(token.name(), TOKENS + token.secret(), token.key()))
                        .toList());
    }

    private boolean exists(CorpusDeclaration declared, String secret) {
        return resolver.exists(Reference.secret(declared.namespace(), secret));
    }

    /** Where the cache has none that is needed, the API server is asked, since an object without our labels may have the name. */
    private <R extends HasMetadata> Optional<R> own(
            Corpus corpus, Watched<R, Corpus> cache, Class<R> type, boolean asks, List<Reference> taken) {
        var namespace = corpus.getMetadata().getNamespace();
        var name = InletWorkload.name(corpus.getMetadata().getName());
        var found = cache.find(namespace, name);
        if (found.isEmpty() && asks) {
            found = Optional.ofNullable(
                    client.resources(type).inNamespace(namespace).withName(name).get());
        }
        found.filter(object -> !Owned.isOwned(object, corpus)).ifPresent(object -> taken.add(Reference.of(object)));
        return found.filter(object -> Owned.isOwned(object, corpus));
    }
}
