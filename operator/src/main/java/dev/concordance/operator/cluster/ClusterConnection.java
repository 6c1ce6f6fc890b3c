package dev.concordance.operator.cluster;

import dev.concordance.manifest.ElasticsearchAccess;
import dev.concordance.operator.elastic.BackendException;
import dev.concordance.operator.elastic.SearchBackend;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a SearchCluster's Elasticsearch since its last check.
 *
 * @param declaration what the connection was opened for
 * @param caCertificates PEM certificates that workers have to trust; null: the platform's
 * @param settings changes with everything that the connection was opened with, credentials included
 * @param trouble what the last check found in the way; empty: all is well
 */
public record ClusterConnection(
        ClusterDeclaration declaration,
        @Nullable String caCertificates,
        String settings,
        SearchBackend backend,
        Optional<Trouble> trouble) {

    /** What stands in the way of using the cluster, with its sentence. */
    public record Trouble(ClusterReason reason, String message) {
        /** Whether reading still works. */
        public boolean readable() {
            return reason == ClusterReason.DiskWatermark;
        }
    }

    /** Whether it makes sense to ask the cluster something. */
    public boolean readable() {
        return trouble.map(Trouble::readable).orElse(true);
    }

    /** How workers reach the cluster, with the mount that has their credentials. */
    public ElasticsearchAccess access(@Nullable String credentialsMount) {
        return new ElasticsearchAccess(declaration.urls(), caCertificates, credentialsMount);
    }

    /** What a failed request over this connection means. */
    public Trouble explain(BackendException failed) {
        return ClusterObserver.trouble(declaration, failed);
    }

    /** The same connection after another check. */
    ClusterConnection with(Optional<Trouble> found) {
        return new ClusterConnection(declaration, caCertificates, settings, backend, found);
    }
}
