package dev.concordance.inbox;

import org.jspecify.annotations.Nullable;

/** What came of a change. */
public sealed interface Outcome {
    /**
     * It was made, now or when the same request came first.
     *
     * @param created whether there was no such document before
     */
    record Done(Version version, boolean created) implements Outcome {}

    /**
     * Its condition doesn't hold.
     *
     * @param now the document's version; null: it isn't there
     */
    record ConditionFailed(@Nullable Version now) implements Outcome {}

    /** There is nothing to delete. */
    record Missing() implements Outcome {}

    /** Another request had its key. */
    record KeyReused() implements Outcome {}

    /** It was not made, since others have changed the document all the time. */
    record Contended() implements Outcome {}

    /** Elasticsearch doesn't take it. */
    record Refused(String why) implements Outcome {}
}
