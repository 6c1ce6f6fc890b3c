package dev.concordance.localcluster.node.pod;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Puts the host's folders in the place of a container's paths, since its processes see the host's file system.
 *
 * @param mounts host folder by mount path
 * @param image the image's unpacked file system
 */
record HostPaths(Map<String, Path> mounts, Path image) {
    /** An absolute path at the start of a text or of one of its words; {@code https://host/path} has none. */
    private static final Pattern PATH = Pattern.compile("(?<=^|[=:,;@\"'\\s]|file://)/(?!/)[^=:,;\"'\\s]+");

    HostPaths {
        mounts = Map.copyOf(mounts);
    }

    String rewrite(String text) {
        return PATH.matcher(text)
                .replaceAll(match -> java.util.regex.Matcher.quoteReplacement(
                        host(match.group()).orElse(match.group())));
    }

    private Optional<String> host(String path) {
        return mounts.entrySet().stream()
                .filter(mount -> isBelow(mount.getKey(), path))
                .max(Comparator.comparingInt(mount -> mount.getKey().length()))
                .map(mount -> mount.getValue() + path.substring(mount.getKey().length()))
                .or(() -> inImage(path));
    }

    private static boolean isBelow(String mount, String path) {
        return path.startsWith(mount) && (path.length() == mount.length() || path.charAt(mount.length()) == '/');
    }

    /** A class path may end with {@code /*}. */
    private Optional<String> inImage(String path) {
        var plain = path.endsWith("/*") ? path.substring(0, path.length() - 2) : path;
        var host = image.resolve(plain.substring(1)).normalize();
        return host.startsWith(image) && !host.equals(image) && Files.exists(host)
                ? Optional.of(image + path)
                : Optional.empty();
    }
}
