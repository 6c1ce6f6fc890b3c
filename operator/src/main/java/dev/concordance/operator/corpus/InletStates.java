package dev.concordance.operator.corpus;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** How inlets stand, as who keeps them has seen last; nothing is known of one that wasn't seen since the start. */
public final class InletStates {
    private final Map<ResourceID, InletState> states = new ConcurrentHashMap<>();

    /** Says how the inlet of a corpus stands. */
    public void tell(ResourceID corpus, InletState state) {
        states.put(corpus, state);
    }

    Optional<InletState> find(String namespace, String corpus) {
        return Optional.ofNullable(states.get(new ResourceID(corpus, namespace)));
    }

    void forget(ResourceID corpus) {
        states.remove(corpus);
    }
}
