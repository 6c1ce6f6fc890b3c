package dev.concordance.evaluation.measure;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How passages cover excerpts, in code points: the evaluation of chunking of Smith and Troynikov (Chroma, 2024). What passages
 * show twice counts twice as shown, and once as covered.
 *
 * @param covered of the excerpts
 */
record Overlap(long wanted, long shown, long covered) {
    static Overlap of(List<Excerpt> passages, List<Excerpt> excerpts) {
        var covering = united(passages);
        var wanted = united(excerpts);
        var covered = 0L;
        for (var excerpt : wanted) {
            for (var passage : covering) {
                if (passage.documentId().equals(excerpt.documentId())) {
                    covered += Math.max(
                            0, Math.min(passage.end(), excerpt.end()) - Math.max(passage.start(), excerpt.start()));
                }
            }
        }
        return new Overlap(length(wanted), length(passages), covered);
    }

    double recall() {
        return (double) covered / wanted;
    }

    double precision() {
        return shown == 0 ? 0 : (double) covered / shown;
    }

    double overUnion() {
        return (double) covered / (shown + wanted - covered);
    }

    private static long length(List<Excerpt> excerpts) {
        return excerpts.stream()
                .mapToLong(excerpt -> excerpt.end() - excerpt.start())
                .sum();
    }

    private static List<Excerpt> united(List<Excerpt> excerpts) {
        var united = new ArrayList<Excerpt>();
        for (var next : excerpts.stream()
                .sorted(Comparator.comparing(Excerpt::documentId).thenComparing(Excerpt::start))
                .toList()) {
            var last = united.isEmpty() ? null : united.getLast();
            if (last != null && last.documentId().equals(next.documentId()) && next.start() <= last.end()) {
                united.set(
                        united.size() - 1,
                        new Excerpt(last.documentId(), last.start(), Math.max(last.end(), next.end())));
            } else {
                united.add(next);
            }
        }
        return united;
    }
}
