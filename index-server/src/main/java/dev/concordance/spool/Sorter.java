package dev.concordance.spool;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Puts elements in order, of which there may be more than memory holds: sorted runs in files, merged (Knuth, The Art of
 * Computer Programming, volume 3, 5.4.1). Elements that compare as equal stay in the order in which they came. For one thread.
 */
public final class Sorter<T> {
    private final Spools spools;
    private final Codec<T> codec;
    private final Comparator<? super T> order;
    private final List<Sequence<T>> runs = new ArrayList<>();
    private final List<T> run = new ArrayList<>();

    Sorter(Spools spools, Codec<T> codec, Comparator<? super T> order) {
        this.spools = spools;
        this.codec = codec;
        this.order = order;
    }

    /** Takes an element. */
    public void add(T element) {
        if (run.size() == spools.inMemory()) {
            endRun();
        }
        run.add(element);
    }

    /** All elements in order; nothing can be added any more. */
    public Cursor<T> sorted() {
        if (runs.isEmpty()) {
            run.sort(order);
            return new Sequence<>(run.size(), run, null, codec).open();
        }
        endRun();
        return new Merge<>(runs, order);
    }

    /** All elements in order, kept; nothing can be added any more. */
    public Sequence<T> end() {
        try (var sorted = sorted();
                var kept = spools.spool(codec)) {
            sorted.forEachRemaining(kept::add);
            return kept.end();
        }
    }

    private void endRun() {
        run.sort(order);
        runs.add(spools.write(run, codec));
        run.clear();
    }

    private static final class Merge<T> extends Cursor<T> {
        private final List<Source<T>> all;
        private final PriorityQueue<Source<T>> next;

        private record Source<T>(int number, Cursor<T> cursor, Comparator<? super T> order)
                implements Comparable<Source<T>> {
            @Override
            public int compareTo(Source<T> other) {
                var mine = cursor.peek();
                var theirs = other.cursor.peek();
                if (mine == null || theirs == null) {
                    throw new IllegalStateException("an exhausted run takes part in the merge");
                }
                var compared = order.compare(mine, theirs);
                return compared != 0 ? compared : Integer.compare(number, other.number);
            }
        }

        Merge(List<Sequence<T>> runs, Comparator<? super T> order) {
            all = new ArrayList<>();
            for (var run : runs) {
                all.add(new Source<>(all.size(), run.open(), order));
            }
            next = new PriorityQueue<>(all);
        }

        @Override
        @Nullable
        T advance() {
            var first = next.poll();
            if (first == null) {
                return null;
            }
            var element = first.cursor().next();
            if (first.cursor().hasNext()) {
                next.add(first);
            }
            return element;
        }

        @Override
        public void close() {
            all.forEach(source -> source.cursor().close());
        }
    }
}
