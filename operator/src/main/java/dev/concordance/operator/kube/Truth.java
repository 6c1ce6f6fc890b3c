package dev.concordance.operator.kube;

/** The status of a condition. */
public enum Truth {
    TRUE("True"),
    FALSE("False"),
    UNKNOWN("Unknown");

    private final String status;

    Truth(String status) {
        this.status = status;
    }

    /** As the API writes it. */
    public String status() {
        return status;
    }

    /** True or false. */
    public static Truth of(boolean value) {
        return value ? TRUE : FALSE;
    }
}
