package dev.concordance.operator.chunking;

import dev.concordance.api.v1alpha1.ChunkingPolicy;
import dev.concordance.manifest.Chunking;
import dev.concordance.manifest.Privacy;

/** A ChunkingPolicy in its strict form. */
public record DeclaredPolicy(Chunking chunking, Privacy privacy) {
    /** What holds where a corpus names no policy. */
    public static DeclaredPolicy builtIn() {
        return new DeclaredPolicy(ChunkingPolicies.builtIn(), Privacy.NONE);
    }

    /** The strict form; throws {@link dev.concordance.operator.kube.InvalidSpec}. */
    public static DeclaredPolicy parse(ChunkingPolicy policy) {
        var chunking = ChunkingPolicies.parse(policy);
        return new DeclaredPolicy(chunking, PrivacyParser.parse(policy.getSpec().privacy()));
    }
}
