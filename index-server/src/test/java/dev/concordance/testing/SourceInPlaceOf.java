package dev.concordance.testing;

import dev.concordance.source.Before;
import dev.concordance.source.Content;
import dev.concordance.source.Entry;
import dev.concordance.source.Listing;
import dev.concordance.source.Source;
import dev.concordance.spool.Spools;
import java.util.Iterator;

/** Is another source but for what it changes. */
public interface SourceInPlaceOf extends Source {
    Source source();

    @Override
    default Listing list(Spools spools) {
        return list(spools, Before.nothing(spools));
    }

    @Override
    default Listing list(Spools spools, Before before) {
        return source().list(spools, before);
    }

    @Override
    default void fetch(Iterator<Entry> entries) {
        source().fetch(entries);
    }

    @Override
    default Content content(Entry.Stored entry) {
        return source().content(entry);
    }

    @Override
    default void erase(Entry entry) {
        source().erase(entry);
    }

    @Override
    default void close() {
        source().close();
    }
}
