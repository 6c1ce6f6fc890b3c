package dev.concordance.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;
import java.util.Objects;

/**
 * Lets pass the updates of an object of ours that somebody made who wants something: a new spec, an annotation or label,
 * a deletion. A changed status is our own doing.
 */
public final class Meaningful implements OnUpdateFilter<HasMetadata> {
    @Override
    public boolean accept(HasMetadata newer, HasMetadata older) {
        return !same(newer.getMetadata(), older.getMetadata());
    }

    private static boolean same(ObjectMeta newer, ObjectMeta older) {
        return Objects.equals(newer.getUid(), older.getUid())
                && Objects.equals(newer.getGeneration(), older.getGeneration())
                && Objects.equals(newer.getAnnotations(), older.getAnnotations())
                && Objects.equals(newer.getLabels(), older.getLabels())
                && Objects.equals(newer.getFinalizers(), older.getFinalizers())
                && Objects.equals(newer.getDeletionTimestamp(), older.getDeletionTimestamp());
    }
}
