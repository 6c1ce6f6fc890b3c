package dev.concordance.operator.chunking;

import dev.concordance.api.v1alpha1.ChunkingPolicy;
import dev.concordance.api.v1alpha1.ChunkingPolicySpec;
import dev.concordance.manifest.Chunking;
import dev.concordance.operator.kube.Defaults;
import dev.concordance.operator.kube.InvalidSpec;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Parses the strategies of ChunkingPolicies. */
final class ChunkingPolicies {
    private static final int MAX_TOKENS = 256;
    private static final int TOKENS_PER_OVERLAP = 8;
    private static final int PARENT_TOKENS = 512;
    private static final int CHILD_TOKENS = 128;
    private static final int TOKENS_PER_MINIMUM = 4;
    private static final int BREAKPOINT_PERCENTILE = 95;
    private static final int OVERLAP_SENTENCES = 1;
    private static final String HEADER = "{title} > {headings}";
    private static final String TITLE = "{title}";

    private ChunkingPolicies() {}

    /** What holds where a corpus names no policy. */
    static Chunking builtIn() {
        return new Chunking.ByHeadings(MAX_TOKENS, MAX_TOKENS / TOKENS_PER_OVERLAP, HEADER);
    }

    /** The strict form of a policy; throws {@link InvalidSpec}. */
    static Chunking parse(ChunkingPolicy policy) {
        var spec = policy.getSpec();
        var strategies = spec == null
                ? List.<ChunkingPolicySpec.Strategy>of()
                : Stream.<ChunkingPolicySpec.Strategy>of(
                                spec.headings(),
                                spec.sentences(),
                                spec.tokens(),
                                spec.recursive(),
                                spec.code(),
                                spec.hierarchical(),
                                spec.semantic(),
                                spec.whole())
                        .filter(Objects::nonNull)
                        .toList();
        if (strategies.size() != 1) {
            throw new InvalidSpec(
                    "spec: set exactly one of headings, sentences, tokens, recursive, code, hierarchical, semantic and whole");
        }
        return checked(strategy(strategies.getFirst()));
    }

    private static Chunking strategy(ChunkingPolicySpec.Strategy declared) {
        return switch (declared) {
            case ChunkingPolicySpec.Headings headings ->
                new Chunking.ByHeadings(
                        maxTokens(headings.maxTokens(), headings.overlapTokens()),
                        overlapTokens(headings.maxTokens(), headings.overlapTokens()),
                        Defaults.or(headings.contextHeader(), HEADER));
            case ChunkingPolicySpec.Sentences sentences ->
                new Chunking.BySentences(
                        Defaults.or(sentences.maxTokens(), MAX_TOKENS),
                        Defaults.or(sentences.overlapSentences(), OVERLAP_SENTENCES),
                        Defaults.or(sentences.contextHeader(), TITLE));
            case ChunkingPolicySpec.Tokens tokens ->
                new Chunking.ByTokens(
                        maxTokens(tokens.maxTokens(), tokens.overlapTokens()),
                        overlapTokens(tokens.maxTokens(), tokens.overlapTokens()),
                        Defaults.or(tokens.contextHeader(), TITLE));
            case ChunkingPolicySpec.Recursive recursive ->
                new Chunking.Recursive(
                        Defaults.or(recursive.maxTokens(), MAX_TOKENS), Defaults.or(recursive.contextHeader(), TITLE));
            case ChunkingPolicySpec.Code code ->
                new Chunking.ByCode(
                        Defaults.or(code.maxTokens(), MAX_TOKENS), Defaults.or(code.contextHeader(), HEADER));
            case ChunkingPolicySpec.Hierarchical hierarchical -> hierarchical(hierarchical);
            case ChunkingPolicySpec.Semantic semantic -> semantic(semantic);
            case ChunkingPolicySpec.Whole whole -> new Chunking.Whole(Defaults.or(whole.contextHeader(), TITLE));
        };
    }

    private static Chunking hierarchical(ChunkingPolicySpec.Hierarchical declared) {
        var parent = declared.parentTokens();
        var child = Defaults.or(declared.childTokens(), parent == null ? CHILD_TOKENS : Math.min(CHILD_TOKENS, parent));
        return new Chunking.Hierarchical(
                Defaults.or(parent, Math.max(PARENT_TOKENS, PARENT_TOKENS / CHILD_TOKENS * child)),
                child,
                Defaults.or(declared.contextHeader(), HEADER));
    }

    private static Chunking semantic(ChunkingPolicySpec.Semantic declared) {
        var most = Defaults.or(declared.maxTokens(), MAX_TOKENS);
        var least = Defaults.or(declared.minTokens(), most / TOKENS_PER_MINIMUM);
        if (2 * least > most) {
            throw new InvalidSpec("minTokens (" + least + ") has to be at most half of maxTokens (" + most + ")");
        }
        return new Chunking.Semantic(
                most,
                least,
                Defaults.or(declared.breakpointPercentile(), BREAKPOINT_PERCENTILE),
                Defaults.or(declared.contextHeader(), TITLE));
    }

    private static int maxTokens(@Nullable Integer declared, @Nullable Integer overlap) {
        return Defaults.or(declared, overlap == null ? MAX_TOKENS : Math.max(MAX_TOKENS, 2 * overlap));
    }

    private static int overlapTokens(@Nullable Integer maxTokens, @Nullable Integer declared) {
        return Defaults.or(declared, maxTokens(maxTokens, declared) / TOKENS_PER_OVERLAP);
    }

    private static Chunking checked(Chunking chunking) {
        if (chunking instanceof Chunking.Hierarchical(var parentTokens, var childTokens, var header)
                && childTokens > parentTokens) {
            throw new InvalidSpec(
                    "childTokens (" + childTokens + ") has to be at most parentTokens (" + parentTokens + ")");
        }
        var overlap = switch (chunking) {
            case Chunking.ByHeadings headings -> headings.overlapTokens();
            case Chunking.ByTokens tokens -> tokens.overlapTokens();
            case Chunking.BySentences sentences -> 0;
            case Chunking.Recursive recursive -> 0;
            case Chunking.ByCode byCode -> 0;
            case Chunking.Hierarchical hierarchical -> 0;
            case Chunking.Semantic semantic -> 0;
            case Chunking.Whole whole -> 0;
        };
        if (overlap >= chunking.maxTokens()) {
            throw new InvalidSpec(
                    "overlapTokens (" + overlap + ") has to be smaller than maxTokens (" + chunking.maxTokens() + ")");
        }
        return chunking;
    }
}
