package dev.concordance.testing;

import dev.concordance.localcluster.servers.EmbeddingEndpoint;
import dev.concordance.manifest.BundledModel;
import dev.concordance.manifest.EmbeddingCache;
import dev.concordance.manifest.RemoteAccess;
import dev.concordance.manifest.RemoteAccess.Limits;
import dev.concordance.manifest.RemoteAccess.Price;
import dev.concordance.manifest.RemoteAccess.Protocol;
import dev.concordance.manifest.RemoteModel;
import org.jspecify.annotations.Nullable;

/** Manifests of the model that an {@link EmbeddingEndpoint} is. */
public final class RemoteModels {
    public static final Limits LIMITS = new Limits(8, 4_000, 2, 0, 0, 5_000, 400);

    private RemoteModels() {}

    /** It, asked as OpenAI. */
    public static RemoteModel openAi(EmbeddingEndpoint endpoint) {
        return at(endpoint.openAi(), Protocol.OpenAI);
    }

    /** It, asked as TEI. */
    public static RemoteModel tei(EmbeddingEndpoint endpoint) {
        return at(endpoint.root(), Protocol.TEI);
    }

    private static RemoteModel at(String url, Protocol protocol) {
        return new RemoteModel(
                "small-model",
                "",
                BundledModel.ALL_MINILM_L6_V2_Q.manifest().tokenizer(),
                EmbeddingEndpoint.DIMENSIONS,
                512,
                true,
                "",
                "",
                new EmbeddingCache(3, 1_000_000),
                new RemoteAccess("small", protocol, url, null, null, LIMITS, null));
    }

    public static RemoteModel limited(RemoteModel model, Limits limits) {
        var access = model.access();
        return model.with(new RemoteAccess(
                access.account(),
                access.protocol(),
                access.url(),
                access.credentialsMount(),
                access.caCertificates(),
                limits,
                access.price()));
    }

    public static RemoteModel withKey(RemoteModel model, String mount) {
        var access = model.access();
        return model.with(new RemoteAccess(
                access.account(),
                access.protocol(),
                access.url(),
                mount,
                access.caCertificates(),
                access.limits(),
                access.price()));
    }

    public static RemoteModel priced(RemoteModel model, String perMillion, @Nullable String budget) {
        var access = model.access();
        return model.with(new RemoteAccess(
                access.account(),
                access.protocol(),
                access.url(),
                access.credentialsMount(),
                access.caCertificates(),
                access.limits(),
                new Price(perMillion, "EUR", budget)));
    }
}
