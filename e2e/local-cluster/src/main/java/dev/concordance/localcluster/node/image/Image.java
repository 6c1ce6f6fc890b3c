package dev.concordance.localcluster.node.image;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What an image runs, and where it lies.
 *
 * @param digest of its manifest, {@code sha256:…}
 * @param root its file system, unpacked
 */
public record Image(
        String digest, Path root, List<String> entrypoint, List<String> arguments, Map<String, String> environment) {
    public Image {
        entrypoint = List.copyOf(entrypoint);
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
    }
}
