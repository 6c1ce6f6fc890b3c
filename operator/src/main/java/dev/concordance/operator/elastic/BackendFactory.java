package dev.concordance.operator.elastic;

/** Opens connections; opening asks nothing of the cluster yet. */
@FunctionalInterface
public interface BackendFactory {
    /** A backend that the caller closes; throws {@link BackendException} for settings that can't be used. */
    SearchBackend open(ConnectionSettings settings);
}
