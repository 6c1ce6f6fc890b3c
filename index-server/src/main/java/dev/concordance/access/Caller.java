package dev.concordance.access;

import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/**
 * As whom somebody searches.
 *
 * @param principals in order, each once; {@code everyone} is always among them
 */
public record Caller(List<String> principals) {
    /** Somebody of whom nothing is known. */
    public static final Caller ANYONE = new Caller(List.of(Principals.EVERYONE));

    public Caller {
        principals = List.copyOf(principals);
    }

    /** Somebody who has these names; a comma in one separates nothing, so that no name can bring another one along. */
    public static Caller named(Collection<String> names) throws InvalidAccess {
        var all = new TreeSet<>(Principals.of(names));
        all.add(Principals.EVERYONE);
        return new Caller(List.copyOf(all));
    }
}
