package dev.concordance.operator.cluster;

import dev.concordance.operator.elastic.SearchBackend;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The connections of this process by SearchCluster. Only the SearchCluster's reconciler changes them. */
public final class ClusterConnections {
    private final Map<Key, ClusterConnection> connections = new ConcurrentHashMap<>();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final List<Listener> checkers = new CopyOnWriteArrayList<>();

    /** Names a SearchCluster. */
    public record Key(String namespace, String name) {}

    /** Is told when something that matters about a connection has changed. */
    @FunctionalInterface
    public interface Listener {
        /** Returns quickly. */
        void changed(Key cluster);
    }

    /** The connection of a SearchCluster; empty before its first check, or where none could be opened. */
    public Optional<ClusterConnection> find(@Nullable String namespace, @Nullable String name) {
        return namespace == null || name == null
                ? Optional.empty()
                : Optional.ofNullable(connections.get(new Key(namespace, name)));
    }

    /** Tells the listener of all later changes. */
    public void subscribe(Listener listener) {
        listeners.add(listener);
    }

    /** Says that a request over a connection has failed, so that its SearchCluster is checked before its time. */
    public void doubt(ClusterConnection connection) {
        connections.forEach((cluster, known) -> {
            if (known.backend() == connection.backend()) {
                checkers.forEach(checker -> checker.changed(cluster));
            }
        });
    }

    void onDoubt(Listener checker) {
        checkers.add(checker);
    }

    void put(Key cluster, ClusterConnection connection) {
        var previous = connections.put(cluster, connection);
        if (previous != null && previous.backend() != connection.backend()) {
            previous.backend().close();
        }
        if (!connection.equals(previous)) {
            listeners.forEach(listener -> listener.changed(cluster));
        }
    }

    void remove(Key cluster) {
        var previous = connections.remove(cluster);
        if (previous != null) {
            previous.backend().close();
            listeners.forEach(listener -> listener.changed(cluster));
        }
    }

    /** Closes every connection. */
    public void close() {
        connections.values().stream().map(ClusterConnection::backend).forEach(SearchBackend::close);
        connections.clear();
    }
}
