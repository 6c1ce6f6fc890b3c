package dev.concordance.inbox;

/** Elasticsearch takes no more at the moment. */
public final class Busy extends RuntimeException {
    private static final long serialVersionUID = 1;

    Busy(String why) {
        super(why);
    }
}
