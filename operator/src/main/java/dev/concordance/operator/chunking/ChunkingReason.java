package dev.concordance.operator.chunking;

import dev.concordance.operator.kube.Reason;

/** Why a ChunkingPolicy's conditions are as they are. */
enum ChunkingReason implements Reason {
    Usable("chunks have at most %d tokens"),
    InvalidSpec("%s"),
    Settled("nothing is left to do");

    private final String template;

    ChunkingReason(String template) {
        this.template = template;
    }

    @Override
    public String template() {
        return template;
    }
}
