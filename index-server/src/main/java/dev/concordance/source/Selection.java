package dev.concordance.source;

import dev.concordance.manifest.SourceManifest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which paths of a source are asked for. In a glob {@code *} and {@code ?} stay within a folder, {@code **} doesn't,
 * {@code **}{@code /} is also no folder at all, and {@code {a,b}} is either.
 */
public final class Selection {
    private final List<Glob> include;
    private final List<Glob> exclude;
    private final @Nullable String accessFile;

    /** What a declaration chooses. */
    public Selection(SourceManifest source) {
        include = source.include().stream().flatMap(Glob::alternatives).toList();
        exclude = source.exclude().stream().flatMap(Glob::alternatives).toList();
        accessFile = AccessFile.path(source);
    }

    /** Whether a path is that of the file which says who may see the others; it is read whatever is asked for. */
    boolean isAccessFile(String path) {
        return path.equals(accessFile);
    }

    /** Whether it chooses this path. */
    public boolean takes(String path) {
        return isAccessFile(path)
                || (include.isEmpty() || include.stream().anyMatch(glob -> glob.matches(path)))
                        && exclude.stream().noneMatch(glob -> glob.matches(path));
    }
}
