package dev.concordance.parse;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Collectors;

/** The headings that hold at a place of a document, while it is walked through in order. */
final class HeadingPath {
    private static final int DEEPEST = 20;

    private record Heading(int level, String text) {}

    private final Deque<Heading> open = new ArrayDeque<>();
    /** One list for all blocks of a section; that of Stream.toList() is copied by each of them. */
    private List<String> path = List.of();

    private int section;

    /** A heading begins a section below the nearest heading of a lower level; beyond 20 all levels are equal. */
    void enter(int any, String text) {
        var level = Math.min(any, DEEPEST);
        while (!open.isEmpty() && open.getLast().level() >= level) {
            open.removeLast();
        }
        open.addLast(new Heading(level, Words.line(text)));
        path = open.stream().map(Heading::text).collect(Collectors.toUnmodifiableList());
        section++;
    }

    /** A section below no heading begins. */
    void leave() {
        open.clear();
        path = List.of();
        section++;
    }

    int section() {
        return section;
    }

    List<String> path() {
        return path;
    }
}
