package dev.concordance.operator.corpus;

import dev.concordance.api.v1alpha1.ChunkingPolicy;
import dev.concordance.api.v1alpha1.Corpus;
import dev.concordance.api.v1alpha1.EmbeddingModel;
import dev.concordance.api.v1alpha1.SearchCluster;
import dev.concordance.operator.cluster.ClusterDeclaration;
import dev.concordance.operator.kube.Parsed;
import dev.concordance.operator.kube.Reference;
import dev.concordance.operator.kube.ReferencedObjects;
import dev.concordance.operator.kube.Watched;
import dev.concordance.operator.model.EmbeddingModels;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The objects that corpora refer to, as the informers of the Corpus controller have them, and the way back: which corpora
 * have to be looked at when one of them changes. Some are referred to by way of another one: the Secret for ingestion by a
 * SearchCluster, the claim of a model's files or the Secret of its endpoint by an EmbeddingModel.
 */
public final class CorpusReferences {
    private static final String BY_REFERENCE = "references";

    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();

    private Watched<ChunkingPolicy, Corpus> policies = new Watched<>(List.of());
    private Watched<EmbeddingModel, Corpus> models = new Watched<>(List.of());
    private Watched<SearchCluster, Corpus> clusters = new Watched<>(List.of());
    private Watched<Secret, Corpus> secrets = new Watched<>(List.of());
    private Watched<ConfigMap, Corpus> configMaps = new Watched<>(List.of());
    private Watched<PersistentVolumeClaim, Corpus> claims = new Watched<>(List.of());
    private Watched<ServiceAccount, Corpus> serviceAccounts = new Watched<>(List.of());

    /** Sets up the informers; called once, before the controller starts. */
    List<EventSource<?, Corpus>> prepare(EventSourceContext<Corpus> context) {
        context.getPrimaryCache().addIndexer(BY_REFERENCE, CorpusReferences::keys);
        policies = ReferencedObjects.all(ChunkingPolicy.class, context, policy -> users(context, policy));
        models = ReferencedObjects.all(EmbeddingModel.class, context, model -> {
            tell(model.getMetadata().getNamespace());
            return users(context, model);
        });
        clusters = ReferencedObjects.all(SearchCluster.class, context, cluster -> users(context, cluster));
        models.only().addIndexer(BY_REFERENCE, CorpusReferences::referencesOf);
        clusters.only().addIndexer(BY_REFERENCE, CorpusReferences::ingestSecretOf);
        secrets = ReferencedObjects.secrets(
                context, secret -> users(context, secret, Stream.concat(secretUsers(secret), modelUsers(secret))));
        configMaps = ReferencedObjects.configMaps(context, map -> {
            var users = users(context, map, modelUsers(map));
            if (!users.isEmpty()) {
                tell(map.getMetadata().getNamespace());
            }
            return users;
        });
        claims = ReferencedObjects.claims(context, claim -> users(context, claim, modelUsers(claim)));
        serviceAccounts = ReferencedObjects.serviceAccounts(context, account -> users(context, account));
        var sources = new ArrayList<EventSource<?, Corpus>>();
        Stream.of(policies, models, clusters, secrets, configMaps, claims, serviceAccounts)
                .forEach(watched -> sources.addAll(watched.sources()));
        return sources;
    }

    /** Calls the listener with the namespace in which an EmbeddingModel, or a ConfigMap that is referred to, has changed. */
    void subscribe(Consumer<String> listener) {
        listeners.add(listener);
    }

    private void tell(String namespace) {
        listeners.forEach(listener -> listener.accept(namespace));
    }

    /** Whether the informers have their first state; before, nothing can be said to be missing. */
    public boolean isReady() {
        return Stream.of(policies, models, clusters, secrets, configMaps, claims, serviceAccounts)
                .allMatch(Watched::isReady);
    }

    Optional<ChunkingPolicy> policy(Reference reference) {
        return policies.find(reference.namespace(), reference.name());
    }

    Optional<EmbeddingModel> model(Reference reference) {
        return models.find(reference.namespace(), reference.name());
    }

    Optional<SearchCluster> cluster(Reference reference) {
        return clusters.find(reference.namespace(), reference.name());
    }

    Optional<Secret> secret(Reference reference) {
        return secrets.find(reference.namespace(), reference.name());
    }

    Optional<ConfigMap> configMap(Reference reference) {
        return configMaps.find(reference.namespace(), reference.name());
    }

    Optional<ServiceAccount> serviceAccount(Reference reference) {
        return serviceAccounts.find(reference.namespace(), reference.name());
    }

    Optional<PersistentVolumeClaim> claim(Reference reference) {
        return claims.find(reference.namespace(), reference.name());
    }

    /** The corpora that refer to an object, directly. */
    static Set<ResourceID> users(EventSourceContext<Corpus> context, Reference reference) {
        var users = new HashSet<ResourceID>();
        context.getPrimaryCache()
                .byIndex(BY_REFERENCE, reference.key())
                .forEach(corpus -> users.add(ResourceID.fromResource(corpus)));
        return users;
    }

    private static Set<ResourceID> users(EventSourceContext<Corpus> context, HasMetadata object) {
        return users(context, Reference.of(object));
    }

    /** The corpora that refer to an object, directly or by way of one of {@code between}. */
    private static Set<ResourceID> users(
            EventSourceContext<Corpus> context, HasMetadata object, Stream<? extends HasMetadata> between) {
        var users = users(context, object);
        between.forEach(other -> users.addAll(users(context, other)));
        users.removeIf(user ->
                !user.getNamespace().equals(Optional.of(object.getMetadata().getNamespace())));
        return users;
    }

    private Stream<SearchCluster> secretUsers(Secret secret) {
        return clusters.byIndex(BY_REFERENCE, secret.getMetadata().getName());
    }

    private Stream<EmbeddingModel> modelUsers(HasMetadata object) {
        return models.byIndex(BY_REFERENCE, Reference.of(object).key());
    }

    private static List<String> keys(Corpus corpus) {
        var declared = Parsed.of(corpus, CorpusParser::parse).valid();
        if (declared.isPresent()) {
            return declared.get().references().stream().map(Reference::key).toList();
        }
        return CorpusParser.cluster(corpus).map(Reference::key).stream().toList();
    }

    /** By name only: the Secret is looked for in each corpus's own namespace. */
    private static List<String> ingestSecretOf(SearchCluster cluster) {
        return Parsed.of(cluster, ClusterDeclaration::parse).valid().flatMap(ClusterDeclaration::ingestSecret).stream()
                .toList();
    }

    private static List<String> referencesOf(EmbeddingModel model) {
        var declared = Parsed.of(model, EmbeddingModels::parse).valid();
        return declared.map(found -> found.references(model.getMetadata().getNamespace())).orElse(List.of()).stream()
                .map(Reference::key)
                .toList();
    }
}
