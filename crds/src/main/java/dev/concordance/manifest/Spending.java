package dev.concordance.manifest;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the corpora of a namespace have spent on a model in a calendar month of UTC: a document of the index {@link
 * IndexNames#spending}. What a request may cost at most is added before it is sent, and corrected when it is answered: so
 * this is never less than what was spent, and more by no more than the requests that are under way, or were when their
 * worker died.
 *
 * @param account name of the EmbeddingModel
 * @param corpora by their names
 */
public record Spending(String month, String account, Amount total, Map<String, Amount> corpora) {
    public Spending {
        corpora = Map.copyOf(corpora);
    }

    /**
     * Requests, their tokens and their price.
     *
     * @param money in decimal notation
     * @param currency null: nothing was counted in money
     */
    public record Amount(
            long requests,
            long tokens,
            String money,
            @Nullable String currency) {
        /** Nothing spent. */
        public static final Amount NONE = new Amount(0, 0, "0", null);

        /** This and what another worker of the same run has spent on the same model. */
        public Amount plus(Amount other) {
            return new Amount(
                    requests + other.requests,
                    tokens + other.tokens,
                    new BigDecimal(money)
                            .add(new BigDecimal(other.money))
                            .stripTrailingZeros()
                            .toPlainString(),
                    currency == null ? other.currency : currency);
        }

        /** This and more, or less. */
        public Amount plus(long moreRequests, long moreTokens, RemoteAccess.@Nullable Price price) {
            return new Amount(
                    requests + moreRequests,
                    tokens + moreTokens,
                    price == null
                            ? money
                            : new BigDecimal(money)
                                    .add(price.of(moreTokens))
                                    .stripTrailingZeros()
                                    .toPlainString(),
                    price == null ? currency : price.currency());
        }
    }

    /** Nothing spent yet. */
    public static Spending none(String month, String account) {
        return new Spending(month, account, Amount.NONE, Map.of());
    }

    /** Id of the document. */
    public static String id(String month, String account) {
        return month + "." + account;
    }

    /** The month of an instant, such as {@code 2026-11}. */
    public static String month(Instant at) {
        return YearMonth.from(at.atOffset(ZoneOffset.UTC)).toString();
    }

    /** What a corpus has spent. */
    public Amount of(String corpus) {
        return corpora.getOrDefault(corpus, Amount.NONE);
    }

    /** This, after a corpus has spent more, or less than was thought. */
    public Spending plus(String corpus, long requests, long tokens, RemoteAccess.@Nullable Price price) {
        var shares = new HashMap<>(corpora);
        shares.put(corpus, of(corpus).plus(requests, tokens, price));
        return new Spending(month, account, total.plus(requests, tokens, price), shares);
    }
}
