package dev.concordance.source;

/** A place that documents come from. */
public interface Source extends AutoCloseable {
    /** What it holds now; throws {@link SourceException}, also if it holds nothing at all. */
    Listing list();

    @Override
    void close();
}
