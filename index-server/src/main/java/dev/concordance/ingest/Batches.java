package dev.concordance.ingest;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.ToLongFunction;

/** Divides work so that what is in memory at the same time stays small. */
final class Batches<T> implements Iterator<List<T>> {
    private static final int MOST_DOCUMENTS = 32;
    private static final long MOST_BYTES = 1 << 20;

    private final Iterator<T> work;
    private final ToLongFunction<T> bytes;

    Batches(Iterator<T> work, ToLongFunction<T> bytes) {
        this.work = work;
        this.bytes = bytes;
    }

    @Override
    public boolean hasNext() {
        return work.hasNext();
    }

    @Override
    public List<T> next() {
        var batch = new ArrayList<T>();
        var size = 0L;
        do {
            var one = work.next();
            batch.add(one);
            size += bytes.applyAsLong(one);
        } while (work.hasNext() && batch.size() < MOST_DOCUMENTS && size < MOST_BYTES);
        return List.copyOf(batch);
    }
}
