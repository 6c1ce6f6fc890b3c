package dev.concordance.source;

import java.util.Collection;

/** A place that documents come from. */
public interface Source extends AutoCloseable {
    /** What it holds now; throws {@link SourceException}, also if it holds nothing at all. */
    Listing list();

    /** Brings near what the reading of these entries needs; throws {@link SourceException}. */
    void fetch(Collection<Entry> entries);

    @Override
    void close();
}
