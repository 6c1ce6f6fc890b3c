package dev.concordance.parse;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The headings that hold at a place of a document, while it is walked through in order. */
final class HeadingPath {
    private static final int DEEPEST = 20;

    private record Heading(int level, String text) {}

    private final Deque<Heading> open = new ArrayDeque<>();
    private int section;

    /** A heading begins a section below the nearest heading of a lower level; beyond 20 all levels are equal. */
    void enter(int any, String text) {
        var level = Math.min(any, DEEPEST);
        while (!open.isEmpty() && open.getLast().level() >= level) {
            open.removeLast();
        }
        open.addLast(new Heading(level, Words.shortened(text)));
        section++;
    }

    /** A section below no heading begins. */
    void leave() {
        open.clear();
        section++;
    }

    int section() {
        return section;
    }

    List<String> path() {
        var texts = new ArrayList<String>();
        open.forEach(heading -> texts.add(heading.text()));
        return texts;
    }
}
