package dev.concordance.spool;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** A way through a sequence that sees one element ahead. */
public abstract class Cursor<T> implements Iterator<T>, AutoCloseable {
    private @Nullable T ahead;

    /** The next element; null: there is none. */
    abstract @Nullable T advance();

    /** The next element, which stays the next; null: there is none. */
    public @Nullable T peek() {
        if (ahead == null) {
            ahead = advance();
        }
        return ahead;
    }

    /**
     * Moves past the elements that come before a place in their order.
     *
     * @param side negative for an element before the place, 0 for one that is there
     * @return the element that is there, which stays the next; null: there is none
     */
    public @Nullable T seek(ToIntFunction<? super T> side) {
        for (var element = peek(); element != null; element = peek()) {
            var compared = side.applyAsInt(element);
            if (compared >= 0) {
                return compared == 0 ? element : null;
            }
            next();
        }
        return null;
    }

    @Override
    public boolean hasNext() {
        return peek() != null;
    }

    @Override
    public T next() {
        var element = peek();
        if (element == null) {
            throw new NoSuchElementException();
        }
        ahead = null;
        return element;
    }

    @Override
    public void close() {}
}
