package dev.concordance.evaluation.measure;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * How something is measured: {@code ndcg@10}, {@code map}, {@code chunk-iou@5}.
 *
 * @param depth so many of the first results count; 0: all that were asked for
 */
public record Measure(Kind kind, int depth) {
    /** More can't be asked for. */
    public static final int DEEPEST = 1000;

    /** What is measured. */
    public enum Kind {
        /** Normalised discounted cumulative gain; gains as they were judged, discounted by log2(rank + 1). */
        NDCG("ndcg", Cut.POSSIBLE),
        /** 1 / rank of the first relevant document. */
        MRR("mrr", Cut.POSSIBLE),
        /** Average precision. */
        MAP("map", Cut.POSSIBLE),
        /** Share of the first k that is relevant; of k, however few there are. */
        PRECISION("p", Cut.NEEDED),
        /** Share of the relevant documents that is among the first k. */
        RECALL("recall", Cut.NEEDED),
        /** 1 if a relevant document is among the first k. */
        HIT("hit", Cut.NEEDED),
        /** How few of the documents that are judged not relevant stand above the relevant ones (Buckley and Voorhees, 2004). */
        BPREF("bpref", Cut.IMPOSSIBLE),
        /** Share of the excerpts' characters that the first k passages show. */
        CHUNK_RECALL("chunk-recall", Cut.NEEDED),
        /** Share of the characters shown that the excerpts hold. */
        CHUNK_PRECISION("chunk-precision", Cut.NEEDED),
        /** Characters that are both, of those that are either. */
        CHUNK_IOU("chunk-iou", Cut.NEEDED);

        private final String text;
        private final Cut cut;

        Kind(String text, Cut cut) {
            this.text = text;
            this.cut = cut;
        }

        /** Whether it is of passages and excerpts rather than of documents. */
        public boolean ofSpans() {
            return compareTo(CHUNK_RECALL) >= 0;
        }
    }

    private enum Cut {
        IMPOSSIBLE,
        POSSIBLE,
        NEEDED
    }

    /** Throws IllegalArgumentException that says which names there are. */
    public static Measure parse(String name) {
        var parts = name.strip().toLowerCase(Locale.ROOT).split("@", 2);
        var kind = Arrays.stream(Kind.values())
                .filter(one -> one.text.equals(parts[0]))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("there is no measure " + name + ": there are " + names()));
        if (parts.length == 1) {
            if (kind.cut == Cut.NEEDED) {
                throw new IllegalArgumentException(
                        "the measure %s needs a depth, such as %s@10".formatted(kind.text, kind.text));
            }
            return new Measure(kind, 0);
        }
        if (kind.cut == Cut.IMPOSSIBLE) {
            throw new IllegalArgumentException("the measure " + kind.text + " takes no depth");
        }
        return new Measure(kind, depth(name, parts[1]));
    }

    /** Parses names between which are commas. */
    public static List<Measure> parseAll(String names) {
        return Arrays.stream(names.split(",", -1))
                .map(Measure::parse)
                .distinct()
                .toList();
    }

    /**
     * Measures documents; not for {@link Kind#ofSpans}.
     *
     * @param ranking ids of documents, the best first, each once. The order is taken as it is: where trec_eval orders by score and
     *     equal scores by id, the last first, the query server has already decided which comes first.
     */
    public double of(List<String> ranking, Judgments judgments) {
        var seen = depth == 0 || depth >= ranking.size() ? ranking : ranking.subList(0, depth);
        return switch (kind) {
            case NDCG -> judgments.ndcg(seen, depth == 0 ? Integer.MAX_VALUE : depth);
            case MRR -> judgments.reciprocalRank(seen);
            case MAP -> judgments.averagePrecision(seen);
            case PRECISION -> (double) judgments.relevantOf(seen) / depth;
            case RECALL -> (double) judgments.relevantOf(seen) / judgments.relevant();
            case HIT -> judgments.relevantOf(seen) > 0 ? 1 : 0;
            case BPREF -> judgments.bpref(seen);
            case CHUNK_RECALL, CHUNK_PRECISION, CHUNK_IOU ->
                throw new IllegalArgumentException(this + " is of passages");
        };
    }

    /**
     * Measures passages; for {@link Kind#ofSpans} only.
     *
     * @param passages the best first
     */
    public double of(List<Excerpt> passages, List<Excerpt> excerpts) {
        var overlap = Overlap.of(passages.subList(0, Math.min(depth, passages.size())), excerpts);
        return switch (kind) {
            case CHUNK_RECALL -> overlap.recall();
            case CHUNK_PRECISION -> overlap.precision();
            case CHUNK_IOU -> overlap.overUnion();
            default -> throw new IllegalArgumentException(this + " is of documents");
        };
    }

    @Override
    public String toString() {
        return depth == 0 ? kind.text : kind.text + "@" + depth;
    }

    private static int depth(String name, String text) {
        try {
            var depth = Integer.parseInt(text);
            if (depth >= 1 && depth <= DEEPEST) {
                return depth;
            }
        } catch (NumberFormatException e) {
            // Said below, as for a number out of bounds.
        }
        throw new IllegalArgumentException("the depth of the measure %s is not from 1 to %d".formatted(name, DEEPEST));
    }

    private static String names() {
        return Arrays.stream(Kind.values())
                .map(kind -> kind.cut == Cut.NEEDED ? kind.text + "@k" : kind.text)
                .collect(Collectors.joining(", "));
    }
}
