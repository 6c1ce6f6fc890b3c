package dev.concordance.operator.chunking;

import dev.concordance.api.v1alpha1.ChunkingPolicy;
import dev.concordance.api.v1alpha1.ChunkingPolicySpec;
import dev.concordance.manifest.Chunking;
import dev.concordance.operator.kube.Defaults;
import dev.concordance.operator.kube.InvalidSpec;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Parses ChunkingPolicies. */
public final class ChunkingPolicies {
    private static final int MAX_TOKENS = 256;
    private static final int OVERLAP_TOKENS = 32;
    private static final int OVERLAP_SENTENCES = 1;
    private static final String HEADER = "{title} > {headings}";
    private static final String TITLE = "{title}";

    private ChunkingPolicies() {}

    /** What holds where a corpus names no policy. */
    public static Chunking builtIn() {
        return new Chunking.ByHeadings(MAX_TOKENS, OVERLAP_TOKENS, HEADER);
    }

    /** The strict form of a policy; throws {@link InvalidSpec}. */
    public static Chunking parse(ChunkingPolicy policy) {
        var spec = policy.getSpec();
        var strategies = spec == null
                ? 0
                : Stream.of(spec.headings(), spec.sentences(), spec.tokens())
                        .filter(Objects::nonNull)
                        .count();
        if (spec == null || strategies != 1) {
            throw new InvalidSpec("spec: set exactly one of headings, sentences and tokens");
        }
        return checked(strategy(spec));
    }

    private static Chunking strategy(ChunkingPolicySpec spec) {
        var headings = spec.headings();
        if (headings != null) {
            return new Chunking.ByHeadings(
                    Defaults.or(headings.maxTokens(), MAX_TOKENS),
                    Defaults.or(headings.overlapTokens(), OVERLAP_TOKENS),
                    Defaults.or(headings.contextHeader(), HEADER));
        }
        var sentences = spec.sentences();
        if (sentences != null) {
            return new Chunking.BySentences(
                    Defaults.or(sentences.maxTokens(), MAX_TOKENS),
                    Defaults.or(sentences.overlapSentences(), OVERLAP_SENTENCES),
                    Defaults.or(sentences.contextHeader(), TITLE));
        }
        return tokens(Objects.requireNonNull(spec.tokens()));
    }

    private static Chunking tokens(ChunkingPolicySpec.@Nullable Tokens tokens) {
        var declared = Objects.requireNonNull(tokens);
        return new Chunking.ByTokens(
                Defaults.or(declared.maxTokens(), MAX_TOKENS),
                Defaults.or(declared.overlapTokens(), OVERLAP_TOKENS),
                Defaults.or(declared.contextHeader(), TITLE));
    }

    private static Chunking checked(Chunking chunking) {
        var overlap = switch (chunking) {
            case Chunking.ByHeadings headings -> headings.overlapTokens();
            case Chunking.ByTokens tokens -> tokens.overlapTokens();
            case Chunking.BySentences sentences -> 0;
        };
        if (overlap >= chunking.maxTokens()) {
            throw new InvalidSpec(
                    "overlapTokens (" + overlap + ") has to be smaller than maxTokens (" + chunking.maxTokens() + ")");
        }
        return chunking;
    }
}
