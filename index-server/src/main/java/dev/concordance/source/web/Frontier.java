package dev.concordance.source.web;

import dev.concordance.source.http.WebAddress;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The addresses that are still to be asked, by how many links lead to them, each once, and in the order of document ids. */
final class Frontier {
    private static final int MOST_HOPS = 10;

    private final int most;
    private final Set<String> seen = new HashSet<>();
    private final Map<String, String> redirects = new HashMap<>();
    private NavigableMap<String, Target> now = new TreeMap<>();
    private NavigableMap<String, Target> next = new TreeMap<>();

    /**
     * An address to ask.
     *
     * @param isDeclared whether the source names it, or it stands for one that it names
     * @param listed when it was modified according to a sitemap; null: none says
     * @param hops redirects that led to it
     */
    record Target(
            WebAddress address,
            boolean isDeclared,
            @Nullable Instant listed,
            int hops) {
        static Target linked(WebAddress address) {
            return new Target(address, false, null, 0);
        }
    }

    /** @param most addresses that are taken */
    Frontier(int most) {
        this.most = most;
    }

    /** Takes an address that is asked as far from the beginning as those that are asked now; false: there are too many. */
    boolean addBeside(Target target) {
        return add(target, now);
    }

    /** Takes an address that is one link further; false: there are too many. */
    boolean addBehind(Target target) {
        return add(target, next);
    }

    private boolean add(Target target, Map<String, Target> into) {
        var id = target.address().toString();
        if (seen.contains(id)) {
            return true;
        }
        if (seen.size() == most) {
            return false;
        }
        seen.add(id);
        into.put(id, target);
        return true;
    }

    /** Counts an address that can't be asked; false: it was seen before, or there are too many. */
    boolean passBy(String place) {
        return seen.size() < most && seen.add(place);
    }

    /** Whether an address was come across. */
    boolean hasSeen(String id) {
        return seen.contains(id);
    }

    /** Those to be asked now, which are no longer in it. */
    NavigableMap<String, Target> take() {
        var taken = now;
        now = new TreeMap<>();
        return taken;
    }

    /** Goes one link further. */
    void advance() {
        now = next;
        next = new TreeMap<>();
    }

    /** Whether nothing is left. */
    boolean isEmpty() {
        return now.isEmpty() && next.isEmpty();
    }

    /** Notes a redirect; false: it leads back to where it came from, or on and on. */
    boolean follow(Target from, WebAddress to) {
        var start = from.address().toString();
        redirects.put(start, to.toString());
        var at = to.toString();
        for (var hop = from.hops(); at != null && hop <= MOST_HOPS; hop++) {
            if (at.equals(start)) {
                return false;
            }
            at = redirects.get(at);
        }
        return at == null && from.hops() < MOST_HOPS;
    }
}
