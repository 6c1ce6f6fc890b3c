package dev.concordance.operator.plan;

import dev.concordance.manifest.Chunking;
import dev.concordance.manifest.GenerationManifest;

/**
 * Foresees how many chunks documents give by another policy, from how many they give now. Lengths of documents are taken to be
 * distributed exponentially: one that gives {@code c} chunks of room {@code m} on the average, {@code c = 1/(1 - exp(-m/mean))}, gives
 * {@code 1/(1 - (1 - 1/c)^(n/m))} of room {@code n}. What it is off by on real corpora stands in docs/generations.md.
 *
 * @param chunks how many there are going to be
 * @param tokens of their texts
 */
record ChunkEstimate(long chunks, long tokens) {
    /** A sentence of prose. */
    private static final int SENTENCE = 25;
    /** A title and its headings. */
    private static final int HEADER = 16;
    /** Of the pairs of sentences by which the meaning is told apart, beside the chunks. */
    private static final int PAIRS = 2;

    /** The chunks of so many documents, which give so many of so many tokens now. */
    static ChunkEstimate of(long documents, long chunks, long tokens, GenerationManifest now, GenerationManifest then) {
        if (documents == 0 || chunks == 0 || tokens == 0) {
            return new ChunkEstimate(chunks, tokens);
        }
        var content = tokens - repeated(documents, chunks, now);
        var cut = Math.round(documents * perDocument(documents, Math.max(chunks, documents), content, now, then));
        return new ChunkEstimate(cut, Math.max(0, content) + repeated(documents, cut, then));
    }

    /** How many times a token goes through the model. */
    static int passes(Chunking chunking) {
        return chunking instanceof Chunking.Semantic ? 1 + PAIRS : 1;
    }

    private static double perDocument(
            long documents, long chunks, long content, GenerationManifest now, GenerationManifest then) {
        var more = 1 - (double) documents / chunks;
        var next = more > 0
                ? Math.pow(more, (double) room(then) / room(now))
                : Math.exp(-room(then) / Math.max(1.0, (double) content / documents));
        return 1 / (1 - next);
    }

    /** Tokens that stand in a chunk and elsewhere too. */
    private static long repeated(long documents, long chunks, GenerationManifest manifest) {
        return Math.max(0, chunks - documents) * overlap(manifest.chunking()) + chunks * header(manifest.chunking());
    }

    /** Tokens of a document by which a full chunk goes on from the one before. */
    private static int room(GenerationManifest manifest) {
        var chunking = manifest.chunking();
        var most = Math.min(chunking.maxTokens(), manifest.model().maxTokens());
        return Math.max(1, most - overlap(chunking) - header(chunking));
    }

    private static int header(Chunking chunking) {
        return chunking.contextHeader().isEmpty() ? 0 : HEADER;
    }

    private static int overlap(Chunking chunking) {
        return switch (chunking) {
            case Chunking.ByHeadings headings -> headings.overlapTokens();
            case Chunking.ByTokens windows -> windows.overlapTokens();
            case Chunking.BySentences sentences -> sentences.overlapSentences() * SENTENCE;
            case Chunking.Recursive recursive -> 0;
            case Chunking.ByCode code -> 0;
            case Chunking.Hierarchical hierarchical -> 0;
            case Chunking.Semantic semantic -> 0;
            case Chunking.Whole whole -> 0;
        };
    }
}
