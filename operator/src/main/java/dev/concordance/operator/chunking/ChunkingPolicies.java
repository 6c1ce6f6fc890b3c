package dev.concordance.operator.chunking;

import dev.concordance.api.v1alpha1.ChunkingPolicy;
import dev.concordance.api.v1alpha1.ChunkingPolicySpec;
import dev.concordance.manifest.Chunking;
import dev.concordance.operator.kube.Defaults;
import dev.concordance.operator.kube.InvalidSpec;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Parses the strategies of ChunkingPolicies. */
final class ChunkingPolicies {
    private static final int MAX_TOKENS = 256;
    private static final int OVERLAP_TOKENS = 32;
    private static final int OVERLAP_SENTENCES = 1;
    private static final String HEADER = "{title} > {headings}";
    private static final String TITLE = "{title}";

    private ChunkingPolicies() {}

    /** What holds where a corpus names no policy. */
    static Chunking builtIn() {
        return new Chunking.ByHeadings(MAX_TOKENS, OVERLAP_TOKENS, HEADER);
    }

    /** The strict form of a policy; throws {@link InvalidSpec}. */
    static Chunking parse(ChunkingPolicy policy) {
        var spec = policy.getSpec();
        var strategies = spec == null
                ? List.<ChunkingPolicySpec.Strategy>of()
                : Stream.<ChunkingPolicySpec.Strategy>of(
                                spec.headings(), spec.sentences(), spec.tokens(), spec.recursive(), spec.whole())
                        .filter(Objects::nonNull)
                        .toList();
        if (strategies.size() != 1) {
            throw new InvalidSpec("spec: set exactly one of headings, sentences, tokens, recursive and whole");
        }
        return checked(strategy(strategies.getFirst()));
    }

    private static Chunking strategy(ChunkingPolicySpec.Strategy declared) {
        return switch (declared) {
            case ChunkingPolicySpec.Headings headings ->
                new Chunking.ByHeadings(
                        Defaults.or(headings.maxTokens(), MAX_TOKENS),
                        Defaults.or(headings.overlapTokens(), OVERLAP_TOKENS),
                        Defaults.or(headings.contextHeader(), HEADER));
            case ChunkingPolicySpec.Sentences sentences ->
                new Chunking.BySentences(
                        Defaults.or(sentences.maxTokens(), MAX_TOKENS),
                        Defaults.or(sentences.overlapSentences(), OVERLAP_SENTENCES),
                        Defaults.or(sentences.contextHeader(), TITLE));
            case ChunkingPolicySpec.Tokens tokens ->
                new Chunking.ByTokens(
                        Defaults.or(tokens.maxTokens(), MAX_TOKENS),
                        Defaults.or(tokens.overlapTokens(), OVERLAP_TOKENS),
                        Defaults.or(tokens.contextHeader(), TITLE));
            case ChunkingPolicySpec.Recursive recursive ->
                new Chunking.Recursive(
                        Defaults.or(recursive.maxTokens(), MAX_TOKENS), Defaults.or(recursive.contextHeader(), TITLE));
            case ChunkingPolicySpec.Whole whole -> new Chunking.Whole(Defaults.or(whole.contextHeader(), TITLE));
        };
    }

    private static Chunking checked(Chunking chunking) {
        var overlap = switch (chunking) {
            case Chunking.ByHeadings headings -> headings.overlapTokens();
            case Chunking.ByTokens tokens -> tokens.overlapTokens();
            case Chunking.BySentences sentences -> 0;
            case Chunking.Recursive recursive -> 0;
            case Chunking.Whole whole -> 0;
        };
        if (overlap >= chunking.maxTokens()) {
            throw new InvalidSpec(
                    "overlapTokens (" + overlap + ") has to be smaller than maxTokens (" + chunking.maxTokens() + ")");
        }
        return chunking;
    }
}
