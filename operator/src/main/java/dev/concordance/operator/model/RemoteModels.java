package dev.concordance.operator.model;

import dev.concordance.api.v1alpha1.EmbeddingModelSpec;
import dev.concordance.api.v1alpha1.RemoteModel;
import dev.concordance.manifest.BundledModel;
import dev.concordance.manifest.EmbeddingCache;
import dev.concordance.manifest.ModelFile;
import dev.concordance.manifest.RemoteAccess;
import dev.concordance.operator.kube.Defaults;
import dev.concordance.operator.kube.InvalidSpec;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Parses models that answer requests. */
final class RemoteModels {
    private static final int INPUTS = 32;
    private static final int TOKENS = 8_192;
    private static final int CONCURRENT = 4;
    private static final String REQUEST_TIMEOUT = "30s";
    private static final String QUERY_TIMEOUT = "1s";
    private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(10);
    private static final String CURRENCY = "USD";
    private static final Pattern AMOUNT = Pattern.compile("[0-9]{1,9}([.][0-9]{1,9})?");
    private static final RemoteModel.Limits NO_LIMITS =
            new RemoteModel.Limits(null, null, null, null, null, null, null);

    private RemoteModels() {}

    /** @param name of the EmbeddingModel, under which is accounted what it costs */
    static dev.concordance.manifest.RemoteModel parse(String name, RemoteModel remote, @Nullable EmbeddingCache cache) {
        var prefixes = Defaults.or(remote.prefixes(), new EmbeddingModelSpec.Prefixes(null, null));
        return new dev.concordance.manifest.RemoteModel(
                Defaults.required(remote.model(), "spec.remote.model"),
                Defaults.or(remote.revision(), ""),
                tokenizer(Defaults.required(remote.tokenizer(), "spec.remote.tokenizer")),
                Defaults.required(remote.dimensions(), "spec.remote.dimensions"),
                Defaults.or(remote.maxTokens(), EmbeddingModels.MAX_TOKENS),
                Defaults.or(remote.normalize(), true),
                Defaults.or(prefixes.query(), ""),
                Defaults.or(prefixes.passage(), ""),
                cache,
                access(name, remote));
    }

    private static RemoteAccess access(String name, RemoteModel remote) {
        var secret = remote.credentialsSecretRef();
        return new RemoteAccess(
                name,
                Defaults.constant(
                        RemoteAccess.Protocol.class,
                        Defaults.required(remote.protocol(), "spec.remote.protocol"),
                        "spec.remote.protocol"),
                Defaults.required(remote.url(), "spec.remote.url").replaceFirst("/+$", ""),
                secret == null || secret.name() == null ? null : DeclaredModel.secretMount(secret.name()),
                null,
                limits(Defaults.or(remote.limits(), NO_LIMITS)),
                price(remote.price(), remote.budget()));
    }

    private static RemoteAccess.Limits limits(RemoteModel.Limits limits) {
        return new RemoteAccess.Limits(
                Defaults.or(limits.inputsPerRequest(), INPUTS),
                Defaults.or(limits.tokensPerRequest(), TOKENS),
                Defaults.or(limits.concurrentRequests(), CONCURRENT),
                Defaults.or(limits.requestsPerMinute(), 0),
                Defaults.or(limits.tokensPerMinute(), 0),
                millis(limits.requestTimeout(), REQUEST_TIMEOUT, "spec.remote.limits.requestTimeout"),
                millis(limits.queryTimeout(), QUERY_TIMEOUT, "spec.remote.limits.queryTimeout"));
    }

    private static long millis(@Nullable String declared, String otherwise, String field) {
        var timeout = Defaults.duration(declared, otherwise, field);
        if (timeout.compareTo(LONGEST_TIMEOUT) > 0) {
            throw new InvalidSpec(field + " is longer than 10m; no request is worth that wait");
        }
        return timeout.toMillis();
    }

    private static RemoteAccess.@Nullable Price price(
            RemoteModel.@Nullable Price price, RemoteModel.@Nullable Budget budget) {
        if (price == null) {
            if (budget != null) {
                throw new InvalidSpec(
                        "spec.remote.budget: declare price too, without which nobody knows when it is spent");
            }
            return null;
        }
        return new RemoteAccess.Price(
                amount(price.perMillionTokens(), "spec.remote.price.perMillionTokens"),
                Defaults.or(price.currency(), CURRENCY),
                budget == null ? null : amount(budget.perMonth(), "spec.remote.budget.perMonth"));
    }

    private static String amount(@Nullable String declared, String field) {
        var amount = Defaults.required(declared, field);
        if (!AMOUNT.matcher(amount).matches()) {
            throw new InvalidSpec(field + ": \"" + amount + "\" is no amount; write one such as \"0.02\"");
        }
        return amount;
    }

    private static ModelFile tokenizer(RemoteModel.Tokenizer declared) {
        var bundled = declared.bundled();
        if (bundled == null) {
            var file = new EmbeddingModelSpec.ModelFile(declared.volume(), declared.url(), declared.sha256());
            return EmbeddingModels.file(file, "spec.remote.tokenizer");
        }
        if (declared.volume() != null || declared.url() != null || declared.sha256() != null) {
            throw new InvalidSpec("spec.remote.tokenizer: set exactly one of bundled, volume and url");
        }
        return BundledModel.named(bundled)
                .orElseThrow(() -> new InvalidSpec("spec.remote.tokenizer.bundled: \"" + bundled + "\" is not bundled"))
                .manifest()
                .tokenizer();
    }
}
