package dev.concordance.operator.corpus;

import dev.concordance.manifest.SourceManifest;
import dev.concordance.operator.kube.Authority;
import dev.concordance.operator.kube.Reference;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A source, with the objects that its mount and certificates come from.
 *
 * @param manifest as a run reads it, but for what {@link #with} adds
 * @param mount the name of the mount with what the source needs from outside
 * @param mounted the Secret, ConfigMap or claim that is mounted under this name
 * @param authority the ConfigMap with the certificates to trust
 */
public record DeclaredSource(
        SourceManifest manifest, String mount, Optional<Reference> mounted, Optional<Authority> authority) {

    /**
     * The manifest with what was looked up.
     *
     * @param version of what is mounted
     * @param privateNetworks whether the namespace may read websites in private networks
     */
    SourceManifest with(String version, @Nullable String caCertificates, boolean privateNetworks) {
        return switch (manifest.location()) {
            case SourceManifest.Volume volume -> manifest;
            case SourceManifest.Push push -> manifest;
            case SourceManifest.Git git ->
                manifest.at(new SourceManifest.Git(git.url(), git.ref(), git.credentialsMount(), caCertificates));
            case SourceManifest.S3 s3 -> manifest.at(s3.with(caCertificates, s3.rateLimit()));
            case SourceManifest.Web web -> manifest.at(web.with(caCertificates, privateNetworks));
            case SourceManifest.Jdbc jdbc ->
                manifest.at(new SourceManifest.Jdbc(
                        jdbc.engine(),
                        jdbc.host(),
                        jdbc.port(),
                        jdbc.database(),
                        jdbc.query(),
                        jdbc.columns(),
                        jdbc.format(),
                        jdbc.tls(),
                        jdbc.credentialsMount(),
                        caCertificates,
                        jdbc.rateLimit()));
            case SourceManifest.Kafka kafka ->
                manifest.at(new SourceManifest.Kafka(
                        kafka.bootstrapServers(),
                        kafka.topic(),
                        kafka.sasl(),
                        kafka.json(),
                        kafka.format(),
                        kafka.tls(),
                        caCertificates));
            case SourceManifest.ConfigMap map -> manifest.at(new SourceManifest.ConfigMap(map.mount(), version));
        };
    }

    /** The source with where it says who may see its documents; only files have paths, which rules could be about. */
    DeclaredSource with(SourceManifest.Access access) {
        var places = hasPaths() ? access : new SourceManifest.Access(access.field(), null);
        return new DeclaredSource(manifest.with(places), mount, mounted, authority);
    }

    /** Whether its documents are files. */
    boolean hasPaths() {
        return switch (manifest.location()) {
            case SourceManifest.Git git -> true;
            case SourceManifest.S3 s3 -> true;
            case SourceManifest.Volume volume -> true;
            case SourceManifest.ConfigMap map -> true;
            case SourceManifest.Jdbc jdbc -> false;
            case SourceManifest.Kafka kafka -> false;
            case SourceManifest.Web web -> false;
            case SourceManifest.Push push -> false;
        };
    }

    List<Reference> references() {
        return Stream.of(mounted, authority.map(Authority::configMap))
                .flatMap(Optional::stream)
                .toList();
    }
}
