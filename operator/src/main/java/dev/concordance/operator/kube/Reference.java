package dev.concordance.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;

/** Names an object that another one refers to. */
public record Reference(String kind, String namespace, String name) {
    /** A Secret. */
    public static Reference secret(String namespace, String name) {
        return new Reference("Secret", namespace, name);
    }

    /** A ConfigMap. */
    public static Reference configMap(String namespace, String name) {
        return new Reference("ConfigMap", namespace, name);
    }

    /** A PersistentVolumeClaim. */
    public static Reference claim(String namespace, String name) {
        return new Reference("PersistentVolumeClaim", namespace, name);
    }

    /** A ServiceAccount. */
    public static Reference serviceAccount(String namespace, String name) {
        return new Reference("ServiceAccount", namespace, name);
    }

    /** The reference that an object would be named by. */
    public static Reference of(HasMetadata object) {
        return new Reference(
                object.getKind(),
                object.getMetadata().getNamespace(),
                object.getMetadata().getName());
    }

    /** As it is indexed in caches. */
    public String key() {
        return kind + "/" + namespace + "/" + name;
    }

    /** As a sentence names it. */
    @Override
    public String toString() {
        return kind + " " + namespace + "/" + name;
    }
}
