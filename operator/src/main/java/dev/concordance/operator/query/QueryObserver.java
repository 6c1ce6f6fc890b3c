package dev.concordance.operator.query;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.concordance.api.v1alpha1.Api;
import dev.concordance.api.v1alpha1.Corpus;
import dev.concordance.api.v1alpha1.Erasure;
import dev.concordance.api.v1alpha1.QueryServer;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.RoutingTable;
import dev.concordance.operator.erasure.Erasures;
import dev.concordance.operator.kube.Annotations;
import dev.concordance.operator.kube.Owned;
import dev.concordance.operator.kube.Parsed;
import dev.concordance.operator.kube.Reference;
import dev.concordance.operator.kube.Watched;
import dev.concordance.operator.query.QueryObservation.Existing;
import dev.concordance.operator.query.QueryObservation.SeenCorpus;
import dev.concordance.operator.workload.QueryWorkload;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Looks at a QueryServer: at the corpora that it selects, and at what it has of its own. */
final class QueryObserver {
    static final String BY_NAMESPACE = "neighbours";

    private final KubernetesClient client;
    private final CorpusRoutes routes;
    private final Caches caches;
    private final Clock clock;

    QueryObserver(KubernetesClient client, CorpusRoutes routes, Caches caches, Clock clock) {
        this.client = client;
        this.routes = routes;
        this.caches = caches;
        this.clock = clock;
    }

    /** What the informers of the controller know. */
    record Caches(
            Watched<Corpus, QueryServer> corpora,
            Watched<Erasure, QueryServer> erasures,
            Watched<Secret, QueryServer> secrets,
            Watched<PersistentVolumeClaim, QueryServer> claims,
            Watched<ConfigMap, QueryServer> configMaps,
            Watched<Deployment, QueryServer> deployments,
            Watched<Service, QueryServer> services,
            Watched<PodDisruptionBudget, QueryServer> disruptionBudgets,
            Watched<HorizontalPodAutoscaler, QueryServer> autoscalers) {}

    QueryObservation observe(QueryServer server) {
        var parsed = Parsed.of(server, QueryDeclaration::parse);
        var taken = new ArrayList<Reference>();
        var name = server.getMetadata().getName();
        var existing = new Existing(
                own(server, caches.configMaps(), ConfigMap.class, QueryWorkload.configMapName(name), taken),
                own(server, caches.deployments(), Deployment.class, name, taken),
                own(server, caches.services(), Service.class, name, taken),
                own(server, caches.disruptionBudgets(), PodDisruptionBudget.class, name, taken),
                caches.autoscalers()
                        .find(server.getMetadata().getNamespace(), name)
                        .filter(found -> Owned.isOwned(found, server)));
        return new QueryObservation(
                parsed,
                Annotations.isTrue(server, Api.PAUSED),
                parsed.valid().map(declared -> corpora(server, declared)).orElse(List.of()),
                existing.routing().flatMap(QueryObserver::table),
                existing,
                existing.deployment().map(QueryObserver::mounted).orElse(Set.of()),
                taken.stream().findFirst(),
                Optional.ofNullable(server.getStatus()),
                clock.instant());
    }

    /** Whether something that a pod would mount is there. */
    boolean exists(Reference reference) {
        return reference.kind().equals("Secret")
                ? caches.secrets().find(reference.namespace(), reference.name()).isPresent()
                : caches.claims().find(reference.namespace(), reference.name()).isPresent();
    }

    private List<SeenCorpus> corpora(QueryServer server, QueryDeclaration declared) {
        return caches.corpora()
                .byIndex(BY_NAMESPACE, server.getMetadata().getNamespace())
                .filter(corpus -> Selection.selects(declared.corpora(), corpus))
                .filter(corpus -> !corpus.isMarkedForDeletion())
                .sorted(Comparator.comparing(corpus -> corpus.getMetadata().getName()))
                .map(corpus -> routes.find(
                        corpus,
                        Erasures.held(caches.erasures()
                                .byIndex(
                                        Erasures.BY_CORPUS, Reference.of(corpus).key()))))
                .toList();
    }

    /** Where the cache has none, the API server is asked, since an object without our labels may have the name. */
    private <R extends HasMetadata> Optional<R> own(
            QueryServer server, Watched<R, QueryServer> cache, Class<R> type, String name, List<Reference> taken) {
        var namespace = server.getMetadata().getNamespace();
        var found = cache.find(namespace, name)
                .or(() -> Optional.ofNullable(client.resources(type)
                        .inNamespace(namespace)
                        .withName(name)
                        .get()));
        found.filter(object -> !Owned.isOwned(object, server)).ifPresent(object -> taken.add(Reference.of(object)));
        return found.filter(object -> Owned.isOwned(object, server));
    }

    private static Optional<RoutingTable> table(ConfigMap map) {
        var json = map.getData() == null ? null : map.getData().get(QueryWorkload.ROUTING_FILE);
        if (json == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(ManifestJson.mapper().readValue(json, RoutingTable.class));
        } catch (JsonProcessingException changedByHand) {
            return Optional.empty();
        }
    }

    private static Set<String> mounted(Deployment deployment) {
        var mounted = new HashSet<String>();
        var containers = deployment.getSpec().getTemplate().getSpec().getContainers();
        for (var container : containers) {
            arguments(container.getArgs())
                    .filter(argument -> argument.contains("="))
                    .forEach(argument -> mounted.add(argument.substring(0, argument.indexOf('='))));
        }
        return mounted;
    }

    private static Stream<String> arguments(List<String> arguments) {
        return arguments == null ? Stream.empty() : arguments.stream();
    }
}
