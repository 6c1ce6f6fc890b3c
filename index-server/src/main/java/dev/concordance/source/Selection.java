package dev.concordance.source;

import dev.concordance.manifest.SourceManifest;
import java.util.List;

/**
 * Which paths of a source are asked for. In a glob {@code *} and {@code ?} stay within a folder, {@code **} doesn't,
 * {@code **}{@code /} is also no folder at all, and {@code {a,b}} is either.
 */
public final class Selection {
    private final List<Glob> include;
    private final List<Glob> exclude;

    /** What a declaration chooses. */
    public Selection(SourceManifest source) {
        include = source.include().stream().flatMap(Glob::alternatives).toList();
        exclude = source.exclude().stream().flatMap(Glob::alternatives).toList();
    }

    /** Whether it chooses this path. */
    public boolean takes(String path) {
        return (include.isEmpty() || include.stream().anyMatch(glob -> glob.matches(path)))
                && exclude.stream().noneMatch(glob -> glob.matches(path));
    }
}
