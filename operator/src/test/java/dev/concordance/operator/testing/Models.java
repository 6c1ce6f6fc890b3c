package dev.concordance.operator.testing;

import dev.concordance.manifest.BundledModel;
import dev.concordance.manifest.EmbeddingCache;
import dev.concordance.manifest.RemoteAccess;
import dev.concordance.manifest.RemoteAccess.Protocol;
import dev.concordance.manifest.RemoteModel;

/** Manifests of remote models. */
public final class Models {
    private Models() {}

    /** One at an endpoint, with a price and a budget. */
    public static RemoteModel at(String url) {
        return new RemoteModel(
                "text-embedding-3-small",
                "",
                BundledModel.BGE_SMALL_EN_V1_5_Q.manifest().tokenizer(),
                1_536,
                512,
                true,
                "",
                "",
                new EmbeddingCache(3, 1_000_000),
                new RemoteAccess(
                        "hosted",
                        Protocol.OpenAI,
                        url,
                        "embedding-openai",
                        null,
                        new RemoteAccess.Limits(32, 8_192, 4, 0, 0, 30_000, 1_000),
                        new RemoteAccess.Price("0.02", "USD", "25")));
    }
}
