package dev.concordance.operator.corpus;

import dev.concordance.manifest.SourceManifest;
import dev.concordance.operator.kube.Reference;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A source, with the objects that its mounts and certificates come from.
 *
 * @param manifest as a run reads it, but for the certificates, which are looked up when the run starts
 * @param secret mounted under {@link #mount()}
 * @param authority the ConfigMap with the certificates to trust
 * @param claim mounted under {@link #mount()}
 */
public record DeclaredSource(
        SourceManifest manifest, Optional<Reference> secret, Optional<Authority> authority, Optional<Reference> claim) {

    /** Where the certificates to trust are. */
    public record Authority(Reference configMap, String key) {}

    /** The name of the mount with what the source needs from outside. */
    public String mount() {
        return switch (manifest.location()) {
            case SourceManifest.Git git -> "git-" + manifest.name();
            case SourceManifest.Volume volume -> volume.mount();
        };
    }

    /** The manifest with the certificates that were looked up. */
    public SourceManifest with(@Nullable String caCertificates) {
        return switch (manifest.location()) {
            case SourceManifest.Volume volume -> manifest;
            case SourceManifest.Git git ->
                new SourceManifest(
                        manifest.name(),
                        new SourceManifest.Git(git.url(), git.ref(), git.credentialsMount(), caCertificates),
                        manifest.include(),
                        manifest.exclude(),
                        manifest.uriTemplate(),
                        manifest.jsonl());
        };
    }

    List<Reference> references() {
        return Stream.of(secret, authority.map(Authority::configMap), claim)
                .flatMap(Optional::stream)
                .toList();
    }
}
