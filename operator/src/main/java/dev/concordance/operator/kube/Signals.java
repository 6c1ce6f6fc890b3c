package dev.concordance.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.javaoperatorsdk.operator.processing.event.source.ResourceEventAware;
import java.util.Set;
import java.util.function.Consumer;

/** Reasons to reconcile that come from within the operator; also tells when a primary object is gone. */
public final class Signals<P extends HasMetadata> extends AbstractEventSource<Void, P>
        implements ResourceEventAware<P> {
    private final Consumer<ResourceID> gone;

    public Signals(Consumer<ResourceID> gone) {
        super(Void.class, "signals");
        this.gone = gone;
    }

    /** Whether the controller has started, so that its caches may be asked. */
    public boolean isListening() {
        return isRunning();
    }

    /** Has the object reconciled soon; nothing while the operator is not running. */
    public void raise(ResourceID primary) {
        var handler = getEventHandler();
        if (isRunning() && handler != null) {
            handler.handleEvent(new Event(primary));
        }
    }

    @Override
    public Set<Void> getSecondaryResources(P primary) {
        return Set.of();
    }

    @Override
    public void onResourceDeleted(P primary) {
        gone.accept(ResourceID.fromResource(primary));
    }
}
