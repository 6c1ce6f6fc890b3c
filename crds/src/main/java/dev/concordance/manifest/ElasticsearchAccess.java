package dev.concordance.manifest;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a worker reaches Elasticsearch.
 *
 * @param urls base URLs of the nodes, http or https
 * @param caCertificates PEM certificates to trust instead of the platform's; null: the platform's
 * @param credentialsMount name of the mount with {@code username} and {@code password}, or {@code apiKey}, as files; null: none
 */
public record ElasticsearchAccess(
        List<String> urls,
        @Nullable String caCertificates,
        @Nullable String credentialsMount) {
    public ElasticsearchAccess {
        urls = List.copyOf(urls);
    }
}
