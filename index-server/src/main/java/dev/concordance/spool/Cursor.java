package dev.concordance.spool;

import java.util.Iterator;
import java.util.NoSuchElementException;
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
