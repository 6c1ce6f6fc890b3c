package dev.concordance.source;

import dev.concordance.spool.Spools;

/** A source that can tell what has changed since it was listed. */
public interface ChangeFeed extends Source {
    /**
     * What has changed since the listing whose position is given, or, if there is none or that can't be told for sure, all that
     * it holds now; throws {@link SourceException}.
     */
    @Override
    Listing list(Spools spools, Before before);

    @Override
    default Listing list(Spools spools) {
        return list(spools, Before.nothing(spools));
    }
}
