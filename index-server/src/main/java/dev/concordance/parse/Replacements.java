package dev.concordance.parse;

import java.util.List;

/** What stands in place of some parts of a text, and where everything is after that. Counts UTF-16 units. */
public final class Replacements {
    private final List<Replacement> all;
    private final int[] starts;

    /** What stands in place of {@code text[start:end]}, which isn't empty. */
    public record Replacement(int start, int end, String by) {}

    /** @param replacements in the order of the text, without overlaps */
    public Replacements(List<Replacement> replacements) {
        all = List.copyOf(replacements);
        starts = new int[all.size()];
        var shift = 0;
        for (var i = 0; i < starts.length; i++) {
            var one = all.get(i);
            starts[i] = one.start() + shift;
            shift += one.by().length() - (one.end() - one.start());
        }
    }

    /** In the order of the text. */
    public List<Replacement> all() {
        return all;
    }

    /** Whether the text stays as it is. */
    public boolean isEmpty() {
        return all.isEmpty();
    }

    /** The text with the replacements. */
    public String in(String text) {
        var replaced = new StringBuilder(text.length());
        var from = 0;
        for (var one : all) {
            replaced.append(text, from, one.start()).append(one.by());
            from = one.end();
        }
        return replaced.append(text, from, text.length()).toString();
    }

    /** Where a place of the text is after the replacements; one within what is replaced is behind it. */
    int after(int place) {
        var low = 0;
        var high = all.size();
        while (low < high) {
            var middle = (low + high) >>> 1;
            if (all.get(middle).start() < place) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        if (low == 0) {
            return place;
        }
        var last = all.get(low - 1);
        return starts[low - 1] + last.by().length() + Math.max(0, place - last.end());
    }

    /** Where a range of the replaced text was before; a part of a replacement was all that it replaces. */
    Origin.Range before(int from, int to) {
        return new Origin.Range(before(from, false), before(to, true));
    }

    private int before(int place, boolean isEnd) {
        var low = 0;
        var high = starts.length;
        while (low < high) {
            var middle = (low + high) >>> 1;
            if (isEnd ? starts[middle] < place : starts[middle] <= place) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        if (low == 0) {
            return place;
        }
        var last = all.get(low - 1);
        var into = place - starts[low - 1];
        if (into < last.by().length()) {
            return isEnd ? last.end() : last.start();
        }
        return last.end() + into - last.by().length();
    }

    @Override
    public String toString() {
        var places = new StringBuilder();
        all.forEach(
                one -> places.append(one.start()).append('-').append(one.end()).append(' '));
        return places.toString();
    }
}
