package dev.concordance.operator.kube;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.javaoperatorsdk.operator.api.config.informer.FieldSelector;
import io.javaoperatorsdk.operator.api.config.informer.FieldSelectorBuilder;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.SecondaryToPrimaryMapper;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.TransformingItemStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Informers for Secrets, ConfigMaps, claims and service accounts that ours refer to. All of a namespace are listed and watched, since
 * references come and go and the API can't watch a changing set of names; but the cache keeps of each only its identity,
 * its version and the names of its keys. Values are read one by one, when they are needed. Secrets of Helm releases and
 * of service accounts are not even listed.
 */
public final class ReferencedObjects {
    private static final long PAGE = 500L;
    private static final FieldSelector SECRETS_OF_USERS = new FieldSelectorBuilder()
            .withoutField("type", "helm.sh/release.v1")
            .withoutField("type", "kubernetes.io/service-account-token")
            .build();
    private static final FieldSelector MAPS_OF_USERS = new FieldSelectorBuilder()
            .withoutField("metadata.name", "kube-root-ca.crt")
            .build();

    private ReferencedObjects() {}

    /** Secrets without their values. */
    public static <P extends HasMetadata> Watched<Secret, P> secrets(
            EventSourceContext<P> context, SecondaryToPrimaryMapper<Secret> mapper) {
        return pruned(Secret.class, context, mapper, SECRETS_OF_USERS, ReferencedObjects::withoutValues);
    }

    /** ConfigMaps without their values. */
    public static <P extends HasMetadata> Watched<ConfigMap, P> configMaps(
            EventSourceContext<P> context, SecondaryToPrimaryMapper<ConfigMap> mapper) {
        return pruned(ConfigMap.class, context, mapper, MAPS_OF_USERS, ReferencedObjects::withoutValues);
    }

    /** PersistentVolumeClaims by name. */
    public static <P extends HasMetadata> Watched<PersistentVolumeClaim, P> claims(
            EventSourceContext<P> context, SecondaryToPrimaryMapper<PersistentVolumeClaim> mapper) {
        return pruned(PersistentVolumeClaim.class, context, mapper, new FieldSelector(List.of()), claim -> {
            var kept = new PersistentVolumeClaim();
            kept.setMetadata(identity(claim.getMetadata()));
            return kept;
        });
    }

    /** ServiceAccounts by name. */
    public static <P extends HasMetadata> Watched<ServiceAccount, P> serviceAccounts(
            EventSourceContext<P> context, SecondaryToPrimaryMapper<ServiceAccount> mapper) {
        return pruned(ServiceAccount.class, context, mapper, new FieldSelector(List.of()), account -> {
            var kept = new ServiceAccount();
            kept.setMetadata(identity(account.getMetadata()));
            return kept;
        });
    }

    /** Objects of one of our own kinds, as they are. */
    public static <R extends HasMetadata, P extends HasMetadata> Watched<R, P> all(
            Class<R> type, EventSourceContext<P> context, SecondaryToPrimaryMapper<R> mapper) {
        var configuration = base(type, type.getSimpleName(), context, mapper).withNamespacesInheritedFromController();
        return new Watched<>(List.of(new InformerEventSource<>(configuration.build(), context)));
    }

    /** Objects that the operator has created itself for a component, found by their labels. */
    public static <R extends HasMetadata, P extends HasMetadata> Watched<R, P> managed(
            Class<R> type, String component, EventSourceContext<P> context, SecondaryToPrimaryMapper<R> mapper) {
        var configuration = base(type, "managed " + type.getSimpleName(), context, mapper)
                .withNamespacesInheritedFromController()
                .withLabelSelector(Labels.MANAGED + "," + Labels.COMPONENT + "=" + component);
        return new Watched<>(List.of(new InformerEventSource<>(configuration.build(), context)));
    }

    /** Maps a referenced object to the primaries that an index of the primary cache has under its key. */
    public static <R extends HasMetadata, P extends HasMetadata> SecondaryToPrimaryMapper<R> byIndex(
            EventSourceContext<P> context, String index, Function<R, Reference> reference) {
        return object -> context
                .getPrimaryCache()
                .byIndex(index, reference.apply(object).key())
                .stream()
                .map(ResourceID::fromResource)
                .collect(Collectors.toSet());
    }

    /**
     * One informer a namespace where namespaces are listed: informers of several namespaces would share the item store,
     * and each would throw the others' objects out of it when it lists again.
     */
    private static <R extends HasMetadata, P extends HasMetadata> Watched<R, P> pruned(
            Class<R> type,
            EventSourceContext<P> context,
            SecondaryToPrimaryMapper<R> mapper,
            FieldSelector selector,
            UnaryOperator<R> kept) {
        var controller = context.getControllerConfiguration();
        var sources = new ArrayList<InformerEventSource<R, P>>();
        for (var namespace :
                controller.getEffectiveNamespaces().stream().sorted().toList()) {
            var everywhere = Constants.WATCH_ALL_NAMESPACES.equals(namespace);
            var name = type.getSimpleName() + (everywhere ? "" : " in " + namespace);
            var configuration = base(type, name, context, mapper)
                    .withNamespaces(Set.of(namespace))
                    .withFieldSelector(selector)
                    .withItemStore(new TransformingItemStore<>(kept));
            sources.add(new InformerEventSource<>(configuration.build(), context));
        }
        return new Watched<>(sources);
    }

    private static <R extends HasMetadata, P extends HasMetadata> InformerEventSourceConfiguration.Builder<R> base(
            Class<R> type, String name, EventSourceContext<P> context, SecondaryToPrimaryMapper<R> mapper) {
        return InformerEventSourceConfiguration.from(type, context.getPrimaryResourceClass())
                .withName(name)
                .withSecondaryToPrimaryMapper(mapper)
                .withPrimaryToSecondaryMapper(primary -> Set.of())
                .withInformerListLimit(PAGE);
    }

    private static Secret withoutValues(Secret secret) {
        return new SecretBuilder()
                .withMetadata(identity(secret.getMetadata()))
                .withData(keys(secret.getData()))
                .build();
    }

    private static ConfigMap withoutValues(ConfigMap map) {
        return new ConfigMapBuilder()
                .withMetadata(identity(map.getMetadata()))
                .withData(keys(map.getData()))
                .build();
    }

    private static @Nullable Map<String, String> keys(@Nullable Map<String, String> data) {
        if (data == null) {
            return null;
        }
        var keys = new TreeMap<String, String>();
        data.keySet().forEach(key -> keys.put(key, ""));
        return keys;
    }

    private static ObjectMeta identity(ObjectMeta metadata) {
        return new ObjectMetaBuilder()
                .withName(metadata.getName())
                .withNamespace(metadata.getNamespace())
                .withUid(metadata.getUid())
                .withResourceVersion(metadata.getResourceVersion())
                .withDeletionTimestamp(metadata.getDeletionTimestamp())
                .build();
    }
}
