package dev.concordance.ingest;

import dev.concordance.manifest.SourceManifest;
import dev.concordance.source.Listing;
import dev.concordance.source.Source;
import dev.concordance.source.SourceException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A source of a run, as far as it is known. For one thread, until it has been listed and fetched. */
final class Surveyed {
    final SourceManifest declared;

    @Nullable
    Source source;

    @Nullable
    Listing listing;

    @Nullable
    SourceException failure;

    Duration took = Duration.ZERO;

    Surveyed(SourceManifest declared) {
        this.declared = declared;
    }

    Source source() {
        return Objects.requireNonNull(source, "the source has been listed");
    }

    /** Whether all that it holds, or all that has changed, was listed. */
    boolean isWhole() {
        return listing != null && listing.incomplete() == null;
    }
}
