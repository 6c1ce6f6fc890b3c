package dev.concordance.search;

import org.jspecify.annotations.Nullable;

/** A search that is answered with an error. */
public final class SearchException extends RuntimeException {
    private static final long serialVersionUID = 1;
    /** Names in a request come back in the error, which is no place for 60 kB. */
    private static final int LONGEST_FIELD = 200;

    /** What kind of error. */
    public enum Kind {
        /** The request is wrong: {@link #field} says where. */
        INVALID,
        /** Elasticsearch or the model can't answer now. */
        UNAVAILABLE,
        /** Not answered within the deadline. */
        TIMED_OUT
    }

    private final Kind kind;
    private final @Nullable String field;

    SearchException(Kind kind, String message) {
        this(kind, message, null);
    }

    private SearchException(Kind kind, String message, @Nullable String field) {
        super(message);
        this.kind = kind;
        this.field = field;
    }

    static SearchException invalid(String field, String message) {
        var named = field.length() <= LONGEST_FIELD ? field : field.substring(0, LONGEST_FIELD) + "…";
        return new SearchException(Kind.INVALID, named + ": " + message, named);
    }

    /** What kind of error. */
    public Kind kind() {
        return kind;
    }

    /** Path of the wrong field in the request; null if the error is not in a field. */
    public @Nullable String field() {
        return field;
    }
}
