package dev.concordance.source;

import dev.concordance.spool.Spools;
import org.jspecify.annotations.Nullable;

/** A source that can tell what has changed since it was listed. */
public interface ChangeFeed extends Source {
    /**
     * What has changed since a listing, or, if that can't be told for sure, all that it holds now; throws
     * {@link SourceException}.
     *
     * @param position of that listing; null: there is none, and all is listed
     * @param pause asked again and again while it works, and throws if it shall end
     */
    Listing list(Spools spools, @Nullable String position, Runnable pause);

    @Override
    default Listing list(Spools spools) {
        return list(spools, null, () -> {});
    }
}
