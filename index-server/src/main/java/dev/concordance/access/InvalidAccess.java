package dev.concordance.access;

/** Something that says who may see what, and can't be understood; the message says what to write instead. */
public final class InvalidAccess extends Exception {
    private static final long serialVersionUID = 1;

    InvalidAccess(String message) {
        super(message, null, false, false);
    }

    /** The message, which is never missing. */
    public String explanation() {
        return String.valueOf(getMessage());
    }
}
