package dev.concordance.server;

import dev.concordance.embedding.remote.Purse;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Pays for what searches ask of remote models, and counts it: a budget is the ingestion's, and a search is never refused for money. */
final class MeteredPurse implements Purse {
    private final Counter requests;
    private final Counter tokens;

    MeteredPurse(MeterRegistry meters) {
        requests = Counter.builder("concordance.embedding.requests")
                .description("Requests to remote models for the vectors of queries")
                .register(meters);
        tokens = Counter.builder("concordance.embedding.tokens")
                .description("Tokens of these requests")
                .register(meters);
    }

    @Override
    public Payment pay(long tokensAtMost) {
        return spent -> {
            requests.increment();
            tokens.increment(spent);
        };
    }
}
