package dev.concordance.source;

import dev.concordance.manifest.SourceManifest;
import java.nio.file.Path;
import java.util.function.Function;

/** Opens declared sources. */
public final class Sources {
    private Sources() {}

    /**
     * Opens a source; nothing is fetched yet.
     *
     * @param mounts folder of a mount by its name
     * @param workspace a folder for what is fetched
     * @param maxBytes larger documents are listed as unreadable
     */
    public static Source open(SourceManifest source, Function<String, Path> mounts, Path workspace, long maxBytes) {
        return switch (source.location()) {
            case SourceManifest.Git git -> {
                var credentials = git.credentialsMount() == null ? null : mounts.apply(git.credentialsMount());
                yield new GitSource(source, git, credentials, workspace.resolve("git-" + source.name()), maxBytes);
            }
            case SourceManifest.Volume volume ->
                new VolumeSource(source, volume, mounts.apply(volume.mount()), maxBytes);
        };
    }
}
