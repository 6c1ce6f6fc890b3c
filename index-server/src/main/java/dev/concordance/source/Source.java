package dev.concordance.source;

import dev.concordance.spool.Spools;
import java.util.Iterator;

/** A place that documents come from. */
public interface Source extends AutoCloseable {
    /**
     * What it holds now; throws {@link SourceException}, also if it holds nothing at all.
     *
     * @param spools hold the listing, however long it is
     */
    Listing list(Spools spools);

    /** The same for a source that takes long, or asks less where it knows what there was. */
    default Listing list(Spools spools, Before before) {
        return list(spools);
    }

    /** Brings near what the reading of these entries needs; throws {@link SourceException}. */
    void fetch(Iterator<Entry> entries);

    /** What an entry holds that was listed and fetched. */
    Content content(Entry.Stored entry);

    /**
     * Has what a listed document says go, where it is kept for the corpus alone, unless it says something else by now; nothing is done to
     * what others own. Throws {@link SourceException}.
     */
    default void erase(Entry entry) {}

    @Override
    void close();
}
