package dev.concordance.manifest;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * How a remote model is asked, and what it costs.
 *
 * @param account under which it is accounted what it costs: name of the EmbeddingModel
 * @param url to which the protocol's path is appended, without a slash at the end
 * @param credentialsMount mount with {@code apiKey} as a file; null: requests have no credentials
 * @param caCertificates PEM certificates to trust for https; null: the platform's
 * @param price null: nothing that would be counted in money
 */
public record RemoteAccess(
        String account,
        Protocol protocol,
        String url,
        @Nullable String credentialsMount,
        @Nullable String caCertificates,
        Limits limits,
        @Nullable Price price) {

    /** What is spoken. */
    public enum Protocol {
        /** {@code POST <url>/embeddings}, as OpenAI has it. */
        OpenAI,
        /** {@code POST <url>/embed}, as Text Embeddings Inference has it. */
        TEI
    }

    /**
     * What one request and one minute may hold.
     *
     * @param requestsPerMinute 0: no limit
     * @param tokensPerMinute 0: no limit
     * @param requestTimeoutMillis for a request of ingestion
     * @param queryTimeoutMillis for the request that a search waits for
     */
    public record Limits(
            int inputsPerRequest,
            int tokensPerRequest,
            int concurrentRequests,
            int requestsPerMinute,
            int tokensPerMinute,
            long requestTimeoutMillis,
            long queryTimeoutMillis) {
        /** What each of so many workers may ask that work side by side. */
        public Limits dividedBy(int workers) {
            return new Limits(
                    inputsPerRequest,
                    tokensPerRequest,
                    (int) Share.of(concurrentRequests, workers),
                    (int) Share.of(requestsPerMinute, workers),
                    (int) Share.of(tokensPerMinute, workers),
                    requestTimeoutMillis,
                    queryTimeoutMillis);
        }

        int mostWorkers() {
            return Share.most(concurrentRequests, requestsPerMinute, tokensPerMinute);
        }
    }

    /**
     * Money, in decimal notation.
     *
     * @param monthlyBudget that all corpora together spend at most in a calendar month of UTC; null: no limit
     */
    public record Price(
            String perMillionTokens,
            String currency,
            @Nullable String monthlyBudget) {
        private static final int MILLION = 6;

        /** What so many tokens cost, exactly. */
        public BigDecimal of(long tokens) {
            return new BigDecimal(perMillionTokens)
                    .multiply(BigDecimal.valueOf(tokens))
                    .movePointLeft(MILLION);
        }
    }

    /** The same for one of so many workers side by side. */
    public RemoteAccess dividedBy(int workers) {
        return new RemoteAccess(
                account, protocol, url, credentialsMount, caCertificates, limits.dividedBy(workers), price);
    }

    /** The same, with these certificates. */
    public RemoteAccess trusting(@Nullable String certificates) {
        return new RemoteAccess(account, protocol, url, credentialsMount, certificates, limits, price);
    }
}
