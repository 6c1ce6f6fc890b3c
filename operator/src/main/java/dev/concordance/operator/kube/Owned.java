package dev.concordance.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;

/** Ownership: what is owned goes when its owner goes. */
public final class Owned {
    private Owned() {}

    /** The reference that makes {@code owner} the controller of an object. */
    public static OwnerReference by(HasMetadata owner) {
        return new OwnerReferenceBuilder()
                .withApiVersion(owner.getApiVersion())
                .withKind(owner.getKind())
                .withName(owner.getMetadata().getName())
                .withUid(owner.getMetadata().getUid())
                .withController(true)
                .withBlockOwnerDeletion(true)
                .build();
    }

    /** Whether this very owner, not one of the same name before it, owns the object. */
    public static boolean isOwned(HasMetadata object, HasMetadata owner) {
        return object.getMetadata().getOwnerReferences() != null
                && object.getMetadata().getOwnerReferences().stream()
                        .anyMatch(reference -> owner.getMetadata().getUid().equals(reference.getUid()));
    }
}
