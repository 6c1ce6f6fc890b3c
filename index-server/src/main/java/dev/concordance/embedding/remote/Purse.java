package dev.concordance.embedding.remote;

/** Pays for requests, so that whatever is spent is known before it is spent. Safe for many threads. */
public interface Purse {
    /** Pays for all, and counts nothing. */
    Purse FREE = tokensAtMost -> tokens -> {};

    /**
     * Takes what a request may cost at most.
     *
     * @param tokensAtMost never fewer than the request can have
     * @throws dev.concordance.embedding.ModelException with the reason BudgetExhausted, if that is not left
     */
    Payment pay(long tokensAtMost);

    /** What was taken for one request. */
    interface Payment {
        /** Gives back what was too much; called once, when the request has ended, however it did. */
        void settle(long tokens);
    }
}
