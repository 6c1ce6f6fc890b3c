package dev.concordance.source;

import dev.concordance.access.AccessRules;
import dev.concordance.access.InvalidAccess;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.SourceManifest;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The file of a source that says who may see the others, found while they are listed. Without it, or if it can't be
 * understood, the listing fails: then everything stays as it was, and nobody sees more than before.
 */
final class AccessFile {
    private final SourceManifest source;
    private final @Nullable String path;
    private @Nullable AccessRules rules;

    AccessFile(SourceManifest source) {
        this.source = source;
        this.path = path(source);
    }

    /** Where it is; null: there is none. */
    static @Nullable String path(SourceManifest source) {
        var access = source.access();
        return access == null ? null : access.file();
    }

    /** Reads the file if it is the one; else gives false. */
    boolean takes(FoundFile file) throws IOException {
        if (!file.name().equals(path)) {
            return false;
        }
        try {
            if (file.size().orElse(0) > AccessRules.LARGEST) {
                throw failed(
                        "has more than %d bytes: name groups, and folders by **".formatted(AccessRules.LARGEST), null);
            }
            try (var in = file.open(file.local())) {
                rules = AccessRules.parse(in.readNBytes(AccessRules.LARGEST + 1), Glob::any);
            }
        } catch (InvalidAccess e) {
            throw failed("can't be used: " + e.explanation(), e);
        }
        return true;
    }

    /** What it says; null: there is no such file. */
    @Nullable
    AccessRules rules() {
        if (path != null && rules == null) {
            throw failed("is missing: add it, or take access.file out of the Corpus", null);
        }
        return rules;
    }

    private SourceException failed(String what, @Nullable Throwable cause) {
        return SourceException.of(
                source.name(), FailureReason.SourceAccessInvalid, "the access file %s %s".formatted(path, what), cause);
    }
}
