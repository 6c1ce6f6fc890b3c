package dev.concordance.source;

import dev.concordance.manifest.SourceManifest;

/** Opens declared sources. */
public final class Sources {
    private Sources() {}

    /** Opens a source; nothing is fetched yet. */
    public static Source open(SourceManifest source, Reading reading) {
        return switch (source.location()) {
            case SourceManifest.Git git -> {
                var mount = git.credentialsMount();
                var folder = reading.workspace().resolve("git-" + source.name());
                var remote = new GitRemote(
                        git, mount == null ? null : reading.mounts().apply(mount), folder);
                yield new GitSource(source, git, remote, folder, reading);
            }
            case SourceManifest.Volume volume ->
                new VolumeSource(source, volume, reading.mounts().apply(volume.mount()), reading);
        };
    }
}
