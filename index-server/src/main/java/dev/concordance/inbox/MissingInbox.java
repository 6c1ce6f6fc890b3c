package dev.concordance.inbox;

/** There is no inbox, since the corpus was deleted or isn't made yet. */
public final class MissingInbox extends RuntimeException {
    private static final long serialVersionUID = 1;

    MissingInbox(String index) {
        super("the index %s does not exist: the operator makes it for a Corpus with a source of the kind push"
                .formatted(index));
    }
}
