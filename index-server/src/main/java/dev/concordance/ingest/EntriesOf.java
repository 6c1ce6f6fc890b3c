package dev.concordance.ingest;

import dev.concordance.source.Entry;
import dev.concordance.spool.Cursor;
import java.util.Iterator;
import java.util.function.Predicate;

/** The entries of one source among all work, which is in the order of sources, but for those that nobody may read. */
record EntriesOf(String source, Cursor<Work> work, Predicate<Work> covered) implements Iterator<Entry> {
    @Override
    public boolean hasNext() {
        for (var next = work.peek(); next != null; next = work.peek()) {
            if (next.source().equals(source) && !covered.test(next)) {
                return true;
            }
            work.next();
        }
        return false;
    }

    @Override
    public Entry next() {
        return work.next().entry();
    }
}
