package dev.concordance.access;

/** Something that says who may see what, and can't be understood; the message says what to write instead. */
public final class InvalidAccess extends Exception {
    private static final long serialVersionUID = 1;

    private final String unquoted;

    InvalidAccess(String message) {
        this(message, message);
    }

    /** @param unquoted the same without what was said */
    InvalidAccess(String message, String unquoted) {
        super(message, null, false, false);
        this.unquoted = unquoted;
    }

    /** The message, which is never missing. */
    public String explanation() {
        return String.valueOf(getMessage());
    }

    /** The same without what was said, which may be somebody's data. */
    String unquoted() {
        return unquoted;
    }
}
