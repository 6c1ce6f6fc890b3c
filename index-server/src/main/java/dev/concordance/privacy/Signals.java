package dev.concordance.privacy;

import dev.concordance.manifest.Privacy.Kind;
import dev.concordance.parse.Origin.Range;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * Where a document is marked.
 *
 * @param places of each kind the ends of ranges of code points of the decoded source, by their beginnings, without overlaps
 * @param headings marks of headings by their text
 * @param everywhere marks of what stands beside each passage, such as the title
 */
record Signals(
        Map<Kind, NavigableMap<Integer, Integer>> places,
        NavigableMap<String, Set<Kind>> headings,
        Set<Kind> everywhere) {
    static final Signals NONE = new Signals(Map.of(), Collections.emptyNavigableMap(), Set.of());

    /** @param ranges of each kind, in UTF-16 units of the source */
    static Signals of(
            String source,
            Map<Kind, List<Range>> ranges,
            NavigableMap<String, Set<Kind>> headings,
            Set<Kind> everywhere) {
        var places = new EnumMap<Kind, NavigableMap<Integer, Integer>>(Kind.class);
        ranges.forEach((kind, some) -> places.put(kind, inCodePoints(source, joined(some))));
        return new Signals(places, headings, everywhere);
    }

    /** The marks of a passage with the given headings above it. */
    List<String> of(int start, int end, List<String> headingsAbove) {
        var kinds = EnumSet.noneOf(Kind.class);
        kinds.addAll(everywhere);
        headingsAbove.forEach(heading -> kinds.addAll(headings.getOrDefault(heading, Set.of())));
        places.forEach((kind, ends) -> {
            var last = ends.lowerEntry(end);
            if (last != null && last.getValue() > start) {
                kinds.add(kind);
            }
        });
        return kinds.stream().map(Kind::name).toList();
    }

    private static List<Range> joined(List<Range> ranges) {
        var joined = new ArrayList<Range>();
        for (var range :
                ranges.stream().sorted(Comparator.comparingInt(Range::start)).toList()) {
            var last = joined.isEmpty() ? null : joined.getLast();
            if (last != null && range.start() <= last.end()) {
                joined.set(joined.size() - 1, new Range(last.start(), Math.max(last.end(), range.end())));
            } else {
                joined.add(range);
            }
        }
        return joined;
    }

    private static NavigableMap<Integer, Integer> inCodePoints(String source, List<Range> ranges) {
        var ends = new TreeMap<Integer, Integer>();
        var unit = 0;
        var codePoint = 0;
        for (var range : ranges) {
            var start = codePoint + source.codePointCount(unit, range.start());
            var end = start + source.codePointCount(range.start(), range.end());
            ends.put(start, end);
            unit = range.end();
            codePoint = end;
        }
        return ends;
    }
}
